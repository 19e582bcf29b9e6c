#include "engine/base/thread_pool.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <set>
#include <string>
#include <system_error>
#include <utility>

#if defined(__linux__)
#include <sched.h>
#endif
#if defined(__x86_64__) || defined(_M_X64)
#include <immintrin.h>
#endif

namespace lares {
namespace {

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

#if defined(__linux__)
int read_topology(int cpu, const char* file) {
    const std::string path =
        "/sys/devices/system/cpu/cpu" + std::to_string(cpu) + "/topology/" + file;
    std::FILE* in = std::fopen(path.c_str(), "r");
    if (!in) return -1;
    int value = -1;
    if (std::fscanf(in, "%d", &value) != 1) value = -1;
    std::fclose(in);
    return value;
}
#endif

}  // namespace

int physical_core_count() {
#if defined(__linux__)
    cpu_set_t allowed;
    CPU_ZERO(&allowed);
    if (sched_getaffinity(0, sizeof(allowed), &allowed) == 0) {
        std::set<std::pair<int, int>> cores;
        int unknown = 0;
        for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
            if (!CPU_ISSET(cpu, &allowed)) continue;
            const int core = read_topology(cpu, "core_id");
            if (core < 0)
                ++unknown;
            else
                cores.emplace(read_topology(cpu, "physical_package_id"), core);
        }
        return std::max(1, static_cast<int>(cores.size()) + unknown);
    }
#endif
    return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

ThreadPool::ThreadPool(int n_threads) {
    try {
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
    m_state.notify_all();
    for (std::thread& thread : m_threads) thread.join();
    m_threads.clear();
}

void ThreadPool::run(std::int64_t n_items, std::int64_t grain, Invoke invoke, const void* context) {
    if (n_items <= 0) return;
    if (m_threads.empty() || n_items <= grain) {
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
    m_state.notify_all();

    work(0);

    // Nothing is left to take. Workers that are still asleep need not be waited for: on a busy
    // machine that would cost a time slice of the system for each loop.
    m_state.fetch_and(~kIsOpen, std::memory_order_acq_rel);
    std::uint32_t state = 0;
    const auto all_left = [this, &state] {
        state = m_state.load(std::memory_order_acquire);
        return (state & kInsideMask) == 0;
    };
    while (!spin_until(all_left)) m_state.wait(state, std::memory_order_acquire);
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
        while (!spin_until(is_needed)) m_state.wait(state, std::memory_order_acquire);
        if (m_quit.load(std::memory_order_relaxed)) return;
        // Enter the loop, unless it was closed in the meantime.
        if (!m_state.compare_exchange_strong(state, state + 1, std::memory_order_acq_rel)) continue;
        seen = state & kGenerationMask;
        work(thread);
        const std::uint32_t before = m_state.fetch_sub(1, std::memory_order_acq_rel);
        if ((before & kIsOpen) == 0 && (before & kInsideMask) == 1) m_state.notify_all();
    }
}

}  // namespace lares
