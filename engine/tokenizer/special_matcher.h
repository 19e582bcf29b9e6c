#pragma once

#include "engine/base/result.h"
#include "engine/tokenizer/vocabulary.h"

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace lares {

/// Finds special tokens (Control, UserDefined, Unknown) by their text. Immutable and thread safe.
/// Refers to the vocabulary it was made from.
class SpecialMatcher {
public:
    /// Longer texts are refused, so that the search stays linear on text made to look like one.
    static constexpr std::size_t kMaxTextSize = 256;

    /// Errors: Corrupt for a text that is too long or given twice.
    [[nodiscard]] static Result<SpecialMatcher> create(const Vocabulary& vocabulary);

    struct Match {
        std::size_t begin = 0;
        std::size_t size = 0;
        TokenId id = 0;
    };
    /// The leftmost special token at or after `from`, the longest one at its place.
    [[nodiscard]] std::optional<Match> find(std::string_view text, std::size_t from) const;

    /// The special token that is exactly this text.
    [[nodiscard]] std::optional<TokenId> id_of(std::string_view text) const;

private:
    SpecialMatcher() = default;
    [[nodiscard]] std::optional<Match> longest_at(std::string_view text, std::size_t begin) const;

    struct Entry {
        std::string_view text;
        TokenId id = 0;
    };
    std::vector<Entry> m_entries;                 // sorted by text
    std::array<std::size_t, 257> m_first_byte{};  // entries that start with b: [b] to [b + 1]
};

}  // namespace lares
