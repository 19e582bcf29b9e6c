#include "tools/policy/confined_run.h"

#include <condition_variable>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

namespace lares {
namespace {

/// Work of one thread that another does for it.
class Errands {
public:
    /// By the confined thread; returns when it is done.
    void send(const std::function<void()>& errand) {
        std::unique_lock lock(m_mutex);
        m_errand = &errand;
        m_changed.notify_all();
        m_changed.wait(lock, [this] { return m_errand == nullptr; });
    }
    /// By the confined thread, at its end.
    void end() {
        const std::lock_guard lock(m_mutex);
        m_is_over = true;
        m_changed.notify_all();
    }
    /// By the thread that waits for it.
    void run_until_end() {
        std::unique_lock lock(m_mutex);
        while (true) {
            m_changed.wait(lock, [this] { return m_is_over || m_errand != nullptr; });
            if (m_errand == nullptr) return;
            (*m_errand)();  // the other thread waits, so nobody needs the lock
            m_errand = nullptr;
            m_changed.notify_all();
        }
    }

private:
    std::mutex m_mutex;
    std::condition_variable m_changed;
    const std::function<void()>* m_errand = nullptr;
    bool m_is_over = false;
};

/// The log as the confined thread has it.
class LogByErrand final : public ChangeLog {
public:
    LogByErrand(ChangeLog& log, Errands& errands) : m_log(log), m_errands(errands) {}

    [[nodiscard]] Result<ChangeId> begin(const FileChange& change,
                                         std::string_view replaced_bytes) override {
        std::optional<Result<ChangeId>> begun;
        m_errands.send([&] { begun.emplace(m_log.begin(change, replaced_bytes)); });
        return std::move(*begun);
    }
    void done(ChangeId id) override {
        m_errands.send([&] { m_log.done(id); });
    }
    void drop(ChangeId id) override {
        m_errands.send([&] { m_log.drop(id); });
    }

private:
    ChangeLog& m_log;
    Errands& m_errands;
};

ConfinedOutcome run_here(std::span<const ConfinedFolder> folders,
                         ChangeLog* log,
                         const std::function<ToolText(ChangeLog*)>& work) {
    ConfinedOutcome outcome;
    try {
        Result<std::vector<std::string>> layers = confine_this_thread(folders);
        if (!layers) {
            outcome.text = tool_error(layers.error().code, layers.error().message);
            return outcome;
        }
        outcome.layers = std::move(*layers);
        outcome.text = work(log);
    } catch (const std::exception& error) {  // of the standard library: out of memory
        outcome.text =
            tool_error(ErrorCode::OutOfMemory, std::string("tool failed: ") + error.what());
    }
    return outcome;
}

}  // namespace

ConfinedOutcome run_confined(std::span<const ConfinedFolder> folders,
                             ChangeLog* log,
                             const std::function<ToolText(ChangeLog*)>& work) {
    Errands errands;
    std::optional<LogByErrand> relayed;
    if (log) relayed.emplace(*log, errands);
    ConfinedOutcome outcome;
    std::thread thread([&] {
        outcome = run_here(folders, relayed ? &*relayed : nullptr, work);
        errands.end();
    });
    errands.run_until_end();
    thread.join();
    return outcome;
}

}  // namespace lares
