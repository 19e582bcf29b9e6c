#include "tests/app/personas/random_persona.h"

#include "app/chat/answer_parameters.h"
#include "app/personas/persona_text.h"

namespace lares::test {

using namespace lares::app;

namespace {

QStringList randomWords(RandomTexts& texts, int most) {
    QStringList words;
    for (int n = texts.below(most + 1); n > 0; --n) words << texts.line();
    return words;
}

LoreEntry randomEntry(RandomTexts& texts) {
    LoreEntry entry;
    entry.name = texts.oneIn(3) ? QString() : texts.line();
    entry.words = QStringList(texts.line()) + randomWords(texts, 3);
    entry.alsoWords = randomWords(texts, 2);
    // What a card would read as a decorator, or as a pattern.
    entry.text = (texts.oneIn(6) ? QString("@@depth 3\n") : QString()) + texts.text();
    if (texts.oneIn(6)) entry.words << QString("/gulls%1/").arg(texts.below(100));
    entry.isOn = !texts.oneIn(4);
    entry.isAlways = texts.oneIn(4);
    if (entry.isAlways && texts.oneIn(2)) entry.words.clear();
    entry.isCaseSensitive = texts.oneIn(3);
    entry.priority = texts.below(2) * (texts.below(2001) - 1000);
    entry.text = entry.text.left(kMaxLoreText);
    return entry;
}

}  // namespace

LoreBook randomLore(RandomTexts& texts) {
    LoreBook book;
    for (int n = texts.below(5); n > 0; --n) book.entries.push_back(randomEntry(texts));
    if (texts.oneIn(2)) book.budget = texts.below(3000);
    book.isRecursive = texts.oneIn(2);
    return boundedLore(tidied(std::move(book))).book;
}

Persona randomPersona(RandomTexts& texts, const QString& id) {
    Persona persona;
    persona.id = id;
    persona.name = texts.line().left(kMaxPersonaName);
    persona.system = texts.maybe(12).left(kMaxInstructions);
    persona.greeting = texts.maybe(8).left(kMaxGreeting);
    for (const ParameterBounds& one : answerParameters()) {
        if (texts.oneIn(4))
            persona.parameters[one.key] = one.least + (one.most - one.least) * texts.below(9) / 8;
    }
    if (texts.oneIn(3)) persona.parameters[kThinkingKey] = texts.oneIn(2);
    persona.lore = randomLore(texts);
    return tidied(std::move(persona));
}

}  // namespace lares::test
