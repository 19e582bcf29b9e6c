#include "app/personas/built_in_personas.h"

#include "engine/base/result.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>

#include <algorithm>
#include <tuple>

namespace lares::app {
namespace {

constexpr const char* kDefaultId = "lares";
constexpr int kMaxFiles = 100;
constexpr qint64 kMaxFileSize = 64 << 10;
constexpr int kMaxNameLength = 80;
constexpr int kMaxGreetingLength = 1000;

QString personaSentence(const char* text) {
    return QCoreApplication::translate("Personas", text);
}

Error refused(const QString& why) {
    return {ErrorCode::Corrupt, why.toStdString()};
}

Result<QByteArray> readBounded(const QString& path) {
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) return refused(file.errorString());
    QByteArray bytes = file.read(kMaxFileSize + 1);
    if (bytes.size() > kMaxFileSize) return refused(personaSentence("it is larger than 64 kB"));
    return bytes;
}

/// The text under a key; an error where it is missing, empty or too long.
Result<QString> textOf(const QJsonObject& object, const char* key, int maxLength) {
    const QString text = object.value(QLatin1String(key)).toString();
    if (text.trimmed().isEmpty()) {
        return refused(personaSentence("“%1” is missing or empty").arg(QLatin1String(key)));
    }
    if (text.size() > maxLength) {
        return refused(personaSentence("“%1” is too long").arg(QLatin1String(key)));
    }
    return text;
}

Result<Persona> readPersona(const QString& path) {
    static const QRegularExpression kId("^[a-z0-9_-]{1,64}$");
    ASSIGN_OR_RETURN(const QByteArray bytes, readBounded(path));
    QJsonParseError parsed;
    const QJsonDocument document = QJsonDocument::fromJson(bytes, &parsed);
    if (!document.isObject()) {
        return refused(parsed.error == QJsonParseError::NoError
                           ? personaSentence("it is no JSON object")
                           : parsed.errorString());
    }
    const QJsonObject object = document.object();
    Persona persona;
    ASSIGN_OR_RETURN(persona.id, textOf(object, "id", 64));
    if (!kId.match(persona.id).hasMatch()) {
        return refused(personaSentence("“id” may hold a–z, 0–9, - and _ only"));
    }
    ASSIGN_OR_RETURN(persona.name, textOf(object, "name", kMaxNameLength));
    ASSIGN_OR_RETURN(persona.system, textOf(object, "system", kMaxFileSize));
    persona.greeting = object.value("greeting").toString().left(kMaxGreetingLength);
    return persona;
}

auto orderOf(const Persona& persona) {
    return std::tuple(persona.id != QLatin1String(kDefaultId), persona.name, persona.id);
}

}  // namespace

BuiltInPersonas loadBuiltInPersonas(const std::filesystem::path& folder) {
    BuiltInPersonas loaded;
    const QDir directory(folder);
    const QStringList names = directory.entryList({"*.json"}, QDir::Files, QDir::Name);
    for (const QString& name : names.mid(0, kMaxFiles)) {
        Result<Persona> persona = readPersona(directory.filePath(name));
        const auto isSame = [&](const Persona& other) { return other.id == persona->id; };
        if (persona && std::any_of(loaded.personas.begin(), loaded.personas.end(), isSame)) {
            persona = refused(personaSentence("another file has the same “id”"));
        }
        if (persona) {
            loaded.personas.push_back(std::move(*persona));
        } else {
            loaded.warnings << personaSentence("The persona in %1 was skipped: %2.")
                                   .arg(QDir::toNativeSeparators(directory.filePath(name)),
                                        QString::fromStdString(persona.error().message));
        }
    }
    if (loaded.personas.empty()) {
        loaded.warnings << personaSentence("No persona was found in %1. Install Lares again.")
                               .arg(QDir::toNativeSeparators(directory.path()));
    }
    std::sort(loaded.personas.begin(), loaded.personas.end(),
              [](const Persona& a, const Persona& b) { return orderOf(a) < orderOf(b); });
    return loaded;
}

}  // namespace lares::app
