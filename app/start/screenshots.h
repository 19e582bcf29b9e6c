#pragma once

#include "app/personas/persona.h"

#include <QString>

#include <vector>

namespace lares::app {

/// Pictures of the window's main states as PNG, light and dark, from made-up conversations in a
/// store of their own and scripted answers: the same on every machine with the same fonts. The
/// scale is the application's (QT_SCALE_FACTOR) and part of the names. Returns the exit status.
[[nodiscard]] int takeScreenshots(const QString& folder, const std::vector<Persona>& personas);

}  // namespace lares::app
