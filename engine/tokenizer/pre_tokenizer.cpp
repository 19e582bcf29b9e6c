#include "engine/tokenizer/pre_tokenizer.h"

#include "engine/base/utf8.h"
#include "engine/tokenizer/unicode_class.h"

#include <array>

namespace lares {
namespace {

constexpr CharClassMask kTekkenUpperMask = kUpperClass | kCaselessClass | kMarkClass;
constexpr CharClassMask kTekkenLowerMask = kLowerClass | kCaselessClass | kMarkClass;
constexpr CharClassMask kPunctuationMask = kOtherClass | kMarkClass;  // [^\s\p{L}\p{N}]

// OPTIMIZATION: class by byte for ASCII; 0 sends the others through the decoder.
constexpr std::array<CharClassMask, 256> make_ascii_classes() {
    std::array<CharClassMask, 256> classes{};
    for (int c = 0; c < 128; ++c) {
        if (c >= 'A' && c <= 'Z') {
            classes[c] = kUpperClass;
        } else if (c >= 'a' && c <= 'z') {
            classes[c] = kLowerClass;
        } else if (c >= '0' && c <= '9') {
            classes[c] = kNumberClass;
        } else if (c == ' ' || (c >= '\t' && c <= '\r')) {
            classes[c] = kSpaceClass;
        } else {
            classes[c] = kOtherClass;
        }
    }
    return classes;
}
constexpr auto kAsciiClasses = make_ascii_classes();

struct Char {
    CharClassMask mask = 0;  // 0 at the end of the text, so that it is in no class
    std::size_t size = 0;
};

/// One code point after the other, with the regular expressions' building blocks.
class Scanner {
public:
    explicit Scanner(std::string_view text) : m_text(text) {}

    [[nodiscard]] Char at(std::size_t position) const {
        if (position >= m_text.size()) return {};
        const CharClassMask ascii = kAsciiClasses[static_cast<unsigned char>(m_text[position])];
        return ascii != 0 ? Char{ascii, 1} : decode(position);
    }
    [[nodiscard]] bool is(std::size_t position, char c) const {
        return position < m_text.size() && m_text[position] == c;
    }
    [[nodiscard]] bool is_line_end(std::size_t position) const {
        return is(position, '\n') || is(position, '\r');
    }

    /// [mask]*
    [[nodiscard]] std::size_t skip(CharClassMask mask, std::size_t position) const {
        for (Char c = at(position); (c.mask & mask) != 0; c = at(position)) position += c.size;
        return position;
    }

    /// [^\r\n\p{L}\p{N}]? as often as it matches; `position` otherwise.
    [[nodiscard]] std::size_t skip_word_prefix(std::size_t position) const {
        const Char c = at(position);
        if ((c.mask & (kLetterMask | kNumberClass)) != 0 || is_line_end(position)) return position;
        return position + c.size;
    }

    ///  ?[^\s\p{L}\p{N}]+[\r\n]* and, for tekken, [\r\n/]* at the end; `begin` if nothing matches.
    [[nodiscard]] std::size_t punctuation(std::size_t begin, bool slash_joins) const {
        const std::size_t start = begin + (is(begin, ' ') ? 1 : 0);
        std::size_t end = skip(kPunctuationMask, start);
        if (end == start) return begin;
        while (is_line_end(end) || (slash_joins && is(end, '/'))) ++end;
        return end;
    }

    /// \s*[\r\n]+|\s+(?!\S)|\s+ ; `begin` if nothing matches. A run without a line end leaves its
    /// last character to the word that follows; one with a line end stops behind the last of them.
    [[nodiscard]] std::size_t white_space(std::size_t begin) const {
        std::size_t end = begin;
        std::size_t last_char = begin;
        std::size_t after_line_end = begin;
        for (Char c = at(end); c.mask == kSpaceClass; c = at(end)) {
            last_char = end;
            end += c.size;
            if (is_line_end(last_char)) after_line_end = end;
        }
        if (after_line_end != begin) return after_line_end;
        const bool word_follows = end < m_text.size();
        return word_follows && last_char != begin ? last_char : end;
    }

private:
    [[nodiscard]] Char decode(std::size_t position) const {
        const Utf8Unit unit = decode_utf8(m_text, position);
        if (unit.kind != Utf8Unit::Kind::Valid) return {kOtherClass, 1};
        return {static_cast<CharClassMask>(char_class(unit.code_point)), unit.size};
    }

