#pragma once

#include <string_view>

namespace lares {

/// How the front of a text that still grows compares with a tag.
enum class TagMatch {
    None,     ///< it can no longer become the tag
    Partial,  ///< it ended inside the tag so far
    Full,
};

[[nodiscard]] inline TagMatch match_tag(std::string_view text, std::string_view tag) {
    if (text.substr(0, tag.size()) == tag) return TagMatch::Full;
    return tag.substr(0, text.size()) == text ? TagMatch::Partial : TagMatch::None;
}

/// ASCII white space: all that the models write around tags.
inline constexpr std::string_view kTagSpace = " \t\n\r\v\f";

[[nodiscard]] inline bool is_tag_space(char c) {
    return kTagSpace.find(c) != std::string_view::npos;
}

}  // namespace lares
