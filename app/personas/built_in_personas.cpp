#include "app/personas/built_in_personas.h"

#include "app/personas/persona_file.h"

#include <QCoreApplication>
#include <QDir>

#include <algorithm>
#include <tuple>

namespace lares::app {
namespace {

constexpr const char* kDefaultId = "lares";
constexpr int kMaxFiles = 100;

QString personaSentence(const char* text) {
    return QCoreApplication::translate("Personas", text);
}

Error secondOne() {
    return {ErrorCode::Corrupt, personaSentence("another file has the same “id”").toStdString()};
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
        Result<Persona> persona = readPersonaFile(directory.filePath(name));
        const auto isSame = [&](const Persona& other) { return other.id == persona->id; };
        if (persona && std::any_of(loaded.personas.begin(), loaded.personas.end(), isSame)) {
            persona = secondOne();
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
