#include "app/personas/imported_persona.h"

#include "app/transcript/visible_text.h"

#include <QCoreApplication>

namespace lares::app {

QString shortened(const QString& text, qsizetype most) {
    if (text.size() <= most) return text;
    const QString head = text.left(most - 1);
    qsizetype end = head.lastIndexOf('\n');
    if (end < most / 2) end = head.lastIndexOf(". ") + 1;
    if (end < most / 2) end = head.lastIndexOf(' ');
    if (end < most / 2) end = head.size();
    if (end > 0 && head[end - 1].isHighSurrogate()) --end;
    return head.left(end).trimmed() + QChar(0x2026);
}

QString shownNames(const QStringList& names) {
    constexpr qsizetype kMostNamed = 3;
    constexpr qsizetype kLongestShown = 24;
    QStringList shown;
    for (const QString& name : names.mid(0, kMostNamed))
        shown << QString("“%1”").arg(visibleText(shortened(name.simplified(), kLongestShown)));
    if (names.size() > kMostNamed) shown << QString(QChar(0x2026));
    return shown.join(", ");
}

QStringList unknownFields(const QStringList& names) {
    if (names.isEmpty()) return {};
    return {QCoreApplication::translate("Personas", "unknown fields (%1)").arg(shownNames(names))};
}

}  // namespace lares::app
