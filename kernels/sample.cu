#include "kernels/device/reduce.cuh"
#include "kernels/sample.h"

namespace lares::kernels {

using Wide = unsigned long long;

constexpr float kLargestFloat = 3.402823466e38F;
constexpr int kScanThreads = 256;
constexpr int kPickThreads = 1024;
constexpr int kPickTokens = 4 * kPickThreads;  // of a block, in sample_bins and sample_pick
constexpr int kBins = kSampleBins;
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
    wait_for_grid_before();
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

// ---- bins ---------------------------------------------------------------------------------------

/// What a token counts in a cut: one for top-k, its probability for top-p.
LARES_DEVICE Wide weight_of(float v, float largest, bool by_count) {
    if (by_count) return 1;
    return static_cast<Wide>(expf(v - largest) * 0x1p40F);
}

LARES_DEVICE int bin_of(float v, float largest) {
    const float below = (largest - v) * kBinsPerUnit;
    return below < static_cast<float>(kBins - 1) ? static_cast<int>(below) : kBins - 1;
}

/// The first bin with which those from the largest down reach a target.
struct Reached {
    int bin;     ///< kBins where all of them do not
    Wide above;  ///< the bins before it
};
/// One warp must call: 64 bins a lane, then the lane in which the target is reached walks.
template <class Bins>
LARES_DEVICE Reached walk_bins(const Bins& bins, Wide target) {
    const int lane = static_cast<int>(threadIdx.x % 32);
    Wide own = 0;
    for (int i = 0; i < kBins / 32; ++i) own += bins[lane * (kBins / 32) + i];
    Wide up_to = own;
    LARES_UNROLL
    for (int step = 1; step < 32; step *= 2) {
        const Wide other = __shfl_up_sync(kAllLanes, up_to, step);
        if (lane >= step) up_to += other;
    }
    Reached reached{kBins, up_to};
    const bool is_here = up_to - own < target && up_to >= target;
    if (is_here) {
        reached = {lane * (kBins / 32), up_to - own};
        while (reached.above + bins[reached.bin] < target) reached.above += bins[reached.bin++];
    }
    const unsigned votes = __ballot_sync(kAllLanes, is_here ? 1 : 0);
    const int from = votes == 0 ? 31 : __ffs(static_cast<int>(votes)) - 1;
    reached.bin = __shfl_sync(kAllLanes, reached.bin, from);
    reached.above = __shfl_sync(kAllLanes, reached.above, from);
    return reached;
}

/// The weight that top-p asks for.
LARES_DEVICE Wide target_of(float top_p, Wide total) {
    const Wide target =
        static_cast<Wide>(ceil(static_cast<double>(top_p) * static_cast<double>(total)));
    return target > 0 ? target : 1;
}

/// True in all threads of the block that arrives last; it sees what the others wrote.
template <class Flag>
LARES_DEVICE bool arrives_last(std::uint32_t* arrived, Flag& is_last) {
    __threadfence();
    __syncthreads();
    if (threadIdx.x == 0) is_last[0] = atomicInc(arrived, gridDim.x - 1) == gridDim.x - 1 ? 1 : 0;
    __syncthreads();
    __threadfence();
    return is_last[0] != 0;
}

LARES_DEVICE bool is_cut(const SampleSettings& s, Wide greedy) {
    return greedy != 0 && s.temperature > 0.0F && has_filter(s);
}

LARES_KERNEL(sample_bins, kPickThreads, SampleParams) {
    LARES_SHARED(Wide, weight, kBins);
    LARES_SHARED(std::uint32_t, count, kBins);
    LARES_SHARED(int, is_last, 1);
    wait_for_grid_before();
    const SampleSettings s = *p.settings;
    const Wide greedy = p.state->best_greedy;
    if (!is_cut(s, greedy)) return;
    const float largest = value_of(static_cast<unsigned>(greedy >> 32));
    const int thread = static_cast<int>(threadIdx.x);
    for (int i = thread; i < kBins; i += kPickThreads) {
        weight[i] = 0;
        count[i] = 0;
    }
    __syncthreads();
    for (int i = 0; i < kPickTokens; i += kPickThreads) {
        const int id = static_cast<int>(blockIdx.x) * kPickTokens + i + thread;
        const float v = id < p.n_vocab ? p.work[id] : -__uint_as_float(0x7F800000U);
        if (v < -kLargestFloat) continue;
        const int bin = bin_of(v, largest);
        atomicAdd(&weight[bin], weight_of(v, largest, false));
        atomicAdd(&count[bin], 1U);
    }
    __syncthreads();
    for (int i = thread; i < kBins; i += kPickThreads) {
        if (count[i] == 0) continue;
        atomicAdd(&p.bins->weight[i], weight[i]);
        atomicAdd(&p.bins->count[i], count[i]);
    }
    if (!arrives_last(&p.bins->arrived[0], is_last)) return;

    for (int i = thread; i < kBins; i += kPickThreads) {
        weight[i] = __ldcg(&p.bins->weight[i]);
        count[i] = __ldcg(&p.bins->count[i]);
        p.bins->weight[i] = 0;
        p.bins->count[i] = 0;
    }
    __syncthreads();
    if (thread >= 32) return;
    const Wide total = walk_bins(weight, ~Wide{0}).above;
    int limit = kBins - 1;
    if (s.top_k > 0) {
        limit = walk_bins(count, static_cast<Wide>(s.top_k)).bin;
    } else if (s.top_p < 1.0F) {
        limit = walk_bins(weight, target_of(s.top_p, total)).bin;
    } else {
        // In bin b a token weighs at most e^(-b / 64) of the first; one bin more, for rounding.
        const float units = -logf(s.min_p) * kBinsPerUnit + 1.0F;
        if (units < static_cast<float>(limit)) limit = units > 1.0F ? static_cast<int>(units) : 1;
    }
    if (thread != 0) return;
    p.bins->total = total;
    p.bins->limit = limit < kBins ? limit : kBins - 1;
}

// ---- pick ---------------------------------------------------------------------------------------

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

/// The listed tokens still in: rank at least `cut`.
struct Kept {
    const float* work;
    const std::int32_t* listed;
    int n;
    float largest;
    Wide cut;
    bool by_count;

