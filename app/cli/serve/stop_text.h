#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace lares::cli {

/// Ends a text before the first of some stop strings, however the text is cut into pieces: what
/// could still become one is held back. Of two that end at the same place the one that begins first
/// counts. Not thread safe.
class StopText {
public:
    explicit StopText(std::vector<std::string> stops);

    /// What of the text so far may be shown now.
    [[nodiscard]] std::string push(std::string_view text);
    /// What was held back and became no stop string: the text goes on with something else, or
    /// ended.
    [[nodiscard]] std::string flush();
    /// A stop string came. Everything after it is dropped.
    [[nodiscard]] bool isHit() const { return m_isHit; }

private:
    std::vector<std::string> m_stops;
    std::string m_held;
    bool m_isHit = false;
};

}  // namespace lares::cli
