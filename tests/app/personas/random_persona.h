#pragma once

#include "app/personas/persona.h"
#include "tests/app/support/random_texts.h"

namespace lares::test {

/// With every field at times, as the store keeps one: tidied and within the bounds.
[[nodiscard]] app::LoreBook randomLore(RandomTexts& texts);
[[nodiscard]] app::Persona randomPersona(RandomTexts& texts, const QString& id);

}  // namespace lares::test
