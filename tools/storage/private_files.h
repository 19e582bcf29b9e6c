#pragma once

#include "engine/base/result.h"

#include <filesystem>

namespace lares {

/// Makes the folder (0700), with those before it, or closes an existing one to other users. Any
/// thread. Errors: Io, a sentence.
[[nodiscard]] Result<void> make_private_folder(const std::filesystem::path& folder);

/// A damaged SQLite file keeps its name with ".damaged-1" behind it, and so does what SQLite needs
/// to roll back its last transaction. Where it is now. Errors: Io, a sentence.
[[nodiscard]] Result<std::filesystem::path> set_aside(const std::filesystem::path& file);

}  // namespace lares
