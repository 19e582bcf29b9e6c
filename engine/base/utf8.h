#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace lares {

/// The next piece of a byte string read as UTF-8.
struct Utf8Unit {
    enum class Kind {
        Valid,       ///< a code point
        Invalid,     ///< bytes that no continuation can make valid
        Incomplete,  ///< the text ends inside what may still become valid
    };

    Kind kind = Kind::Invalid;
    char32_t code_point = 0xFFFD;
    /// Bytes of the unit, at least 1. Invalid and Incomplete units are maximal subparts: the
    /// longest start of some well-formed sequence, or one byte if there is none (Unicode 15, §3.9,
    /// U+FFFD substitution of maximal subparts).
    std::uint8_t size = 1;
};

/// Decodes the unit at `position`. Well-formed as in Unicode 15, Table 3-7: no overlong form, no
/// surrogate, nothing above U+10FFFF. Precondition: position < text.size().
[[nodiscard]] Utf8Unit decode_utf8(std::string_view text, std::size_t position);

/// What is no code point, a surrogate among them, as U+FFFD.
void append_utf8(std::string& text, char32_t code_point);

}  // namespace lares
