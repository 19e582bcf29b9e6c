#include "app/chat/folder_name.h"

#include <QCollator>
#include <QCoreApplication>
#include <QLocale>

namespace lares::app {

QString folderName(const QString& typed) {
    QString name = typed.simplified().left(kMaxFolderName);
    if (!name.isEmpty() && name.back().isHighSurrogate()) name.chop(1);  // half of a pair
    return name.trimmed();
}

QString freshFolderName(const QStringList& taken) {
    const QString name = QCoreApplication::translate("Folders", "New folder");
    if (!taken.contains(name)) return name;
    int number = 2;
    const auto numbered = [&] { return QStringLiteral("%1 %2").arg(name).arg(number); };
    while (taken.contains(numbered())) ++number;
    return numbered();
}

bool folderComesBefore(const QString& a, const QString& b) {
    static const QCollator collator = [] {
        // The plain locale of no country sorts by bytes.
        const QLocale usual;
        QCollator made(usual.language() == QLocale::C ? QLocale(QLocale::English) : usual);
        made.setCaseSensitivity(Qt::CaseInsensitive);
        made.setNumericMode(true);
        return made;
    }();
    const int order = collator.compare(a, b);
    return order != 0 ? order < 0 : a < b;
}

}  // namespace lares::app
