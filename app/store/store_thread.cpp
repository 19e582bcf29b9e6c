#include "app/store/store_thread.h"

#include <future>
#include <utility>

namespace lares::app {

StoreThread::StoreThread() : m_thread([this] { run(); }) {}

StoreThread::~StoreThread() {
    {
        const std::lock_guard lock(m_mutex);
        m_isEnding = true;
    }
    m_changed.notify_one();
    m_thread.join();
}

void StoreThread::post(Job job) {
    {
        const std::lock_guard lock(m_mutex);
        m_jobs.push_back(std::move(job));
    }
    m_changed.notify_one();
}

void StoreThread::waitForDone() {
    std::promise<void> done;
    post([&done] { done.set_value(); });
    done.get_future().wait();
}

void StoreThread::run() {
    std::unique_lock lock(m_mutex);
    for (;;) {
        m_changed.wait(lock, [this] { return m_isEnding || !m_jobs.empty(); });
        if (m_jobs.empty()) return;
        {
            const Job job = std::exchange(m_jobs.front(), nullptr);
            m_jobs.pop_front();
            lock.unlock();
            job();
        }
        lock.lock();
    }
}

}  // namespace lares::app
