#include "app/cli/machine_probe.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstring>
#include <functional>
#include <thread>
#include <vector>

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>
#define LARES_PROBE_X86 1
#endif

namespace lares::cli {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kRuns = 5;
constexpr std::size_t kBufferBytes = std::size_t{256}
                                     << 20;  // larger than any last-level cache we expect
constexpr std::int64_t kRounds = 4'000'000;
constexpr int kChains = 10;  // independent sums, so that latency does not hide the throughput

/// Keeps a result alive, so that the compiler cannot drop the loop that made it.
void keep(std::uint64_t value) {
    static std::atomic<std::uint64_t> sink;
    sink.fetch_xor(value, std::memory_order_relaxed);
}

void keepBytes(const void* bytes, std::size_t n) {
    std::uint64_t word = 0;
    for (std::size_t i = 0; i + sizeof word <= n; i += sizeof word) {
        std::memcpy(&word, static_cast<const char*>(bytes) + i, sizeof word);
        keep(word);
    }
}

/// Seconds until the slowest of `n_threads` threads has done `work(thread)`, best of a few runs.
double bestSeconds(int n_threads, const std::function<void(int)>& work) {
    double best = 1e30;
    for (int run = 0; run < kRuns; ++run) {
        std::atomic<int> n_missing = n_threads;
        const auto waitForAll = [&n_missing] {
            while (n_missing > 0) std::this_thread::yield();
        };
        std::vector<std::thread> threads;
        for (int i = 0; i < n_threads; ++i) {
            threads.emplace_back([&, i] {
                --n_missing;
                waitForAll();
                work(i);
            });
        }
        waitForAll();
        const auto begin = Clock::now();
        for (std::thread& thread : threads) thread.join();
        best = std::min(best, std::chrono::duration<double>(Clock::now() - begin).count());
    }
    return best;
}

/// Reads every word once, in eight sums.
void readAll(const std::uint64_t* words, std::size_t n) {
    std::array<std::uint64_t, 8> sums{};
    for (std::size_t i = 0; i + 8 <= n; i += 8) {
        for (std::size_t lane = 0; lane < 8; ++lane) sums[lane] += words[i + lane];
    }
    std::uint64_t total = 0;
    for (const std::uint64_t sum : sums) total ^= sum;
    keep(total);
}

double measureBandwidth(int n_threads) {
    const std::vector<std::uint64_t> buffer(kBufferBytes / sizeof(std::uint64_t), 1);
    const std::size_t share = buffer.size() / static_cast<std::size_t>(n_threads);
    const double seconds = bestSeconds(n_threads, [&](int i) {
        readAll(buffer.data() + static_cast<std::size_t>(i) * share, share);
    });
    return static_cast<double>(share * static_cast<std::size_t>(n_threads) *
                               sizeof(std::uint64_t)) /
           seconds / 1e9;
}

/// Operations of one call of a peak loop.
using PeakLoop = double (*)();

#ifdef LARES_PROBE_X86

__attribute__((target("avx512f,avx512bw,avx512vl,avx512vnni"))) double int8Avx512() {
    __m512i sums[kChains] = {};
    const __m512i a = _mm512_set1_epi8(3);
    for (std::int64_t i = 0; i < kRounds; ++i) {
#pragma GCC unroll 10
        for (int c = 0; c < kChains; ++c) {
            sums[c] = _mm512_dpbusd_epi32(sums[c], a, a);
        }
    }
    keepBytes(sums, sizeof sums);
    return static_cast<double>(kRounds) * kChains * 64 * 2;
}

__attribute__((target("avx2"))) double int8Avx2() {
    __m256i sums[kChains] = {};
    const __m256i a = _mm256_set1_epi8(3);
    const __m256i ones = _mm256_set1_epi16(1);
    for (std::int64_t i = 0; i < kRounds; ++i) {
#pragma GCC unroll 10
        for (int c = 0; c < kChains; ++c) {
            // The input depends on the sum, or the products would be computed once.
            __m256i& sum = sums[c];
            const __m256i products = _mm256_maddubs_epi16(a, _mm256_or_si256(a, sum));
            sum = _mm256_add_epi32(sum, _mm256_madd_epi16(products, ones));
        }
    }
    keepBytes(sums, sizeof sums);
    return static_cast<double>(kRounds) * kChains * 32 * 2;
}

__attribute__((target("avx512f"))) double f32Avx512() {
    __m512 sums[kChains] = {};
    const __m512 a = _mm512_set1_ps(0.5F);
    for (std::int64_t i = 0; i < kRounds; ++i) {
#pragma GCC unroll 10
        for (int c = 0; c < kChains; ++c) {
            sums[c] = _mm512_fmadd_ps(sums[c], a, a);
        }
    }
    keepBytes(sums, sizeof sums);
    return static_cast<double>(kRounds) * kChains * 16 * 2;
}

__attribute__((target("avx2,fma"))) double f32Avx2() {
    __m256 sums[kChains] = {};
    const __m256 a = _mm256_set1_ps(0.5F);
    for (std::int64_t i = 0; i < kRounds; ++i) {
#pragma GCC unroll 10
        for (int c = 0; c < kChains; ++c) {
            sums[c] = _mm256_fmadd_ps(sums[c], a, a);
        }
    }
    keepBytes(sums, sizeof sums);
    return static_cast<double>(kRounds) * kChains * 8 * 2;
}

#endif

/// What plain code reaches on a processor that has no loop of its own here.
double f32Plain() {
    std::array<float, 32> sums{};
    for (std::int64_t i = 0; i < kRounds; ++i) {
        for (float& sum : sums) sum = sum * 0.5F + 0.5F;
    }
    for (const float sum : sums) keep(static_cast<std::uint64_t>(sum));
    return static_cast<double>(kRounds) * 32 * 2;
}

PeakLoop int8Loop() {
#ifdef LARES_PROBE_X86
    if (__builtin_cpu_supports("avx512vnni") && __builtin_cpu_supports("avx512bw"))
        return int8Avx512;
    if (__builtin_cpu_supports("avx2")) return int8Avx2;
#endif
    return f32Plain;
}

PeakLoop f32Loop() {
#ifdef LARES_PROBE_X86
    if (__builtin_cpu_supports("avx512f")) return f32Avx512;
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return f32Avx2;
#endif
    return f32Plain;
}

double measurePeak(int n_threads, PeakLoop loop) {
    std::atomic<double> operations = 0.0;
    const double seconds = bestSeconds(n_threads, [&](int /*thread*/) { operations = loop(); });
    return operations * n_threads / seconds / 1e9;
}

}  // namespace

MachineLimits measureMachine(int n_threads) {
    return {measureBandwidth(n_threads), measurePeak(n_threads, int8Loop()),
            measurePeak(n_threads, f32Loop())};
}

}  // namespace lares::cli
