#pragma once

#include "engine/base/result.h"

#include <cstdint>
#include <filesystem>

namespace lares::appimage {

/// Where the ELF program in `file` ends, and in an AppImage its file system begins: behind the
/// table of sections, which linkers write last. 64-bit little-endian programs only.
[[nodiscard]] Result<std::uint64_t> elf_end(const std::filesystem::path& file);

}  // namespace lares::appimage
