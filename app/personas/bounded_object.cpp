#include "app/personas/bounded_object.h"

#include <QCoreApplication>
#include <QJsonDocument>

namespace lares::app {
namespace {

struct ObjectReason {
    Q_DECLARE_TR_FUNCTIONS(Personas)
};

Error noObject(const QString& why) {
    return {ErrorCode::Corrupt, why.toStdString()};
}

/// Looks at brackets and commas alone: whether the rest is JSON, the reader says.
Result<void> checkShape(const QByteArray& json, int mostValues) {
    int depth = 0;
    int values = 0;
    bool isInText = false;
    for (qsizetype i = 0; i < json.size(); ++i) {
        const char c = json[i];
        if (isInText) {
            if (c == '\\') ++i;
            isInText = c != '"';
            continue;
        }
        isInText = c == '"';
        if (c == '[' || c == '{') ++depth;
        if (c == ']' || c == '}') --depth;
        if (c == '[' || c == '{' || c == ',') ++values;
        if (depth > kMaxObjectDepth) return noObject(ObjectReason::tr("it is nested too deeply"));
        if (values > mostValues)
            return noObject(ObjectReason::tr("it holds more values than such a file may"));
    }
    return {};
}

}  // namespace

Result<QJsonObject> parseBoundedObject(const QByteArray& json, int mostValues) {
    RETURN_IF_ERROR(checkShape(json, mostValues));
    QJsonParseError parsed;
    const QJsonDocument document = QJsonDocument::fromJson(json, &parsed);
    if (document.isObject()) return document.object();
    return noObject(parsed.error == QJsonParseError::NoError
                        ? ObjectReason::tr("it is no JSON object")
                        : parsed.errorString());
}

}  // namespace lares::app
