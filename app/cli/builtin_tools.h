#pragma once

#include <string_view>

namespace lares::cli {

/// tools/registry/builtin_tools.json, built into the program: the tools that the model may be
/// offered.
[[nodiscard]] std::string_view builtinToolsJson();

}  // namespace lares::cli
