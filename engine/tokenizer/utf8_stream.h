#pragma once

#include <string>
#include <string_view>

namespace lares {

/// Turns a stream of token bytes into valid UTF-8 as early as possible: the longest valid prefix
/// comes out at once, an unfinished sequence (at most 3 bytes) is held back, and bytes that can no
/// longer become valid come out as U+FFFD (Unicode 15, §3.9 "maximal subpart" practice).
/// One thread at a time.
class Utf8Stream {
public:
    /// Appends bytes, returns the text that is now certain.
    [[nodiscard]] std::string push(std::string_view bytes);
    /// End of the stream: what was held back, as U+FFFD.
    [[nodiscard]] std::string flush();

private:
    std::string m_pending;
};

}  // namespace lares
