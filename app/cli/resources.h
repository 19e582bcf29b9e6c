#pragma once

#include "engine/base/result.h"

#include <filesystem>
#include <string>

namespace lares::cli {

/// The folder with the bundled model and the personas: resources/ of the source tree for a program
/// in build/bin, share/lares beside bin/ for an installed one. NotFound when there is neither.
[[nodiscard]] Result<std::filesystem::path> resourceFolder();

/// A whole file, at most `maxBytes` of it. NotFound, Io, or InvalidArgument when it is larger.
[[nodiscard]] Result<std::string> readFile(const std::filesystem::path& path, std::size_t maxBytes);

/// Everything on stdin, exactly.
[[nodiscard]] Result<std::string> readInput();

}  // namespace lares::cli
