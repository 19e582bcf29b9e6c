#include "app/personas/persona_text.h"

#include "app/chat/answer_parameters.h"
#include "app/transcript/visible_text.h"

#include <QCoreApplication>
#include <QLocale>
#include <QTextBoundaryFinder>

namespace lares::app {
namespace {

struct PersonaFault {
    Q_DECLARE_TR_FUNCTIONS(Personas)
};

QString tooLong(const QString& sentence, qsizetype length, int most) {
    const QLocale locale;
    return sentence.arg(locale.toString(length), locale.toString(most));
}

}  // namespace

QString withWholeCharacters(const QString& text) {
    return QString::fromUtf8(text.toUtf8());
}

QString tidied(const QString& text) {
    QString tidy;
    tidy.reserve(text.size());
    for (const char32_t character : withWholeCharacters(text).toUcs4()) {
        if (character == U'\r' || isHiddenCharacter(character)) continue;
        tidy.append(QStringView(QChar::fromUcs4(character)));
    }
    return tidy.trimmed();
}

Persona tidied(Persona persona) {
    persona.name = tidied(persona.name).simplified();
    persona.system = tidied(persona.system);
    persona.greeting = tidied(persona.greeting);
    persona.parameters = bounded(persona.parameters);
    persona.lore = tidied(std::move(persona.lore));
    return persona;
}

QString instructionsOf(const Persona& persona) {
    const QString always = alwaysText(persona.lore);
    if (always.isEmpty()) return persona.system;
    return persona.system.isEmpty() ? always : persona.system + "\n\n" + always;
}

QString faultOf(const Persona& persona) {
    if (persona.name.trimmed().isEmpty())
        return PersonaFault::tr("A persona needs a name. Write one to save it.");
    if (persona.name.trimmed().size() > kMaxPersonaName) {
        return tooLong(
            PersonaFault::tr("The name is too long: %1 of %2 characters. Shorten it to save."),
            persona.name.trimmed().size(), kMaxPersonaName);
    }
    if (persona.system.size() > kMaxInstructions) {
        return tooLong(
            PersonaFault::tr(
                "The instructions are too long: %1 of %2 characters. Shorten them to save."),
            persona.system.size(), kMaxInstructions);
    }
    if (persona.greeting.size() > kMaxGreeting) {
        return tooLong(
            PersonaFault::tr("The greeting is too long: %1 of %2 characters. Shorten it to save."),
            persona.greeting.size(), kMaxGreeting);
    }
    return faultOf(persona.lore);
}

QString markOf(const QString& name) {
    QTextBoundaryFinder finder(QTextBoundaryFinder::Grapheme, name);
    const qsizetype end = finder.toNextBoundary();
    return end <= 0 ? QString() : name.left(end).toUpper();
}

QString firstLineOf(const QString& text) {
    const QString trimmed = text.trimmed();
    return trimmed.left(trimmed.indexOf('\n')).trimmed();  // without one: all of it
}

}  // namespace lares::app
