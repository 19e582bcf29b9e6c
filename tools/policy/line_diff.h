#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace lares {

/// A line of a change, as a question shows it.
struct DiffLine {
    enum class Kind {
        Same,  ///< around what changes
        Removed,
        Added,
        Gap,  ///< lines that stay as they are and are not shown; no text
    };
    Kind kind = Kind::Same;
    std::string text;  ///< display_text of at most kMaxDiffLineBytes, and "..." for more
};

/// What changes between two texts, and nothing else but two lines around it.
struct LineDiff {
    std::vector<DiffLine> lines;
    std::size_t n_left_out = 0;  ///< after kMaxDiffLines
};

constexpr std::size_t kMaxDiffLines = 400;
constexpr std::size_t kMaxDiffLineBytes = 300;

/// The fewest lines removed and added that lead from one to the other (E. Myers, "An O(ND)
/// Difference Algorithm and Its Variations", 1986, greedy); where they have little in common, all
/// of one and then all of the other. A "\r" at the end of a line does not count. Any thread.
[[nodiscard]] LineDiff line_diff(std::string_view before, std::string_view after);

}  // namespace lares
