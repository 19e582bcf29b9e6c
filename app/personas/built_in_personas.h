#pragma once

#include "app/personas/persona.h"

#include <QStringList>

#include <filesystem>
#include <vector>

namespace lares::app {

struct BuiltInPersonas {
    std::vector<Persona> personas;  ///< Lares first, then by name
    QStringList warnings;           ///< one sentence for each file that was skipped
};

/// Reads every `*.json` of the folder (resources/personas). A file that is too large, no JSON, or
/// lacks what a persona needs is skipped with a warning; so is a second file with the same id.
[[nodiscard]] BuiltInPersonas loadBuiltInPersonas(const std::filesystem::path& folder);

}  // namespace lares::app