    std::string_view m_text;
};

char to_lower_ascii(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}

/// (?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD]); `begin` if nothing matches.
std::size_t contraction(std::string_view text, std::size_t begin) {
    if (text[begin] != '\'' || begin + 1 == text.size()) return begin;
    const char first = to_lower_ascii(text[begin + 1]);
    if (first == 's' || first == 't' || first == 'm' || first == 'd') return begin + 2;
    if (begin + 2 == text.size()) return begin;
    const char second = to_lower_ascii(text[begin + 2]);
    const bool two_letters =
        (second == 'e' && (first == 'r' || first == 'v')) || (second == 'l' && first == 'l');
    return two_letters ? begin + 3 : begin;
}

std::size_t llama3_end(std::string_view text, std::size_t begin) {
    const Scanner scanner(text);
    if (const std::size_t end = contraction(text, begin); end != begin) return end;

    const std::size_t word = scanner.skip_word_prefix(begin);
    if (const std::size_t end = scanner.skip(kLetterMask, word); end != word) return end;

    std::size_t digits_end = begin;
    for (int n_digit = 0; n_digit < 3; ++n_digit) {
        const Char c = scanner.at(digits_end);
        if (c.mask != kNumberClass) break;
        digits_end += c.size;
    }
    if (digits_end != begin) return digits_end;

    if (const std::size_t end = scanner.punctuation(begin, false); end != begin) return end;
    return scanner.white_space(begin);
}

/// [U]*[D]+ at `begin`; `begin` if it does not match. The classes overlap in caseless letters and
/// marks, so where [U]* took everything it gives back what follows its last caseless character.
std::size_t upper_then_lower(const Scanner& scanner, std::size_t begin) {
    std::size_t end = begin;
    std::size_t after_last_shared = begin;
    for (Char c = scanner.at(end); (c.mask & kTekkenUpperMask) != 0; c = scanner.at(end)) {
        end += c.size;
        if ((c.mask & kTekkenLowerMask) != 0) after_last_shared = end;
    }
    const std::size_t lower_end = scanner.skip(kTekkenLowerMask, end);
    return lower_end != end ? lower_end : after_last_shared;
}

/// [U]+[D]* at `begin`; `begin` if it does not match.
std::size_t upper_maybe_lower(const Scanner& scanner, std::size_t begin) {
    const std::size_t upper_end = scanner.skip(kTekkenUpperMask, begin);
    return upper_end == begin ? begin : scanner.skip(kTekkenLowerMask, upper_end);
}

std::size_t tekken_end(std::string_view text, std::size_t begin) {
    const Scanner scanner(text);
    // The optional prefix is greedy: a mark, which could also begin the word, is first tried as
    // one.
    const std::size_t word = scanner.skip_word_prefix(begin);
    for (auto* pattern : {upper_then_lower, upper_maybe_lower}) {
        if (const std::size_t end = pattern(scanner, word); end != word) return end;
        if (word == begin) continue;
        if (const std::size_t end = pattern(scanner, begin); end != begin) return end;
    }

    if (const Char c = scanner.at(begin); c.mask == kNumberClass) return begin + c.size;
    if (const std::size_t end = scanner.punctuation(begin, true); end != begin) return end;
    return scanner.white_space(begin);
}

}  // namespace

std::size_t pre_token_end(PreTokenizer kind, std::string_view text, std::size_t begin) {
    return kind == PreTokenizer::Tekken ? tekken_end(text, begin) : llama3_end(text, begin);
}

}  // namespace lares
