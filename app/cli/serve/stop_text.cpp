#include "app/cli/serve/stop_text.h"

#include <algorithm>
#include <utility>

namespace lares::cli {
namespace {

/// The length of the longest end of `text` that is a beginning of `stop`, but not all of it.
std::size_t heldLength(std::string_view text, std::string_view stop) {
    for (std::size_t n = std::min(text.size(), stop.size() - 1); n > 0; --n) {
        if (stop.starts_with(text.substr(text.size() - n))) return n;
    }
    return 0;
}

}  // namespace

StopText::StopText(std::vector<std::string> stops) : m_stops(std::move(stops)) {}

std::string StopText::push(std::string_view text) {
    if (m_isHit) return {};
    m_held += text;
    // Which of them is complete first decides, not which begins first: cut at any place, the text
    // must end at the same one.
    std::size_t firstEnd = std::string::npos;
    std::size_t cut = std::string::npos;
    std::size_t held = 0;
    for (const std::string& stop : m_stops) {
        held = std::max(held, heldLength(m_held, stop));
        const std::size_t start = m_held.find(stop);
        if (start == std::string::npos) continue;
        const std::size_t end = start + stop.size();
        if (end < firstEnd || (end == firstEnd && start < cut)) {
            firstEnd = end;
            cut = start;
        }
    }
    if (cut != std::string::npos) {
        m_isHit = true;
        return std::exchange(m_held, {}).substr(0, cut);
    }
    std::string shown = m_held.substr(0, m_held.size() - held);
    m_held.erase(0, shown.size());
    return shown;
}

std::string StopText::flush() {
    return std::exchange(m_held, {});
}

}  // namespace lares::cli
