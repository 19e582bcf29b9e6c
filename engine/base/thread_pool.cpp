#include "engine/base/thread_pool.h"

#include "engine/base/atomic_wait.h"

#include <algorithm>
#include <chrono>
#include <system_error>
#include <utility>

#if defined(__x86_64__) || defined(_M_X64)
#include <immintrin.h>
#endif

namespace lares {
namespace {

/// A wait that says nothing: threads wake up, caches miss.
constexpr std::int64_t kShortDelay = 500'000;
/// How long a thread is left out, in nanoseconds, and in how many such times a second delay counts
/// as the same trouble.
constexpr std::int64_t kFirstSpan = 16'000'000;
constexpr std::int64_t kLongestSpan = 512'000'000;
constexpr std::int64_t kSoonAgain = 8;

void relax() {
#if defined(__x86_64__) || defined(_M_X64)
    _mm_pause();
#elif defined(__aarch64__)
    asm volatile("yield");
#endif
}

/// Spins until `ready()` or about 50 µs have passed; true if ready.
template <class Ready>
bool spin_until(const Ready& ready) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::microseconds(50);
    do {
        for (int i = 0; i < 64; ++i) {
            if (ready()) return true;
            relax();
        }
    } while (std::chrono::steady_clock::now() < deadline);
    return ready();
}

}  // namespace

std::int64_t ThreadPool::steady_now() {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(
               std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

ThreadPool::ThreadPool(int n_threads, Now now)
    : m_now(now)
    , m_workers(std::make_unique<Worker[]>(static_cast<std::size_t>(std::max(1, n_threads)))) {
    try {
        // Nobody looks at m_threads from another thread: it may grow while they wait.
        m_threads.reserve(static_cast<std::size_t>(std::max(1, n_threads)));
        for (int i = 1; i < n_threads; ++i) m_threads.emplace_back([this, i] { worker_main(i); });
    } catch (const std::system_error&) {
        // The system gives no more threads: fewer do the same work.
    } catch (...) {
        join();
        throw;
    }
}

ThreadPool::~ThreadPool() {
    join();
}

void ThreadPool::join() {
    m_quit.store(true, std::memory_order_relaxed);
    m_state.fetch_add(kOneGeneration, std::memory_order_release);
    wake_waiting(m_state);
    for (std::thread& thread : m_threads) thread.join();
    m_threads.clear();
}

void ThreadPool::run(std::int64_t n_items, std::int64_t grain, Invoke invoke, const void* context) {
    if (n_items <= 0) return;
    if (m_threads.empty() || n_items <= grain || !is_anybody_welcome(m_now())) {
        for (std::int64_t begin = 0; begin < n_items && !is_stopped(); begin += grain)
            invoke(context, begin, std::min(begin + grain, n_items), 0);
        return;
    }
    m_invoke = invoke;
    m_context = context;
    m_n_items = n_items;
    m_grain = grain;
    m_next.store(0, std::memory_order_relaxed);
    const std::uint32_t generation = (m_state.load(std::memory_order_relaxed) & kGenerationMask);
    m_state.store((generation + kOneGeneration) | kIsOpen, std::memory_order_release);
    wake_waiting(m_state);

    const Portions mine = work_and_measure();

    // Nothing is left to take. Workers that are still asleep need not be waited for: on a busy
    // machine that would cost a time slice of the system for each loop.
    m_state.fetch_and(~kIsOpen, std::memory_order_acq_rel);
    std::uint32_t state = 0;
    const auto all_left = [this, &state] {
        state = m_state.load(std::memory_order_acquire);
        return (state & kInsideMask) == 0;
    };
    if (!spin_until(all_left)) {
        for (Worker& worker : workers())
            worker.is_late = worker.is_inside.load(std::memory_order_relaxed);
        do {
            wait_while(m_state, state);
        } while (!spin_until(all_left));
    }
    leave_out_who_was_late(mine);
}

ThreadPool::Portions ThreadPool::work_and_measure() {
    Portions portions;
    portions.end = m_now();
    for (;;) {
        const std::int64_t begin = m_next.fetch_add(m_grain, std::memory_order_relaxed);
        if (begin >= m_n_items || is_stopped()) return portions;
        m_invoke(m_context, begin, std::min(begin + m_grain, m_n_items), 0);
        const std::int64_t end = m_now();
        const std::int64_t took = end - portions.end;
        portions.end = end;
        ++portions.n;
        portions.second_longest =
            std::max(portions.second_longest, std::min(portions.longest, took));
        portions.longest = std::max(portions.longest, took);
    }
}

bool ThreadPool::is_anybody_welcome(std::int64_t now) const {
    return std::ranges::any_of(workers(), [now](const Worker& worker) {
        return worker.left_out_until.load(std::memory_order_relaxed) <= now;
    });
}

/// Portions of one loop are about alike. One that takes much longer lost its core to another
/// program, for a time slice of some milliseconds; with a core less wanted there are no such
/// losses.
void ThreadPool::leave_out_who_was_late(const Portions& mine) {
    const std::int64_t now = m_now();
    if (now - mine.end > kShortDelay + 3 * mine.longest) {
        for (Worker& worker : workers())
            if (worker.is_late) leave_out(worker, now);
    } else if (mine.n > 2 && mine.longest > 4 * (kShortDelay + mine.second_longest)) {
        // It was this thread, which must go on: somebody else makes room.
        for (Worker& worker : workers()) {
            if (worker.left_out_until.load(std::memory_order_relaxed) > now) continue;
            leave_out(worker, now);
            break;
        }
    }
    for (Worker& worker : workers()) worker.is_late = false;
}

void ThreadPool::leave_out(Worker& worker, std::int64_t now) {
    const std::int64_t back = worker.left_out_until.load(std::memory_order_relaxed);
    const bool is_again = worker.span > 0 && now - back < kSoonAgain * worker.span;
    worker.span = is_again ? std::min(2 * worker.span, kLongestSpan) : kFirstSpan;
    worker.left_out_until.store(now + worker.span, std::memory_order_relaxed);
}

void ThreadPool::work(int thread) {
    for (;;) {
        const std::int64_t begin = m_next.fetch_add(m_grain, std::memory_order_relaxed);
        if (begin >= m_n_items || is_stopped()) return;
        m_invoke(m_context, begin, std::min(begin + m_grain, m_n_items), thread);
    }
}

void ThreadPool::worker_main(int thread) {
    std::uint32_t seen = 0;
    for (;;) {
        std::uint32_t state = 0;
        const auto is_needed = [this, &state, seen] {
            state = m_state.load(std::memory_order_acquire);
            return m_quit.load(std::memory_order_relaxed) ||
                   ((state & kIsOpen) != 0 && (state & kGenerationMask) != seen);
        };
        while (!spin_until(is_needed)) wait_while(m_state, state);
        if (m_quit.load(std::memory_order_relaxed)) return;
        Worker& self = m_workers[static_cast<std::size_t>(thread - 1)];
        if (self.left_out_until.load(std::memory_order_relaxed) > m_now()) {
            seen = state & kGenerationMask;
            continue;
        }
        // Enter the loop, unless it was closed in the meantime.
        if (!m_state.compare_exchange_strong(state, state + 1, std::memory_order_acq_rel)) continue;
        seen = state & kGenerationMask;
        self.is_inside.store(true, std::memory_order_relaxed);
        work(thread);
        self.is_inside.store(false, std::memory_order_relaxed);
        const std::uint32_t before = m_state.fetch_sub(1, std::memory_order_acq_rel);
        if ((before & kIsOpen) == 0 && (before & kInsideMask) == 1) wake_waiting(m_state);
    }
}

}  // namespace lares
