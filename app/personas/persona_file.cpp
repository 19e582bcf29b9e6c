#include "app/personas/persona_file.h"

#include "app/files/whole_file.h"
#include "app/personas/bounded_object.h"
#include "app/personas/character_card.h"
#include "app/personas/persona_text.h"

#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>

namespace lares::app {
namespace {

struct PersonaFileReason {
    Q_DECLARE_TR_FUNCTIONS(Personas)
};

Error refused(const QString& why) {
    return {ErrorCode::Corrupt, why.toStdString()};
}

/// The text under a key; an error where it is missing or too long.
Result<QString> textOf(const QJsonObject& object, const char* key, int maxLength) {
    const QJsonValue value = object.value(QLatin1String(key));
    if (!value.isString())
        return refused(PersonaFileReason::tr("“%1” is missing").arg(QLatin1String(key)));
    if (value.toString().size() > maxLength)
        return refused(PersonaFileReason::tr("“%1” is too long").arg(QLatin1String(key)));
    return value.toString();
}

QStringList keysBut(const QJsonObject& object, const QStringList& known) {
    QStringList keys = object.keys();
    keys.removeIf([&](const QString& key) { return known.contains(key); });
    return keys;
}

/// What parsePersona and the rest leave alone.
QStringList leftOutOf(const QJsonObject& object, const Persona& persona) {
    static const QStringList kPersona = {"id", "name", "system", "greeting", "parameters", "lore"};
    static const QStringList kLore = {"entries", "budget", "isRecursive"};
    static const QStringList kEntry = {"name",  "words",    "alsoWords",       "text",
                                       "isOff", "isAlways", "isCaseSensitive", "priority"};
    const QJsonObject lore = object.value("lore").toObject();
    QStringList unknown = keysBut(object, kPersona) + keysBut(lore, kLore);
    for (const QJsonValue entry : lore.value("entries").toArray())
        unknown += keysBut(entry.toObject(), kEntry);
    unknown.removeDuplicates();
    QStringList leftOut = unknownFields(unknown);
    QStringList parameters = object.value("parameters").toObject().keys();
    parameters.removeIf([&](const QString& key) { return persona.parameters.contains(key); });
    if (!parameters.isEmpty()) {
        leftOut << PersonaFileReason::tr("parameters that Lares does not have (%1)")
                       .arg(shownNames(parameters));
    }
    if (object.value("greeting").toString().size() > kMaxGreeting)
        leftOut << PersonaFileReason::tr("the end of its greeting");
    return leftOut;
}

}  // namespace

Result<ImportedPersona> fromPersonaObject(const QJsonObject& object) {
    static const QRegularExpression kId("\\A[a-z0-9_-]{1,64}\\z");
    Persona persona;
    ASSIGN_OR_RETURN(persona.id, textOf(object, "id", kMaxPersonaId));
    if (!kId.match(persona.id).hasMatch())
        return refused(PersonaFileReason::tr("“id” may hold a–z, 0–9, - and _ only"));
    ASSIGN_OR_RETURN(persona.name, textOf(object, "name", kMaxPersonaName));
    ASSIGN_OR_RETURN(persona.system, textOf(object, "system", kMaxInstructions));
    persona.greeting = object.value("greeting").toString().left(kMaxGreeting);
    persona.parameters = object.value("parameters").toObject();
    ReadLore lore = loreFromJson(object.value("lore").toObject());
    persona.lore = std::move(lore.book);
    persona = tidied(std::move(persona));
    if (persona.name.isEmpty()) return refused(PersonaFileReason::tr("“name” is empty"));
    const QStringList leftOut = leftOutOf(object, persona) + lore.leftOut;
    return ImportedPersona{std::move(persona), leftOut};
}

Result<Persona> parsePersona(const QByteArray& json) {
    if (json.size() > kMaxPersonaFileSize)
        return refused(PersonaFileReason::tr("it is larger than 2 MB"));
    ASSIGN_OR_RETURN(const QJsonObject object, parseBoundedObject(json));
    ASSIGN_OR_RETURN(ImportedPersona read, fromPersonaObject(object));
    return std::move(read.persona);
}

QJsonObject toPersonaObject(const Persona& persona) {
    QJsonObject object{{"id", persona.id},
                       {"name", persona.name},
                       {"system", persona.system},
                       {"greeting", persona.greeting}};
    if (!persona.parameters.isEmpty()) object["parameters"] = persona.parameters;
    if (!persona.lore.isEmpty()) object["lore"] = toJson(persona.lore);
    return object;
}

Result<QByteArray> readWholeFile(const QString& path, qint64 most) {
    // A pipe or a device would never end, or never begin.
    if (QFileInfo::exists(path) && !QFileInfo(path).isFile())
        return refused(PersonaFileReason::tr("it is no file"));
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return Error{ErrorCode::Io, file.errorString().toStdString()};
    return file.read(most + 1);
}

Result<Persona> readPersonaFile(const QString& path) {
    ASSIGN_OR_RETURN(const QByteArray json, readWholeFile(path, kMaxPersonaFileSize));
    return parsePersona(json);
}

Result<void> writePersonaFile(const QString& path, const Persona& persona, PersonaFormat format) {
    const QByteArray bytes = format == PersonaFormat::CharacterCard
                                 ? toCharacterCard(persona)
                                 : QJsonDocument(toPersonaObject(persona)).toJson();
    return writeWholeFile(path, bytes);
}

}  // namespace lares::app
