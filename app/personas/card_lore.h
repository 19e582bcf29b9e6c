#pragma once

#include "app/personas/lore_book.h"

#include <QJsonObject>

#include <functional>

namespace lares::app {

/// The lore book of a character card (character_card.h): "character_book" of V2 and V3, and the
/// spelling of SillyTavern's own files. Any thread; waits for nothing.

/// Whether a word between slashes is a pattern, and @@ the beginning of a decorator.
enum class CardMarkup { Read, Plain };
/// `filledIn`: a text with the names in it. What Lares has no place for is named: patterns in place
/// of words, decorators, chances, words that keep an entry away, where an entry stands, how far
/// back the book looks, its name, what other programs keep in it.
[[nodiscard]] ReadLore loreFromCard(const QJsonObject& book,
                                    const std::function<QString(const QString&)>& filledIn,
                                    CardMarkup markup = CardMarkup::Read);

/// As V2 has it, which loreFromCard reads back as it was.
[[nodiscard]] QJsonObject toCardBook(const LoreBook& book);

}  // namespace lares::app
