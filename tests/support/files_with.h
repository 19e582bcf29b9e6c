#pragma once

#include <QByteArray>
#include <QDirIterator>
#include <QFile>
#include <QString>
#include <QStringList>

namespace lares::test {

/// The files below a folder that hold a text, in UTF-8 or UTF-16, whatever they are; or are called
/// by it. Looks once more where one went, or got another name, meanwhile: a copy that is finished.
[[nodiscard]] inline QStringList filesWith(const QString& folder, const QString& text) {
    const QByteArray narrow = text.toUtf8();
    const QByteArray wide(reinterpret_cast<const char*>(text.utf16()),
                          text.size() * static_cast<qsizetype>(sizeof(char16_t)));
    constexpr int kMostLooks = 20;
    for (int look = 1;; ++look) {
        QStringList found;
        bool isSteady = true;
        QDirIterator files(folder, QDir::Files | QDir::Hidden | QDir::System,
                           QDirIterator::Subdirectories);
        while (files.hasNext()) {
            QFile file(files.next());
            if (!file.open(QIODevice::ReadOnly)) {
                isSteady = isSteady && file.exists();
                found << file.fileName() + " (cannot be read)";
                continue;
            }
            const QByteArray bytes = file.readAll();
            if (bytes.contains(narrow) || bytes.contains(wide) || file.fileName().contains(text))
                found << file.fileName();
        }
        if (isSteady || look == kMostLooks) return found;
    }
}

}  // namespace lares::test
