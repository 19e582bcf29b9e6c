#pragma once

#include "engine/base/result.h"

#include <cstdint>
#include <filesystem>
#include <string>

namespace lares::appimage {

/// Writes folders, files and links of the squashfs at `offset` in `image` beneath `into`, which
/// must be there. Only paths that match the shell pattern `pattern` ("usr/bin/*"); empty for all.
[[nodiscard]] Result<void> extract(const std::filesystem::path& image,
                                   std::uint64_t offset,
                                   const std::filesystem::path& into,
                                   const std::string& pattern);

}  // namespace lares::appimage
