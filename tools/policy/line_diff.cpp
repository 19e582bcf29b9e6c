#include "tools/policy/line_diff.h"

#include "tools/builtin/tool_text.h"
#include "tools/sandbox/display_text.h"

#include <algorithm>
#include <cstdint>
#include <span>

namespace lares {
namespace {

constexpr std::size_t kContext = 2;
// Beyond this many lines removed and added nobody reads which ones stayed in between.
constexpr std::int64_t kMaxSteps = 400;

using Lines = std::vector<std::string_view>;
using Kind = DiffLine::Kind;

Lines lines_of(std::string_view text) {
    Lines lines;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        std::string_view line = text.substr(0, end);
        if (line.ends_with('\r')) line.remove_suffix(1);
        lines.push_back(line);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

struct Step {
    Kind kind = Kind::Same;
    std::string_view text;
};

/// Everything of one, then everything of the other.
std::vector<Step> replaced(std::span<const std::string_view> a,
                           std::span<const std::string_view> b) {
    std::vector<Step> steps;
    for (const std::string_view line : a) steps.push_back({Kind::Removed, line});
    for (const std::string_view line : b) steps.push_back({Kind::Added, line});
    return steps;
}

/// The shortest way from a to b: `reach[d]` holds, for each diagonal k = x - y, how far into `a` d
/// steps lead; then the way back.
std::vector<Step> shortest(std::span<const std::string_view> a,
                           std::span<const std::string_view> b) {
    const auto n = static_cast<std::int64_t>(a.size());
    const auto m = static_cast<std::int64_t>(b.size());
    const auto at = [](std::span<const std::string_view> lines, std::int64_t i) {
        return lines[static_cast<std::size_t>(i)];
    };
    const std::int64_t most = std::min(n + m, kMaxSteps);
    std::vector<std::vector<std::int64_t>> reach;
    const auto get = [](const std::vector<std::int64_t>& row, std::int64_t d, std::int64_t k) {
        return row[static_cast<std::size_t>(k + d)];
    };
    // Whether the last of d steps to diagonal k adds a line of b (else it removes one of a).
    const auto is_added = [&](std::int64_t d, std::int64_t k) {
        if (k == -d) return true;
        if (k == d) return false;
        const auto& row = reach[static_cast<std::size_t>(d - 1)];
        return get(row, d - 1, k - 1) < get(row, d - 1, k + 1);
    };
    std::int64_t d = 0;
    bool is_there = false;
    for (; d <= most && !is_there; ++d) {
        // A row holds k = -d … d; of a row before, k has the parity of its d.
        std::vector<std::int64_t> row(static_cast<std::size_t>(2 * d + 1), 0);
        for (std::int64_t k = -d; k <= d; k += 2) {
            std::int64_t x = 0;
            if (d > 0) {
                const auto& before = reach[static_cast<std::size_t>(d - 1)];
                x = is_added(d, k) ? get(before, d - 1, k + 1) : get(before, d - 1, k - 1) + 1;
            }
            while (x < n && x - k < m && at(a, x) == at(b, x - k)) ++x;
            row[static_cast<std::size_t>(k + d)] = x;
            if (x >= n && x - k >= m) is_there = true;
        }
        reach.push_back(std::move(row));
    }
    if (!is_there) return replaced(a, b);

    std::vector<Step> steps;
    std::int64_t x = n;
    std::int64_t y = m;
    for (--d; d > 0; --d) {
        const std::int64_t k = x - y;
        const bool adds = is_added(d, k);
        const std::int64_t from_k = adds ? k + 1 : k - 1;
        const std::int64_t from_x = get(reach[static_cast<std::size_t>(d - 1)], d - 1, from_k);
        const std::int64_t from_y = from_x - from_k;
        while (x > from_x + (adds ? 0 : 1) && y > from_y + (adds ? 1 : 0)) {
            steps.push_back({Kind::Same, at(a, --x)});
            --y;
        }
        steps.push_back(adds ? Step{Kind::Added, at(b, --y)} : Step{Kind::Removed, at(a, --x)});
    }
    while (x > 0) steps.push_back({Kind::Same, at(a, --x)});
    std::reverse(steps.begin(), steps.end());
    return steps;
}

std::string shown(std::string_view line) {
    const bool is_cut = line.size() > kMaxDiffLineBytes;
    if (is_cut) {
        std::size_t end = kMaxDiffLineBytes;
        while (end > 0 && !begins_character(line[end])) --end;
        line = line.substr(0, end);
    }
    // Indentation by tabs is no trick of the text's.
    std::string spaced;
    for (const char c : line) c == '\t' ? spaced.append("    ") : spaced.append(1, c);
    return display_text(spaced) + (is_cut ? "..." : "");
}

}  // namespace

LineDiff line_diff(std::string_view before, std::string_view after) {
    const Lines a = lines_of(before);
    const Lines b = lines_of(after);
    std::size_t begin = 0;
    while (begin < a.size() && begin < b.size() && a[begin] == b[begin]) ++begin;
    std::size_t end = 0;
    while (end < a.size() - begin && end < b.size() - begin &&
           a[a.size() - 1 - end] == b[b.size() - 1 - end])
        ++end;
    const std::span middle_a = std::span(a).subspan(begin, a.size() - begin - end);
    const std::span middle_b = std::span(b).subspan(begin, b.size() - begin - end);
    std::vector<Step> steps;
    for (std::size_t i = 0; i < begin; ++i) steps.push_back({Kind::Same, a[i]});
    const std::vector<Step> middle = shortest(middle_a, middle_b);
    steps.insert(steps.end(), middle.begin(), middle.end());
    for (std::size_t i = a.size() - end; i < a.size(); ++i) steps.push_back({Kind::Same, a[i]});

    std::vector<bool> is_near(steps.size(), false);
    for (std::size_t i = 0; i < steps.size(); ++i) {
        if (steps[i].kind == Kind::Same) continue;
        const std::size_t first = i > kContext ? i - kContext : 0;
        const std::size_t last = std::min(steps.size(), i + kContext + 1);
        std::fill(is_near.begin() + static_cast<std::ptrdiff_t>(first),
                  is_near.begin() + static_cast<std::ptrdiff_t>(last), true);
    }
    LineDiff diff;
    for (std::size_t i = 0; i < steps.size(); ++i) {
        if (diff.lines.size() >= kMaxDiffLines) {
            diff.n_left_out += is_near[i] ? 1 : 0;
        } else if (is_near[i]) {
            diff.lines.push_back({steps[i].kind, shown(steps[i].text)});
        } else if (diff.lines.empty() || diff.lines.back().kind != Kind::Gap) {
            diff.lines.push_back({Kind::Gap, {}});
        }
    }
    // What is before and after all that changes goes without saying.
    if (!diff.lines.empty() && diff.lines.front().kind == Kind::Gap)
        diff.lines.erase(diff.lines.begin());
    if (!diff.lines.empty() && diff.lines.back().kind == Kind::Gap) diff.lines.pop_back();
    return diff;
}

}  // namespace lares
