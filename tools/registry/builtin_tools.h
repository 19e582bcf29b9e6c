#pragma once

#include <string_view>

namespace lares {

/// tools/registry/builtin_tools.json, built into the program so that it needs no second file.
[[nodiscard]] std::string_view builtin_tools_json();

}  // namespace lares
