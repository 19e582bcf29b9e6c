#include "app/personas/persona_file.h"

#include "app/personas/persona_text.h"

#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QSaveFile>

namespace lares::app {
namespace {

constexpr int kMaxPersonaId = 64;

QString personaFileReason(const char* text) {
    return QCoreApplication::translate("Personas", text);
}

Error refused(const QString& why) {
    return {ErrorCode::Corrupt, why.toStdString()};
}

/// The text under a key; an error where it is missing or too long.
Result<QString> textOf(const QJsonObject& object, const char* key, int maxLength) {
    const QJsonValue value = object.value(QLatin1String(key));
    if (!value.isString())
        return refused(personaFileReason("“%1” is missing").arg(QLatin1String(key)));
    if (value.toString().size() > maxLength)
        return refused(personaFileReason("“%1” is too long").arg(QLatin1String(key)));
    return value.toString();
}

}  // namespace

Result<Persona> parsePersona(const QByteArray& json) {
    static const QRegularExpression kId("\\A[a-z0-9_-]{1,64}\\z");
    if (json.size() > kMaxPersonaFileSize)
        return refused(personaFileReason("it is larger than 64 kB"));
    QJsonParseError parsed;
    const QJsonDocument document = QJsonDocument::fromJson(json, &parsed);
    if (!document.isObject()) {
        return refused(parsed.error == QJsonParseError::NoError
                           ? personaFileReason("it is no JSON object")
                           : parsed.errorString());
    }
    const QJsonObject object = document.object();
    Persona persona;
    ASSIGN_OR_RETURN(persona.id, textOf(object, "id", kMaxPersonaId));
    if (!kId.match(persona.id).hasMatch())
        return refused(personaFileReason("“id” may hold a–z, 0–9, - and _ only"));
    ASSIGN_OR_RETURN(persona.name, textOf(object, "name", kMaxPersonaName));
    ASSIGN_OR_RETURN(persona.system, textOf(object, "system", kMaxInstructions));
    persona.greeting = object.value("greeting").toString().left(kMaxGreeting);
    persona = tidied(std::move(persona));
    if (persona.name.isEmpty()) return refused(personaFileReason("“name” is empty"));
    return persona;
}

Result<Persona> readPersonaFile(const QString& path) {
    // A pipe or a device would never end, or never begin.
    if (QFileInfo::exists(path) && !QFileInfo(path).isFile())
        return refused(personaFileReason("it is no file"));
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return Error{ErrorCode::Io, file.errorString().toStdString()};
    return parsePersona(file.read(kMaxPersonaFileSize + 1));
}

Result<void> writePersonaFile(const QString& path, const Persona& persona) {
    const QJsonObject object{{"id", persona.id},
                             {"name", persona.name},
                             {"system", persona.system},
                             {"greeting", persona.greeting}};
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(QJsonDocument(object).toJson()) < 0 ||
        !file.commit())
        return Error{ErrorCode::Io, file.errorString().toStdString()};
    return {};
}

}  // namespace lares::app
