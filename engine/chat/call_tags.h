#pragma once

#include <string_view>

namespace lares {

// Around and inside a tool call (spec: chat-template.md §1.5, §2).
inline constexpr std::string_view kXmlCall = "<tool_call>";
inline constexpr std::string_view kXmlCallEnd = "</tool_call>";
inline constexpr std::string_view kXmlFunction = "<function=";
inline constexpr std::string_view kXmlFunctionEnd = "</function>";
inline constexpr std::string_view kXmlParameter = "<parameter=";
inline constexpr std::string_view kXmlParameterEnd = "</parameter>";
inline constexpr std::string_view kJsonCall = "<TOOLCALL>";
inline constexpr std::string_view kJsonCallEnd = "</TOOLCALL>";

}  // namespace lares
