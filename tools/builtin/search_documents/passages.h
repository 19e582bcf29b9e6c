#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace lares {

/// What a text says about its own places.
enum class TextForm {
    Plain,     ///< lines
    Markdown,  ///< lines, and headings ("# Rent")
    Document,  ///< as lares-reader gives it: "— page 3 —" in a line of its own
};

/// A piece of a text that can be read by itself.
struct Passage {
    std::string_view text;  ///< borrowed from the whole; begins and ends with a line's first and
                            ///< last visible character
    std::size_t begin = 0;  ///< byte of the whole where it begins
    std::size_t line = 1;   ///< of the whole where it begins
    std::string_view page;  ///< "page 3", "slide 1", "sheet Costs"; empty: none named
    std::string heading;    ///< those above it, outermost first: "Lease > Rent"
};

constexpr std::size_t kMaxPassageBytes = 1000;

/// Cuts a text into passages: at pages and headings, at empty lines once there is enough, else at
/// the end of a line; a line that is too long itself at a sentence's end, else between words, and
/// within a word only where there is nothing else, never within a character. Nothing but white
/// space and the marks of pages is left out; a heading without text is a passage. Precondition:
/// valid UTF-8, "\n" between lines. Any thread.
[[nodiscard]] std::vector<Passage> passages_of(std::string_view text, TextForm form);

}  // namespace lares
