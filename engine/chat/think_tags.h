#pragma once

#include <string_view>

namespace lares {

/// Around a model's thinking, in both prompt formats (spec: chat-template.md §3.4).
inline constexpr std::string_view kThinkOpen = "<think>";
inline constexpr std::string_view kThinkClose = "</think>";

}  // namespace lares
