#include "kernels/device/reduce.cuh"
#include "kernels/sample.h"

namespace lares::kernels {

using Wide = unsigned long long;

constexpr float kLargestFloat = 3.402823466e38F;
constexpr int kScanThreads = 256;
constexpr int kPickThreads = 1024;
constexpr int kBins = 2048;
constexpr float kBinsPerUnit = 64.0F;  // 32 units below the largest, all that weighs anything
constexpr int kListed = 1024;          // tokens of a bin that are ordered in shared memory

// ---- numbers ------------------------------------------------------------------------------------

/// Orders as floats do, with -0 equal to +0.
LARES_DEVICE unsigned key_of(float v) {
    const unsigned bits = __float_as_uint(v + 0.0F);
    return (bits & 0x80000000U) != 0 ? ~bits : bits | 0x80000000U;
}
LARES_DEVICE float value_of(unsigned key) {
    return __uint_as_float((key & 0x80000000U) != 0 ? key & 0x7FFFFFFFU : ~key);
}
/// Larger is earlier in the order "largest value first, lowest id on a tie". Never zero.
LARES_DEVICE Wide rank_of(float v, int id) {
    return static_cast<Wide>(key_of(v)) << 32 | (0xFFFFFFFFU - static_cast<unsigned>(id));
}
LARES_DEVICE int id_of(Wide rank) {
    return static_cast<int>(0xFFFFFFFFU - static_cast<unsigned>(rank & 0xFFFFFFFFU));
}

LARES_DEVICE unsigned philox(Wide seed, unsigned step, unsigned token) {
    unsigned c0 = token / 4;
    unsigned c1 = step;
    unsigned c2 = 0;
    unsigned c3 = 0;
    unsigned k0 = static_cast<unsigned>(seed);
    unsigned k1 = static_cast<unsigned>(seed >> 32);
    LARES_UNROLL
    for (int round = 0; round < 10; ++round) {
        const unsigned high0 = __umulhi(0xD2511F53U, c0);
        const unsigned low0 = 0xD2511F53U * c0;
        const unsigned high1 = __umulhi(0xCD9E8D57U, c2);
        const unsigned low1 = 0xCD9E8D57U * c2;
        c0 = high1 ^ c1 ^ k0;
        c1 = low1;
        c2 = high0 ^ c3 ^ k1;
        c3 = low0;
        k0 += 0x9E3779B9U;
        k1 += 0xBB67AE85U;
    }
    const unsigned which = token % 4;
    return which == 0 ? c0 : which == 1 ? c1 : which == 2 ? c2 : c3;
}

/// What decides the draw: logit / temperature plus Gumbel noise. u has 23 bits and a half, so that
/// it is neither 0 nor, rounded, 1.
LARES_DEVICE float drawn_value(float logit, const SampleSettings& s, unsigned step, int id) {
    const unsigned bits = philox(s.seed, step, static_cast<unsigned>(id));
    const float u = (static_cast<float>(bits >> 9) + 0.5F) * 0x1p-23F;
    return logit / s.temperature - logf(-logf(u));
}

LARES_DEVICE bool has_filter(const SampleSettings& s) {
    return s.top_k > 0 || s.top_p < 1.0F || s.min_p > 0.0F;
}

// ---- scan ---------------------------------------------------------------------------------------

/// The logit with penalties (Keskar et al. 2019, arXiv:1909.05858 §4.1), minus infinity where it
/// may not be drawn.
LARES_DEVICE float usable_logit(const SampleParams& p, const SampleSettings& s, int id) {
    const float none = -__uint_as_float(0x7F800000U);
    float v = p.logits[id];
    if (!(v >= -kLargestFloat)) return none;
    if (s.has_mask != 0 && (p.allowed[id / 32] >> (id % 32) & 1U) == 0) return none;
    v = fminf(v, kLargestFloat);
    const unsigned n = s.penalty_window > 0 ? p.seen[id] : 0;
    if (n == 0) return v;
    v = v > 0.0F ? v / s.repeat_penalty : v * s.repeat_penalty;
    v = v - s.presence_penalty - static_cast<float>(n) * s.frequency_penalty;
    return fmaxf(fminf(v, kLargestFloat), -kLargestFloat);
}

template <class Scratch>
LARES_DEVICE Wide block_max(Wide v, Scratch& scratch) {
    const int lane = static_cast<int>(threadIdx.x % 32);
    const int n_warp = static_cast<int>(blockDim.x / 32);
    LARES_UNROLL
    for (int step = 16; step > 0; step /= 2) {
        const Wide other = __shfl_xor_sync(kAllLanes, v, step);
        v = other > v ? other : v;
    }
    if (lane == 0) scratch[threadIdx.x / 32] = v;
    __syncthreads();
    v = lane < n_warp ? scratch[lane] : 0;
    LARES_UNROLL
    for (int step = 16; step > 0; step /= 2) {
        const Wide other = __shfl_xor_sync(kAllLanes, v, step);
        v = other > v ? other : v;
    }
    __syncthreads();
    return v;
}

LARES_KERNEL(sample_scan, kScanThreads, SampleParams) {
    LARES_SHARED(Wide, scratch, 32);
    const SampleSettings s = *p.settings;
    const bool draws = s.temperature > 0.0F && !has_filter(s);
    const unsigned step = p.state->step;
    Wide greedy = 0;
    Wide drawn = 0;
    for (int i = 0; i < 4; ++i) {
        const int id = static_cast<int>(blockIdx.x) * 4 * kScanThreads + i * kScanThreads +
                       static_cast<int>(threadIdx.x);
        if (id >= p.n_vocab) break;
        const float v = usable_logit(p, s, id);
        p.work[id] = v;
        if (v < -kLargestFloat) continue;
        const Wide rank = rank_of(v, id);
        greedy = rank > greedy ? rank : greedy;
        if (!draws) continue;
        const Wide other = rank_of(drawn_value(v, s, step, id), id);
        drawn = other > drawn ? other : drawn;
    }
    greedy = block_max(greedy, scratch);
    if (draws) drawn = block_max(drawn, scratch);
    if (threadIdx.x != 0) return;
    if (greedy != 0) atomicMax(&p.state->best_greedy, greedy);
    if (drawn != 0) atomicMax(&p.state->best_drawn, drawn);
}

// ---- pick ---------------------------------------------------------------------------------------

/// What a token counts in a cut: one for top-k, its probability for top-p.
LARES_DEVICE Wide weight_of(float v, float largest, bool by_count) {
    if (by_count) return 1;
    return static_cast<Wide>(expf(v - largest) * 0x1p40F);
}

template <class Scratch>
LARES_DEVICE Wide block_total(Wide v, Scratch& scratch) {
    const int lane = static_cast<int>(threadIdx.x % 32);
    LARES_UNROLL
    for (int step = 16; step > 0; step /= 2) v += __shfl_xor_sync(kAllLanes, v, step);
    if (lane == 0) scratch[threadIdx.x / 32] = v;
    __syncthreads();
    v = scratch[lane];  // a block of 32 warps
    LARES_UNROLL
    for (int step = 16; step > 0; step /= 2) v += __shfl_xor_sync(kAllLanes, v, step);
    __syncthreads();
    return v;
}

/// The tokens still in: rank at least `cut`.
struct Kept {
    const float* work;
    int n;
    float largest;
    Wide cut;
    bool by_count;

