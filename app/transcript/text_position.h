#pragma once

#include <compare>
#include <cstddef>

namespace lares::app {

/// A place between two characters of the conversation.
struct TextPosition {
    int row = 0;
    std::size_t block = 0;
    int offset = 0;  ///< in the block's text

    auto operator<=>(const TextPosition&) const = default;
};

/// From the one to the other; `from` is not behind `to`.
struct TextRange {
    TextPosition from;
    TextPosition to;

    [[nodiscard]] bool isEmpty() const { return from == to; }
    bool operator==(const TextRange&) const = default;
};

}  // namespace lares::app
