#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <thread>
#include <type_traits>
#include <vector>

namespace lares {

/// Threads of physical cores this process may use; at least 1. Hyper-threads share a core's vector
/// units, so they are not counted.
[[nodiscard]] int physical_core_count();

/// A fixed set of threads for loops inside one forward pass. The calling thread works too, so a
/// pool of 1 starts none. Waiting threads spin for about 50 µs (a decode step has a loop every few
/// 10 µs) and then sleep, so that other programs get the core. Items are taken in small portions by
/// whoever is free: a thread that the system preempts holds up its own portion only. One thread at
/// a time may call parallel_for. Nothing allocates after construction.
class ThreadPool {
public:
    explicit ThreadPool(int n_threads);
    ~ThreadPool();
    ThreadPool(const ThreadPool&) = delete;
    ThreadPool& operator=(const ThreadPool&) = delete;

    [[nodiscard]] int n_threads() const noexcept { return static_cast<int>(m_threads.size()) + 1; }

    /// Calls body(begin, end, thread) for portions of at most `grain` items that cover [0, n_items)
    /// once, `thread` in [0, n_threads()), and returns when all are done. `body` must not throw.
    template <class Body>
    void parallel_for(std::int64_t n_items, std::int64_t grain, const Body& body) {
        run(
            n_items, grain,
            [](const void* context, std::int64_t begin, std::int64_t end, int thread) {
                (*static_cast<const Body*>(context))(begin, end, thread);
            },
            &body);
    }

private:
    using Invoke = void (*)(const void* context, std::int64_t begin, std::int64_t end, int thread);

    void run(std::int64_t n_items, std::int64_t grain, Invoke invoke, const void* context);
    void work(int thread);
    void worker_main(int thread);

    // The loop in progress; written before m_generation changes, read after it was seen to change.
    Invoke m_invoke = nullptr;
    const void* m_context = nullptr;
    std::int64_t m_n_items = 0;
    std::int64_t m_grain = 1;

    alignas(64) std::atomic<std::int64_t> m_next{0};
    alignas(64) std::atomic<std::uint32_t> m_generation{0};
    alignas(64) std::atomic<int> m_n_working{0};
    std::atomic<bool> m_stop{false};
    std::vector<std::thread> m_threads;
};

}  // namespace lares
