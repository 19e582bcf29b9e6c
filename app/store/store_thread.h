#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace lares::app {

/// One thread that carries out jobs in the order in which they came. `post` is thread safe and
/// returns at once; a job throws nothing.
class StoreThread {
public:
    using Job = std::function<void()>;

    StoreThread();
    ~StoreThread();  ///< when everything that was posted is done
    StoreThread(const StoreThread&) = delete;
    StoreThread& operator=(const StoreThread&) = delete;

    void post(Job job);
    void waitForDone();  ///< until everything that was posted is done; not from a job

private:
    void run();

    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::deque<Job> m_jobs;
    bool m_isEnding = false;
    std::thread m_thread;  ///< last: it uses the others
};

}  // namespace lares::app
