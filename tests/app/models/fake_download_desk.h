#pragma once

#include "app/models/model_download.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>

namespace lares::test {

/// A folder with a catalogue of one file of 100 MB, and a program that says what it is told to.
class FakeDownload {
public:
    static constexpr qint64 kSize = 100'000'000;

    FakeDownload() {
        const QJsonObject model{{"id", "one"},
                                {"name", "Model One"},
                                {"file", "one.gguf"},
                                {"url", "https://models.example.org/one.gguf"},
                                {"size", kSize},
                                {"sha256", QString(64, 'a')},
                                {"hosts", QJsonArray{"models.example.org"}},
                                {"page", "https://models.example.org/one"},
                                {"licence", "Licence One"}};
        write("catalogue.json", QJsonDocument(QJsonObject{{"models", QJsonArray{model}}}).toJson());
    }

    [[nodiscard]] app::DownloadOptions options() const {
        app::DownloadOptions options;
        options.program = FAKE_DOWNLOAD;
        options.arguments = QStringList{m_folder.filePath("catalogue.json")};
        options.folder = m_folder.filePath("models");
        options.entry = app::readCatalogue(m_folder.filePath("catalogue.json"))->front();
        return options;
    }
    /// What the program does when it is started next: see fake_download.cpp.
    void order(const QByteArray& orders) const { write("orders", orders); }

private:
    void write(const QString& name, const QByteArray& bytes) const {
        QFile file(m_folder.filePath(name));
        if (file.open(QIODevice::WriteOnly)) file.write(bytes);
    }

    QTemporaryDir m_folder;
};

}  // namespace lares::test
