#pragma once

#include <cstdint>

namespace lares {

/// What a pre-tokenizer needs to know of a code point: one bit each, so that a set of classes is a
/// mask. Groups of Unicode 15.1 general categories, and the property White_Space.
enum CharClass : std::uint8_t {
    kOtherClass = 0x01,  ///< everything else: punctuation, symbols, controls, unassigned, invalid
    kUpperClass = 0x02,  ///< Lu, Lt
    kLowerClass = 0x04,  ///< Ll
    kCaselessClass = 0x08,  ///< Lm, Lo
    kMarkClass = 0x10,      ///< M
    kNumberClass = 0x20,    ///< N
    kSpaceClass = 0x40,     ///< White_Space
};

using CharClassMask = std::uint8_t;
inline constexpr CharClassMask kLetterMask = kUpperClass | kLowerClass | kCaselessClass;

/// Class of a code point; above U+10FFFF it is kOtherClass.
[[nodiscard]] CharClass char_class(char32_t code_point);

}  // namespace lares
