#include "tools/policy/call_ends.h"

#include <utility>

namespace lares {
namespace {

constexpr std::size_t kMaxHeld = 64;
constexpr std::chrono::seconds kMaxWait{1};

}  // namespace

Result<void> CallEnds::end(EndedCall call) {
    const std::lock_guard lock(m_mutex);
    if (m_held.empty()) m_since = std::chrono::steady_clock::now();
    m_held.push_back(std::move(call));
    --m_n_open;
    return write_if_due();
}

void CallEnds::drop() {
    const std::lock_guard lock(m_mutex);
    --m_n_open;
    // Nobody is there to be told: the next call's decision meets the same fault.
    (void)write_if_due();
}

Result<void> CallEnds::write_if_due() {
    const bool is_due = m_n_open == 0 || m_held.size() >= kMaxHeld ||
                        std::chrono::steady_clock::now() - m_since >= kMaxWait;
    if (m_held.empty() || !is_due) return {};
    return m_log.ended_all(std::exchange(m_held, {}));
}

}  // namespace lares
