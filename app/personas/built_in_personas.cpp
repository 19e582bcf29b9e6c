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

struct PersonaSentence {
    Q_DECLARE_TR_FUNCTIONS(Personas)
};

Error secondOne() {
    return {ErrorCode::Corrupt,
            PersonaSentence::tr("another file has the same “id”").toStdString()};
}

// What resources/personas/ greets with, for the translations: no program finds it in those files.
const char* const kGreetings[] = {
    QT_TRANSLATE_NOOP("Personas",
                      "Hello, I am Lares. I run on this computer, and everything stays on this "
                      "machine. What can I do for you?"),
    QT_TRANSLATE_NOOP("Personas",
                      "I am the Clerk. Files and folders; everything stays on this machine. What "
                      "do you need?"),
    QT_TRANSLATE_NOOP("Personas",
                      "Hi, I am Robin! I live right here, and everything stays on this machine. "
                      "What is on your mind?"),
};

/// The model does not read it, so it can be in the window's language.
QString shownGreeting(const QString& greeting) {
    for (const char* text : kGreetings) {
        if (greeting == QLatin1String(text)) return PersonaSentence::tr(text);
    }
    return greeting;
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
            persona->greeting = shownGreeting(persona->greeting);
            loaded.personas.push_back(std::move(*persona));
        } else {
            loaded.warnings << PersonaSentence::tr("The persona in %1 was skipped: %2.")
                                   .arg(QDir::toNativeSeparators(directory.filePath(name)),
                                        QString::fromStdString(persona.error().message));
        }
    }
    if (loaded.personas.empty()) {
        loaded.warnings << PersonaSentence::tr("No persona was found in %1. Install Lares again.")
                               .arg(QDir::toNativeSeparators(directory.path()));
    }
    std::sort(loaded.personas.begin(), loaded.personas.end(),
              [](const Persona& a, const Persona& b) { return orderOf(a) < orderOf(b); });
    return loaded;
}

}  // namespace lares::app
