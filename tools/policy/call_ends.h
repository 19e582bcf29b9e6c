#pragma once

#include "tools/audit/call_log.h"

#include <chrono>
#include <cstddef>
#include <mutex>
#include <vector>

namespace lares {

/// How the calls of one answer ended, on the way to the log of calls: written together, since each
/// time costs a dozen syncs of the disk and a plan has forty calls. What is not written yet is held
/// for a second at most while calls go on, and written when the last of them has ended or was let
/// go. A crash loses no more than that; the decisions are on disk before anything runs, and so is
/// every change, in the journal.
///
/// Shared by the calls, each of which ends once: `end` or `drop`. Thread safe. `log` outlives it.
class CallEnds {
public:
    CallEnds(CallLog& log, std::size_t n_call) : m_log(log), m_n_open(n_call) {}
    CallEnds(const CallEnds&) = delete;
    CallEnds& operator=(const CallEnds&) = delete;

    /// An error of what was written, this call's end or those of calls before it.
    [[nodiscard]] Result<void> end(EndedCall call);
    /// A call that will not run.
    void drop();

private:
    [[nodiscard]] Result<void> write_if_due();

    CallLog& m_log;
    std::mutex m_mutex;  // of what follows
    std::size_t m_n_open;
    std::vector<EndedCall> m_held;
    std::chrono::steady_clock::time_point m_since;  // of the first one held
};

}  // namespace lares
