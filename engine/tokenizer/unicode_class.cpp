#include "engine/tokenizer/unicode_class.h"

#include <algorithm>
#include <array>
#include <iterator>

namespace lares {
namespace {

// Sorted runs, each `first code point << 3 | kind` and as long as the next one lets it. Kinds 0 to
// 6 are the bits of CharClass in order; kind 7 alternates upper, lower, upper … as Latin letters
// do.
constexpr std::uint32_t kRuns[] = {
#include "engine/tokenizer/unicode_class_table.inc"
};
constexpr std::uint32_t kAlternating = 7;

CharClass find_class(char32_t code_point) {
    if (code_point > 0x10FFFF) return kOtherClass;
    const auto key = static_cast<std::uint32_t>(code_point) << 3 | kAlternating;
    const std::uint32_t run = *std::prev(std::upper_bound(std::begin(kRuns), std::end(kRuns), key));
    const std::uint32_t kind = run & 7;
    if (kind == kAlternating) return (code_point - (run >> 3)) % 2 == 0 ? kUpperClass : kLowerClass;
    return static_cast<CharClass>(1U << kind);
}

// OPTIMIZATION: nearly all text lies below U+0800 or in CJK; a table of the two-byte sequences
// spares Latin, Cyrillic, Arabic and Hebrew the search in 2,154 runs.
constexpr char32_t kTableSize = 0x800;

std::array<CharClass, kTableSize> make_table() {
    std::array<CharClass, kTableSize> table{};
    for (char32_t c = 0; c < kTableSize; ++c) table[c] = find_class(c);
    return table;
}

}  // namespace

CharClass char_class(char32_t code_point) {
    static const auto table = make_table();
    return code_point < kTableSize ? table[code_point] : find_class(code_point);
}

}  // namespace lares
