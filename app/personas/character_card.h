#pragma once

#include "app/personas/imported_persona.h"
#include "engine/base/result.h"

#include <QByteArray>
#include <QJsonObject>

namespace lares::app {

/// Character cards, the files in which other programs hand on their characters: a JSON object, V1
/// (the fields alone), V2 or V3 (the fields in "data";
/// https://github.com/malfoyslastname/character-card-spec-v2,
/// https://github.com/kwaroran/character-card-spec-v3). Any thread; waits for nothing.

/// Of one text of a card, in bytes of UTF-8.
inline constexpr qsizetype kMaxCardText = 256 << 10;

[[nodiscard]] bool isCharacterCard(const QJsonObject& object);

/// The card as a persona without an id: everything that the model is meant to read becomes its
/// instructions, the first message its greeting, its book the lore (card_lore.h); {{char}} and
/// {{user}} are filled in. A card gives nothing but texts, and the parameters that Lares itself
/// wrote into one. Corrupt, with the reason alone: a name is missing, a field is no text or too
/// long, or all of them together.
[[nodiscard]] Result<ImportedPersona> fromCharacterCard(const QJsonObject& card);

/// As a V2 card, which fromCharacterCard reads back as it was.
[[nodiscard]] QByteArray toCharacterCard(const Persona& persona);

}  // namespace lares::app
