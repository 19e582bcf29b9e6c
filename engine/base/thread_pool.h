#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <stop_token>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

namespace lares {

/// A fixed set of threads for loops inside one forward pass. The calling thread works too, so a
/// pool of 1 starts none. Waiting threads spin for about 50 µs (a decode step has a loop every few
/// 10 µs) and then sleep, so that other programs get the core. Items are taken in small portions by
/// whoever is free: a thread that the system preempts holds up its own portion only, and one that
/// did not wake up in time holds up nobody. A thread that held up the others, because another
/// program wanted its core, is left out for a while: 16 ms, and longer, up to half a second, each
/// time that it happens again soon after. At most 1024 threads. One thread at a time may call
/// parallel_for and set_stop. Nothing allocates after construction.
class ThreadPool {
public:
    /// Nanoseconds of a clock that only goes forward.
    using Now = std::int64_t (*)();
    [[nodiscard]] static std::int64_t steady_now();

    /// Starts n_threads - 1 threads, fewer where the system gives no more. `now` is for tests.
    /// Throws std::bad_alloc.
    explicit ThreadPool(int n_threads, Now now = steady_now);
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

    /// Once `stop` is requested, parallel_for leaves out the portions that have not begun, so that
    /// a long computation ends within one portion. Whoever sets one must throw away what was
    /// computed if it was requested at any time before the last loop ended. `{}` ends it.
    void set_stop(std::stop_token stop) noexcept { m_stop_token = std::move(stop); }
    [[nodiscard]] bool is_stopped() const noexcept { return m_stop_token.stop_requested(); }

private:
    using Invoke = void (*)(const void* context, std::int64_t begin, std::int64_t end, int thread);

    void run(std::int64_t n_items, std::int64_t grain, Invoke invoke, const void* context);
    /// How long the calling thread's portions of one loop took.
    struct Portions {
        std::int64_t n = 0;
        std::int64_t longest = 0;
        std::int64_t second_longest = 0;
        std::int64_t end = 0;  // when the last one ended
    };
    /// A thread of the pool, as the calling thread sees it.
    struct alignas(64) Worker {
        std::atomic<bool> is_inside{false};           // the loop
        std::atomic<std::int64_t> left_out_until{0};  // on the clock
        std::int64_t span = 0;                        // for which it was left out last
        bool is_late = false;                         // was inside when the caller went to sleep
    };

    void work(int thread);
    Portions work_and_measure();
    void join();
    [[nodiscard]] std::span<Worker> workers() const { return {m_workers.get(), m_threads.size()}; }
    [[nodiscard]] bool is_anybody_welcome(std::int64_t now) const;
    void leave_out_who_was_late(const Portions& mine);
    void leave_out(Worker& worker, std::int64_t now);
    void worker_main(int thread);

    // m_state: the number of the loop, whether workers may still enter it, and how many are inside.
    static constexpr std::uint32_t kInsideMask = 0x7FF;
    static constexpr std::uint32_t kIsOpen = 0x800;
    static constexpr std::uint32_t kOneGeneration = 0x1000;
    static constexpr std::uint32_t kGenerationMask = ~(kInsideMask | kIsOpen);

    // The loop in progress; written while nobody is inside, read from inside.
    Invoke m_invoke = nullptr;
    const void* m_context = nullptr;
    std::int64_t m_n_items = 0;
    std::int64_t m_grain = 1;
    std::stop_token m_stop_token;

    alignas(64) std::atomic<std::int64_t> m_next{0};
    alignas(64) std::atomic<std::uint32_t> m_state{0};
    std::atomic<bool> m_quit{false};
    Now m_now;
    std::unique_ptr<Worker[]> m_workers;
    std::vector<std::thread> m_threads;
};

}  // namespace lares
