#pragma once

#include "app/personas/persona.h"

namespace lares::app {

/// Bounds of a persona's texts, in characters as QString counts them. Together they stay below
/// kMaxPersonaFileSize, so that every persona can be exported and imported again.
inline constexpr int kMaxPersonaId = 64;
inline constexpr int kMaxPersonaName = 80;
inline constexpr int kMaxInstructions = 20'000;
inline constexpr int kMaxGreeting = 1'000;

/// The persona as it is kept: the name on one line, no blanks around any text, line ends as \n, and
/// no hidden characters (transcript/visible_text.h), so that what the model reads is what a person
/// sees; parameters that exist, within their bounds. A file, or what is pasted, may hold anything.
[[nodiscard]] Persona tidied(Persona persona);
[[nodiscard]] QString tidied(const QString& text);

/// As the database keeps it, through UTF-8: half a surrogate pair becomes “?”. A regular expression
/// finds nothing in a text that has one.
[[nodiscard]] QString withWholeCharacters(const QString& text);

/// What the model reads first: the instructions, and what of the lore is always read.
[[nodiscard]] QString instructionsOf(const Persona& persona);

/// Why this persona (tidied) cannot be kept, as a sentence with the next step; empty: it can.
[[nodiscard]] QString faultOf(const Persona& persona);

/// What stands in the disc before a name: its first letter, or whole emoji, as a capital.
[[nodiscard]] QString markOf(const QString& name);

/// The first line that says something.
[[nodiscard]] QString firstLineOf(const QString& text);

}  // namespace lares::app
