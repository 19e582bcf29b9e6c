#include "kernels/attention_decode.h"
#include "kernels/device/kv_cache.cuh"
#include "kernels/device/memory.cuh"
#include "kernels/device/q8.cuh"

namespace lares::kernels {

constexpr int kAttentionThreads = 128;
constexpr int kAttentionUnroll = 4;  // positions a lane has in flight

/// Eight neighbouring values of the cache as they are stored.
template <KvType kType>
struct Eight {
    uint4 bits;  ///< FP8: only x and y

    LARES_DEVICE void load(const void* cache, std::int64_t at) {
        if constexpr (kType == KvType::F16) {
            bits = load_coherent16(static_cast<const std::uint16_t*>(cache) + at);
        } else {
            const uint2 v = load_coherent8(static_cast<const std::uint8_t*>(cache) + at);
            bits = make_uint4(v.x, v.y, 0, 0);
        }
    }
    LARES_DEVICE void widen(float (&out)[8]) const {
        const unsigned words[4] = {bits.x, bits.y, bits.z, bits.w};
        LARES_UNROLL
        for (int i = 0; i < 4; ++i) {
            float2 pair;
            if constexpr (kType == KvType::F16)
                pair = unpack_halves(words[i]);
            else
                pair = fp8x2_to_float(static_cast<std::uint16_t>(words[i / 2] >> (16 * (i % 2))));
            out[2 * i] = pair.x;
            out[2 * i + 1] = pair.y;
        }
    }
};

/// Sums four values over kLanes neighbouring lanes; each lane gets all four sums. Half of the
/// shuffles that one after the other would take.
template <int kLanes>
LARES_DEVICE void sum_four(float (&v)[4]) {
    const unsigned lane = threadIdx.x % 32;
    const bool upper = (lane & (kLanes / 2)) != 0;
    const bool second = (lane & (kLanes / 4)) != 0;
    const float one = sum_one_of_four<kLanes>(v);
    const float other = __shfl_xor_sync(kAllLanes, one, kLanes / 4);
    const float two[2] = {second ? other : one, second ? one : other};
    LARES_UNROLL
    for (int i = 0; i < 2; ++i) {
        const float far = __shfl_xor_sync(kAllLanes, two[i], kLanes / 2);
        v[i] = upper ? far : two[i];
        v[2 + i] = upper ? two[i] : far;
    }
}

/// Positions [begin, end) of this block, and how many blocks have any.
struct Range {
    int begin;
    int end;
    int n_active;
};
LARES_DEVICE Range range_of(const AttentionDecodeParams& p, int n_position) {
    const int share = (n_position + p.n_split - 1) / p.n_split;
    const int chunk = (share + kKvBlock - 1) / kKvBlock * kKvBlock;
    const int begin = static_cast<int>(blockIdx.z) * chunk;
    return {begin, begin + chunk < n_position ? begin + chunk : n_position,
            (n_position + chunk - 1) / chunk};
}

/// Parts of a softmax, each relative to its own largest score, to the whole: the weighted mean of
/// values(i) over i < n with weights l_i 2^(m_i).
template <class Largest, class Length, class Values>
LARES_DEVICE float merge(int n, Largest largest, Length length, Values values, float& m, float& l) {
    m = kNoScore;
    for (int i = 0; i < n; ++i) m = fmaxf(m, largest(i));
    l = 0.0F;
    float sum = 0.0F;
    for (int i = 0; i < n; ++i) {
        const float weight = exp2f(largest(i) - m);
        l += weight * length(i);
        sum += weight * values(i);
    }
    return sum;
}

template <KvType kType, int kDim, int kHeads>
LARES_DEVICE void attention_decode(const AttentionDecodeParams& p) {
    constexpr int kLanes = kDim / 8;                    // of a position
    constexpr int kSlots = kAttentionThreads / kLanes;  // positions side by side
    constexpr int kOutputs = kHeads * kDim;
    LARES_SHARED(float, values, kSlots* kOutputs);  // [slot][head][dim]
    LARES_SHARED(float, largest, kSlots* kHeads);
    LARES_SHARED(float, length, kSlots* kHeads);
    LARES_SHARED(int, is_last, 1);
    const int thread = static_cast<int>(threadIdx.x);
    const int slot = thread / kLanes;
    const int dim = thread % kLanes * 8;
    const int token = static_cast<int>(blockIdx.x);
    const int first_head = static_cast<int>(blockIdx.y) * kHeads;
    const int kv_head = first_head / (p.n_head / p.n_kv_head);
    wait_for_grid_before();
    const int first_new = *p.position;
    const Range range = range_of(p, first_new + token + 1);

    // The blocks of heads that share a key/value head, and those of later tokens, write the same.
    for (int t = 0; t <= token; ++t) {
        if (first_new + t < range.begin || first_new + t >= range.end) continue;
        const std::int64_t at = cache_row(p, kv_head, first_new + t, kDim);
        const float* k = p.k + t * p.k_stride + kv_head * kDim;
        const float* v = p.v + t * p.v_stride + kv_head * kDim;
        for (int i = thread; i < kDim; i += kAttentionThreads) {
            store_one<kType>(p.k_cache, at + i, k[i] / p.k_scale);
            store_one<kType>(p.v_cache, at + i, v[i] / p.v_scale);
        }
    }
    __syncthreads();

    if (range.begin < range.end) {
        // Scores in powers of two: log2(e) / sqrt(head_dim), and the scale of the keys.
        const float factor = 1.44269504F / sqrtf(static_cast<float>(kDim)) * p.k_scale;
        float q[kHeads][8];
        float o[kHeads][8] = {};
        float m[kHeads];
        float l[kHeads] = {};
        LARES_UNROLL
        for (int h = 0; h < kHeads; ++h) {
            m[h] = kNoScore;
            LARES_UNROLL
            for (int i = 0; i < 8; ++i)
                q[h][i] = factor * p.q[token * p.q_stride + (first_head + h) * kDim + dim + i];
        }
        // The next positions are on their way while these are worked on.
        Eight<kType> next_k[kAttentionUnroll];
        Eight<kType> next_v[kAttentionUnroll];
        const auto load = [&](int base) {
            LARES_UNROLL
            for (int j = 0; j < kAttentionUnroll; ++j) {
                const int position = base + j * kSlots + slot;
                next_k[j].bits = make_uint4(0, 0, 0, 0);
                next_v[j].bits = make_uint4(0, 0, 0, 0);
                if (position >= range.end) continue;
                const std::int64_t at = cache_row(p, kv_head, position, kDim) + dim;
                next_k[j].load(p.k_cache, at);
                next_v[j].load(p.v_cache, at);
            }
        };
        constexpr int kStep = kAttentionUnroll * kSlots;
        load(range.begin);
        for (int base = range.begin; base < range.end; base += kStep) {
            float weight[kHeads][kAttentionUnroll];
            LARES_UNROLL
            for (int j = 0; j < kAttentionUnroll; ++j) {
                float k[8];
                next_k[j].widen(k);
                LARES_UNROLL
                for (int h = 0; h < kHeads; ++h) {
                    weight[h][j] = 0.0F;
                    LARES_UNROLL
                    for (int i = 0; i < 8; ++i) weight[h][j] += q[h][i] * k[i];
                }
            }
            Eight<kType> v_bits[kAttentionUnroll];
            LARES_UNROLL
            for (int j = 0; j < kAttentionUnroll; ++j) v_bits[j] = next_v[j];
            if (base + kStep < range.end) load(base + kStep);
            LARES_UNROLL
            for (int h = 0; h < kHeads; ++h) {
                sum_four<kLanes>(weight[h]);
                float top = m[h];
                LARES_UNROLL
                for (int j = 0; j < kAttentionUnroll; ++j)
                    if (base + j * kSlots + slot < range.end) top = fmaxf(top, weight[h][j]);
                const float keep = exp2f(m[h] - top);
                m[h] = top;
                l[h] *= keep;
                LARES_UNROLL
                for (int i = 0; i < 8; ++i) o[h][i] *= keep;
                LARES_UNROLL
                for (int j = 0; j < kAttentionUnroll; ++j) {
                    const bool is_inside = base + j * kSlots + slot < range.end;
                    weight[h][j] = is_inside ? exp2f(weight[h][j] - top) : 0.0F;
                    l[h] += weight[h][j];
                }
            }
            LARES_UNROLL
            for (int j = 0; j < kAttentionUnroll; ++j) {
                float v[8];
                v_bits[j].widen(v);
                LARES_UNROLL
                for (int h = 0; h < kHeads; ++h) {
                    LARES_UNROLL
                    for (int i = 0; i < 8; ++i) o[h][i] += weight[h][j] * v[i];
                }
            }
        }
        LARES_UNROLL
        for (int h = 0; h < kHeads; ++h) {
            LARES_UNROLL
            for (int i = 0; i < 8; ++i) values[slot * kOutputs + h * kDim + dim + i] = o[h][i];
            if (dim == 0) {
                largest[slot * kHeads + h] = m[h];
                length[slot * kHeads + h] = l[h];
            }
        }
    }
    __syncthreads();

    const int split = static_cast<int>(blockIdx.z);
    const auto part = [&](int head, int s) {
        return static_cast<std::int64_t>(token * p.n_head + head) * p.n_split + s;
    };
    if (range.begin < range.end) {
        for (int i = thread; i < kOutputs; i += kAttentionThreads) {
            const int h = i / kDim;
            float m = 0.0F;
            float l = 0.0F;
            const float sum = merge(
                kSlots, [&](int s) { return largest[s * kHeads + h]; },
                [&](int s) { return length[s * kHeads + h]; },
                [&](int s) { return values[s * kOutputs + i]; }, m, l);
            const std::int64_t at = part(first_head + h, split);
            p.partial[at * kDim + i % kDim] = sum;
            if (i % kDim == 0) {
                p.partial_ml[2 * at] = m;
                p.partial_ml[2 * at + 1] = l;
            }
        }
    }

    // The block that arrives last puts the parts together (as in mamba2_decode.cu).
    __threadfence();
    __syncthreads();
    if (thread == 0)
        is_last[0] =
            atomicInc(p.arrived + token * gridDim.y + blockIdx.y, gridDim.z - 1) == gridDim.z - 1
                ? 1
                : 0;
    __syncthreads();
    if (is_last[0] == 0) return;
    __threadfence();
    for (int i = thread; i < kOutputs; i += kAttentionThreads) {
        const int head = first_head + i / kDim;
        float m = 0.0F;
        float l = 0.0F;
        const float sum = merge(
            range.n_active, [&](int s) { return __ldcg(p.partial_ml + 2 * part(head, s)); },
            [&](int s) { return __ldcg(p.partial_ml + 2 * part(head, s) + 1); },
            [&](int s) { return __ldcg(p.partial + part(head, s) * kDim + i % kDim); }, m, l);
        const float v = sum / l * p.v_scale;
        const int at = (token * p.n_head + first_head) * kDim + i;
        if (p.out) p.out[at] = v;
        if (p.q_out.q) quantize_block(v, p.q_out, at / 32);
    }
}

LARES_KERNEL(attention_decode_f16_d128_g5, kAttentionThreads, AttentionDecodeParams) {
    attention_decode<KvType::F16, 128, 5>(p);
}
LARES_KERNEL(attention_decode_fp8_d128_g5, kAttentionThreads, AttentionDecodeParams) {
    attention_decode<KvType::FP8, 128, 5>(p);
}
LARES_KERNEL(attention_decode_f16_d128_g1, kAttentionThreads, AttentionDecodeParams) {
    attention_decode<KvType::F16, 128, 1>(p);
}
LARES_KERNEL(attention_decode_fp8_d128_g1, kAttentionThreads, AttentionDecodeParams) {
    attention_decode<KvType::FP8, 128, 1>(p);
}
LARES_KERNEL(attention_decode_f16_d64_g1, kAttentionThreads, AttentionDecodeParams) {
    attention_decode<KvType::F16, 64, 1>(p);
}
LARES_KERNEL(attention_decode_fp8_d64_g1, kAttentionThreads, AttentionDecodeParams) {
    attention_decode<KvType::FP8, 64, 1>(p);
}
LARES_KERNEL(attention_decode_f16_d32_g1, kAttentionThreads, AttentionDecodeParams) {
    attention_decode<KvType::F16, 32, 1>(p);
}
LARES_KERNEL(attention_decode_fp8_d32_g1, kAttentionThreads, AttentionDecodeParams) {
    attention_decode<KvType::FP8, 32, 1>(p);
}

}  // namespace lares::kernels
