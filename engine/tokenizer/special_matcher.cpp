#include "engine/tokenizer/special_matcher.h"

#include <algorithm>
#include <string>

namespace lares {
namespace {

bool is_special(TokenType type) {
    return type == TokenType::Control || type == TokenType::UserDefined ||
           type == TokenType::Unknown;
}

std::uint8_t byte_at(std::string_view text, std::size_t i) {
    return static_cast<std::uint8_t>(text[i]);
}

}  // namespace

Result<SpecialMatcher> SpecialMatcher::create(const Vocabulary& vocabulary) {
    SpecialMatcher matcher;
    auto& entries = matcher.m_entries;
    for (TokenId id = 0; id < vocabulary.size(); ++id) {
        if (!is_special(vocabulary.type(id))) continue;
        if (vocabulary.bytes(id).size() > kMaxTextSize)
            return Error{ErrorCode::Corrupt, "special token " + std::to_string(id) +
                                                 " is longer than " + std::to_string(kMaxTextSize) +
                                                 " bytes"};
        entries.push_back({vocabulary.bytes(id), id});
    }
    std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
        return a.text != b.text ? a.text < b.text : a.id < b.id;
    });
    for (std::size_t i = 0; i + 1 < entries.size(); ++i)
        if (entries[i].text == entries[i + 1].text)
            return Error{ErrorCode::Corrupt, "special token " + std::to_string(entries[i + 1].id) +
                                                 " repeats token " + std::to_string(entries[i].id)};

    for (const Entry& entry : entries) ++matcher.m_first_byte[byte_at(entry.text, 0) + 1];
    for (std::size_t b = 0; b < 256; ++b) matcher.m_first_byte[b + 1] += matcher.m_first_byte[b];
    return matcher;
}

std::optional<SpecialMatcher::Match> SpecialMatcher::find(std::string_view text,
                                                          std::size_t from) const {
    for (std::size_t begin = from; begin < text.size(); ++begin)
        if (const auto match = longest_at(text, begin)) return match;
    return {};
}

std::optional<SpecialMatcher::Match> SpecialMatcher::longest_at(std::string_view text,
                                                                std::size_t begin) const {
    // The entries that agree with the text so far are neighbours; each byte narrows them.
    const std::size_t bucket = byte_at(text, begin);
    auto low = m_entries.begin() + static_cast<std::ptrdiff_t>(m_first_byte[bucket]);
    auto high = m_entries.begin() + static_cast<std::ptrdiff_t>(m_first_byte[bucket + 1]);
    std::optional<Match> longest;
    for (std::size_t depth = 1; low != high; ++depth) {
        if (low->text.size() == depth) {
            longest = Match{begin, depth, low->id};
            ++low;
        }
        if (begin + depth >= text.size()) break;
        const std::uint8_t next = byte_at(text, begin + depth);
        low = std::partition_point(low, high,
                                   [=](const Entry& e) { return byte_at(e.text, depth) < next; });
        high = std::partition_point(low, high,
                                    [=](const Entry& e) { return byte_at(e.text, depth) == next; });
    }
    return longest;
}

std::optional<TokenId> SpecialMatcher::id_of(std::string_view text) const {
    const auto entry =
        std::lower_bound(m_entries.begin(), m_entries.end(), text,
                         [](const Entry& e, std::string_view wanted) { return e.text < wanted; });
    if (entry == m_entries.end() || entry->text != text) return {};
    return entry->id;
}

}  // namespace lares
