#pragma once

#include "tools/sandbox/windows_path.h"

#include <cstddef>
#include <string_view>

namespace lares {

constexpr std::size_t kMaxPathBytes = 4096;
constexpr std::size_t kMaxPathComponents = 64;

/// Whether a path may be looked at at all: not empty, at most so many bytes and components, valid
/// UTF-8, no NUL and no other control character. Any thread.
[[nodiscard]] bool keeps_path_bounds(std::string_view path);

/// Whether it may be opened below a folder: the bounds, and a plain chain of names, without a
/// leading, doubled or trailing separator, without "." and "..". "" is the folder itself. On
/// Windows each name is_windows_name as well, and none looks_like_short_name (windows_path.h).
[[nodiscard]] bool is_plain_relative(std::string_view path, PathStyle style = kNativePaths);

}  // namespace lares
