#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace lares::reader {

/// The text of one document is never longer: no model here reads as much.
constexpr std::size_t kMaxTextBytes = 8'000'000;

/// Collects the text of a document: lines of UTF-8 with single empty lines between them at most,
/// without control characters but tabs. Beyond kMaxTextBytes it keeps nothing more. One thread.
class TextSink {
public:
    void add(std::string_view text);  ///< a line's end in it stays one
    void add_character(char32_t c);
    void begin_cell();  ///< a tab, unless nothing stands in this line yet
    void end_line();    ///< unless nothing stands in this line yet
    void add_empty();   ///< an empty line, unless one is there or nothing at all
    /// Whether something stands in the line that is being written.
    [[nodiscard]] bool is_in_line() const { return !m_text.empty() && m_text.back() != '\n'; }
    [[nodiscard]] bool is_full() const { return m_is_full; }
    [[nodiscard]] bool is_empty() const { return m_text.empty(); }

    /// All of it, with one line's end at its end.
    [[nodiscard]] std::string take();

private:
    void put(char c);

    std::string m_text;
    bool m_is_full = false;
};

/// A byte of Windows' Western code page.
[[nodiscard]] char32_t from_windows_1252(unsigned char byte);

}  // namespace lares::reader
