#include "tools/builtin/search_documents/search_words.h"

#include "engine/base/utf8.h"
#include "tools/builtin/tool_text.h"
#include "tools/sandbox/folded_text.h"

#include <algorithm>
#include <array>
#include <utility>

namespace lares {
namespace {

bool is_in(char32_t c, char32_t first, char32_t last) {
    return c >= first && c <= last;
}

bool is_accent(char32_t c) {
    return is_in(c, 0x300, 0x36F);
}

bool is_letter(char32_t c) {
    if (c < 0x80) return is_in(c, U'0', U'9') || is_in(c, U'a', U'z') || is_in(c, U'A', U'Z');
    if (c < 0xC0) return c == 0xAA || c == 0xB5 || c == 0xBA;
    if (c == 0xD7 || c == 0xF7) return false;         // times, divided by
    if (is_in(c, 0x2000, 0x2BFF)) return false;       // punctuation, arrows, signs
    if (is_in(c, 0x3000, 0x3020)) return false;       // punctuation of Chinese and Japanese
    if (is_in(c, 0xFF00, 0xFF0F)) return false;       // wide forms of ASCII's
    return !is_in(c, 0xE000, 0xF8FF) && c < 0x1F000;  // private ones, pictures
}

bool is_word_alone(char32_t c) {
    return is_in(c, 0x3040, 0x30FF) || is_in(c, 0x3400, 0x9FFF) || is_in(c, 0x20000, 0x3FFFF);
}

struct Letters {
    char32_t last;  ///< of those that look like this one
    std::string_view base;
};
// From 0xDF on, lower case as folded_text leaves it.
constexpr std::array<Letters, 42> kBases = {{
    {0xDF, "ss"}, {0xE5, "a"},  {0xE6, "ae"}, {0xE7, "c"},  {0xEB, "e"},   {0xEF, "i"},
    {0xF0, "d"},  {0xF1, "n"},  {0xF6, "o"},  {0xF7, ""},   {0xF8, "o"},   {0xFC, "u"},
    {0xFD, "y"},  {0xFE, "th"}, {0xFF, "y"},  {0x105, "a"}, {0x10D, "c"},  {0x111, "d"},
    {0x11B, "e"}, {0x123, "g"}, {0x127, "h"}, {0x131, "i"}, {0x133, "ij"}, {0x135, "j"},
    {0x138, "k"}, {0x142, "l"}, {0x14B, "n"}, {0x151, "o"}, {0x153, "oe"}, {0x159, "r"},
    {0x161, "s"}, {0x167, "t"}, {0x173, "u"}, {0x175, "w"}, {0x178, "y"},  {0x17E, "z"},
    {0x17F, "s"}, {0x1A0, ""},  {0x1A1, "o"}, {0x1AF, ""},  {0x1B0, "u"},  {0x1B1, ""},
}};

void append_base(std::string& word, char32_t c) {
    if (c >= 0xDF) {
        const auto* it = std::find_if(kBases.begin(), kBases.end(),
                                      [c](const Letters& some) { return c <= some.last; });
        if (it != kBases.end() && !it->base.empty()) {
            word += it->base;
            return;
        }
    }
    append_utf8(word, c);
}

/// Harman's S stemmer: it takes no more than a plural off, so that it does little harm in other
/// languages. (Harman 1991, "How effective is suffixing?")
void make_singular(std::string& word) {
    if (word.size() < 4 || !word.ends_with('s')) return;
    const auto ends_in_one_of = [&](std::initializer_list<std::string_view> ends) {
        return std::any_of(ends.begin(), ends.end(),
                           [&](std::string_view end) { return word.ends_with(end); });
    };
    if (word.ends_with("ies") && !ends_in_one_of({"eies", "aies"})) {
        word.replace(word.size() - 3, 3, "y");
    } else if (!ends_in_one_of({"aes", "ees", "oes", "us", "ss"})) {
        word.pop_back();
    }
}

}  // namespace

std::vector<std::string> search_words(std::string_view text) {
    const std::string folded = folded_text(text);
    std::vector<std::string> words;
    std::string word;
    const auto end_word = [&] {
        make_singular(word);
        if (!word.empty()) words.push_back(std::exchange(word, {}));
    };
    for (std::size_t i = 0; i < folded.size();) {
        const Utf8Unit unit = decode_utf8(folded, i);
        i += unit.size;
        const char32_t c = unit.code_point;
        if (is_accent(c)) continue;
        if (!is_letter(c) || is_word_alone(c)) end_word();
        if (is_letter(c)) append_base(word, c);
        if (is_word_alone(c)) end_word();
    }
    end_word();
    return words;
}

}  // namespace lares
