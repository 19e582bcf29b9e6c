#include "app/export/json_fields.h"

namespace lares::app {

Error notWhole(const QString& reason) {
    return {ErrorCode::Corrupt, reason.toStdString()};
}

void put(QJsonObject& object, const char* key, const QString& text) {
    if (!text.isEmpty()) object[QLatin1String(key)] = text;
}

void put(QJsonObject& object, const char* key, const QJsonObject& inside) {
    if (!inside.isEmpty()) object[QLatin1String(key)] = inside;
}

QString timeText(const QDateTime& time) {
    return time.isValid() ? time.toUTC().toString(Qt::ISODateWithMs) : QString();
}

Result<QString> textIn(const QJsonObject& object, const char* key) {
    const QJsonValue value = object.value(QLatin1String(key));
    if (value.isUndefined() || value.isString()) return value.toString();
    return notWhole(ImportReason::tr("“%1” is no text").arg(QLatin1String(key)));
}

Result<QString> shortTextIn(const QJsonObject& object, const char* key, int most) {
    ASSIGN_OR_RETURN(const QString text, textIn(object, key));
    if (text.size() <= most) return text;
    return notWhole(ImportReason::tr("“%1” is too long").arg(QLatin1String(key)));
}

Result<QDateTime> timeIn(const QJsonObject& object, const char* key) {
    ASSIGN_OR_RETURN(const QString text, shortTextIn(object, key, 40));
    if (text.isEmpty()) return QDateTime();
    const QDateTime time = QDateTime::fromString(text, Qt::ISODateWithMs).toLocalTime();
    if (time.isValid() && time.date().year() >= 1 && time.date().year() <= 9999) return time;
    return notWhole(ImportReason::tr("“%1” is no time").arg(QLatin1String(key)));
}

}  // namespace lares::app