    /// Calls visit(rank, weight, value) for this thread's tokens that are still in.
    template <class Visit>
    LARES_DEVICE void each(Visit visit) const {
        for (int id = static_cast<int>(threadIdx.x); id < n; id += kPickThreads) {
            const float v = work[id];
            if (v < -kLargestFloat) continue;
            const Wide rank = rank_of(v, id);
            if (rank >= cut) visit(rank, weight_of(v, largest, by_count), v);
        }
    }
};

LARES_DEVICE int bin_of(float v, float largest) {
    const float below = (largest - v) * kBinsPerUnit;
    return below < static_cast<float>(kBins - 1) ? static_cast<int>(below) : kBins - 1;
}

/// The shared memory of find_cut.
template <class Bins, class Counts, class List, class Found, class Scratch>
struct CutMemory {
    Bins& bins;        ///< weight of each bin
    Counts& n_listed;  ///< [1]
    List& list;        ///< tokens of one bin
    Found& found;      ///< [3] the cut; the bin; the weight above it
    Scratch& scratch;
};

/// The rank of the last token of the shortest prefix whose weights reach `target`; `kept.cut` where
/// all of them do not. First by bins of 1/64, which are in the order of ranks, then within the one
/// bin.
template <class Memory>
LARES_DEVICE Wide find_cut(const Kept& kept, Wide target, Memory& memory) {
    const int thread = static_cast<int>(threadIdx.x);
    __syncthreads();  // everybody has read the result of the cut before
    for (int i = thread; i < kBins; i += kPickThreads) memory.bins[i] = 0;
    if (thread == 0) {
        memory.found[0] = kept.cut;
        memory.found[1] = kBins;
        memory.n_listed[0] = 0;
    }
    __syncthreads();
    kept.each([&](Wide, Wide weight, float v) {
        atomicAdd(&memory.bins[bin_of(v, kept.largest)], weight);
    });
    __syncthreads();
    // One warp walks down: 64 bins a lane, then the lane in which the target is reached.
    if (thread < 32) {
        Wide own = 0;
        for (int i = 0; i < kBins / 32; ++i) own += memory.bins[thread * (kBins / 32) + i];
        Wide up_to = own;
        LARES_UNROLL
        for (int step = 1; step < 32; step *= 2) {
            const Wide other = __shfl_up_sync(kAllLanes, up_to, step);
            if (thread >= step) up_to += other;
        }
        Wide above = up_to - own;
        if (above < target && up_to >= target) {
            int bin = thread * (kBins / 32);
            while (above + memory.bins[bin] < target) above += memory.bins[bin++];
            memory.found[1] = static_cast<Wide>(bin);
            memory.found[2] = above;
        }
    }
    __syncthreads();
    const int bin = static_cast<int>(memory.found[1]);
    if (bin == kBins) return kept.cut;
    const Wide above = memory.found[2];

    kept.each([&](Wide rank, Wide, float v) {
        if (bin_of(v, kept.largest) != bin) return;
        const int at = atomicAdd(&memory.n_listed[0], 1);
        if (at < kListed) memory.list[at] = rank;
    });
    __syncthreads();
    const int n = memory.n_listed[0];
    if (n <= kListed) {
        // A token is the last if those before it do not reach the target, and it does.
        if (thread < n) {
            const Wide rank = memory.list[thread];
            Wide before = above;
            for (int i = 0; i < n; ++i) {
                const Wide other = memory.list[i];
                if (other > rank)
                    before += weight_of(value_of(static_cast<unsigned>(other >> 32)), kept.largest,
                                        kept.by_count);
            }
            const Wide own =
                weight_of(value_of(static_cast<unsigned>(rank >> 32)), kept.largest, kept.by_count);
            if (before < target && before + own >= target) memory.found[0] = rank;
        }
        __syncthreads();
        return memory.found[0];
    }
    // Many tokens with nearly the same logit: the largest rank down to which the weights reach the
    // target, bit by bit. 64 passes, and rare.
    Wide cut = 0;
    for (int bit = 63; bit >= 0; --bit) {
        const Wide candidate = cut | Wide{1} << bit;
        Wide sum = 0;
        kept.each([&](Wide rank, Wide weight, float) { sum += rank >= candidate ? weight : 0; });
        if (block_total(sum, memory.scratch) >= target) cut = candidate;
    }
    return cut;
}

LARES_DEVICE void accept(const SampleSettings& s,
                         SampleState& state,
                         std::uint32_t* seen,
                         std::int32_t* window,
                         std::int32_t token,
                         int n_vocab) {
    if (s.penalty_window <= 0 || token < 0 || token >= n_vocab) return;
    std::int32_t& slot = window[state.window_next];
    if (state.window_count == s.penalty_window)
        --seen[slot];
    else
        ++state.window_count;
    ++seen[token];
    slot = token;
    state.window_next = state.window_next + 1 == s.penalty_window ? 0 : state.window_next + 1;
}

LARES_KERNEL(sample_pick, kPickThreads, SampleParams) {
    LARES_SHARED(Wide, scratch, 32);
    LARES_SHARED(Wide, bins, kBins);
    LARES_SHARED(Wide, list, kListed);
    LARES_SHARED(Wide, found, 3);
    LARES_SHARED(int, n_listed, 1);
    const SampleSettings s = *p.settings;
    const Wide greedy = p.state->best_greedy;
    const unsigned step = p.state->step;
    Wide best = s.temperature > 0.0F ? p.state->best_drawn : greedy;

    int n_kept = 0;
    if (greedy != 0 && s.temperature > 0.0F && has_filter(s)) {
        CutMemory<decltype(bins), decltype(n_listed), decltype(list), decltype(found),
                  decltype(scratch)>
            memory{bins, n_listed, list, found, scratch};
        Kept kept{p.work, p.n_vocab, value_of(static_cast<unsigned>(greedy >> 32)), 0, true};
        if (s.top_k > 0) kept.cut = find_cut(kept, static_cast<Wide>(s.top_k), memory);
        kept.by_count = false;
        if (s.top_p < 1.0F) {
            Wide sum = 0;
            kept.each([&](Wide, Wide weight, float) { sum += weight; });
            const double total = static_cast<double>(block_total(sum, scratch));
            const Wide target = static_cast<Wide>(ceil(static_cast<double>(s.top_p) * total));
            kept.cut = find_cut(kept, target > 0 ? target : 1, memory);
        }
        const float least = s.min_p * 0x1p40F;
        best = 0;
        kept.each([&](Wide rank, Wide weight, float v) {
            if (static_cast<float>(weight) < least) return;
            const int id = id_of(rank);
            const Wide drawn = rank_of(drawn_value(v, s, step, id), id);
            best = drawn > best ? drawn : best;
            ++n_kept;
        });
        best = block_max(best, scratch);
        n_kept = static_cast<int>(block_total(static_cast<Wide>(n_kept), scratch));
    }

    if (threadIdx.x != 0) return;
    SampleState& state = *p.state;
    const int token = greedy == 0 ? 0 : id_of(best);
    state.status = greedy == 0 ? SampleStatus::NoFiniteLogit : SampleStatus::Ok;
    accept(s, state, p.seen, p.window, token, p.n_vocab);
    if (p.history) p.history[step % static_cast<unsigned>(p.n_history)] = token;
    state.token = token;
    state.n_kept = n_kept;
    state.step = step + 1;
    state.position = state.position + 1;
    state.best_greedy = 0;
    state.best_drawn = 0;
}

LARES_KERNEL(sample_accept, 1, SampleAcceptParams) {
    for (int i = 0; i < p.n; ++i)
        accept(*p.settings, *p.state, p.seen, p.window, p.tokens[i], p.n_vocab);
}

}  // namespace lares::kernels