    /// Calls visit(rank, weight, value) for this thread's tokens that are still in.
    template <class Visit>
    LARES_DEVICE void each(Visit visit) const {
        for (int i = static_cast<int>(threadIdx.x); i < n; i += kPickThreads) {
            const int id = __ldcg(listed + i);
            const float v = work[id];
            const Wide rank = rank_of(v, id);
            if (rank >= cut) visit(rank, weight_of(v, largest, by_count), v);
        }
    }
};

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
        memory.n_listed[0] = 0;
    }
    __syncthreads();
    kept.each([&](Wide, Wide weight, float v) {
        atomicAdd(&memory.bins[bin_of(v, kept.largest)], weight);
    });
    __syncthreads();
    if (thread < 32) {
        const Reached reached = walk_bins(memory.bins, target);
        if (thread == 0) {
            memory.found[1] = static_cast<Wide>(reached.bin);
            memory.found[2] = reached.above;
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

/// This block's tokens down to the limit, to the list.
LARES_DEVICE void list_tokens(const SampleParams& p, float largest) {
    const int limit = p.bins->limit;
    for (int i = 0; i < kPickTokens; i += kPickThreads) {
        const int id =
            static_cast<int>(blockIdx.x) * kPickTokens + i + static_cast<int>(threadIdx.x);
        const float v = id < p.n_vocab ? p.work[id] : -__uint_as_float(0x7F800000U);
        if (v < -kLargestFloat || bin_of(v, largest) > limit) continue;
        p.listed[atomicAdd(&p.bins->n_listed, 1U)] = id;
    }
}

LARES_KERNEL(sample_pick, kPickThreads, SampleParams) {
    LARES_SHARED(Wide, scratch, 32);
    LARES_SHARED(Wide, bins, kBins);
    LARES_SHARED(Wide, list, kListed);
    LARES_SHARED(Wide, found, 3);
    LARES_SHARED(int, n_listed, 1);
    LARES_SHARED(int, is_last, 1);
    wait_for_grid_before();
    const SampleSettings s = *p.settings;
    const Wide greedy = p.state->best_greedy;
    const unsigned step = p.state->step;
    Wide best = s.temperature > 0.0F ? p.state->best_drawn : greedy;

    int n_kept = 0;
    if (!is_cut(s, greedy)) {
        // Nobody may write before all have read the settings of the step.
        if (!arrives_last(&p.bins->arrived[1], is_last)) return;
    } else {
        const float largest = value_of(static_cast<unsigned>(greedy >> 32));
        list_tokens(p, largest);
        if (!arrives_last(&p.bins->arrived[1], is_last)) return;
        CutMemory<decltype(bins), decltype(n_listed), decltype(list), decltype(found),
                  decltype(scratch)>
            memory{bins, n_listed, list, found, scratch};
        Kept kept{p.work, p.listed, static_cast<int>(__ldcg(&p.bins->n_listed)), largest, 0, true};
        if (s.top_k > 0) kept.cut = find_cut(kept, static_cast<Wide>(s.top_k), memory);
        kept.by_count = false;
        if (s.top_p < 1.0F) {
            // Without top-k all tokens count, also those that are not listed.
            Wide total = p.bins->total;
            if (s.top_k > 0) {
                Wide sum = 0;
                kept.each([&](Wide, Wide weight, float) { sum += weight; });
                total = block_total(sum, scratch);
            }
            kept.cut = find_cut(kept, target_of(s.top_p, total), memory);
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
        // In whatever order blocks listed them, nothing of it remains.
        for (int i = static_cast<int>(threadIdx.x); i < kept.n; i += kPickThreads) p.listed[i] = 0;
    }

    if (threadIdx.x != 0) return;
    SampleState& state = *p.state;
    const int token = greedy == 0 ? 0 : id_of(best);
    state.status = greedy == 0 ? SampleStatus::NoFiniteLogit : SampleStatus::Ok;
    accept(s, state, p.seen, p.window, token, p.n_vocab);
    state.token = token;
    state.n_kept = n_kept;
    state.step = step + 1;
    state.position = state.position + 1;
    state.best_greedy = 0;
    state.best_drawn = 0;
    p.bins->n_listed = 0;
    if (p.picked) *p.picked = {token, state.position, state.status};
}

LARES_KERNEL(sample_accept, 1, SampleAcceptParams) {
    for (int i = 0; i < p.n; ++i)
        accept(*p.settings, *p.state, p.seen, p.window, p.tokens[i], p.n_vocab);
}

}  // namespace lares::kernels
