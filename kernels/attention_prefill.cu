#include "kernels/attention_prefill.h"
#include "kernels/device/async_copy.cuh"
#include "kernels/device/kv_cache.cuh"
#include "kernels/device/mma.cuh"
#include "kernels/device/reduce.cuh"
#include "kernels/device/split.cuh"

namespace lares::kernels {

constexpr int kPrefillThreads = 128;
constexpr int kPrefillRows = 64;          // of a block, 16 a warp
constexpr float kWeightExponent = 15.0F;  // of the largest weight: 2^15 is below f16's largest

template <KvType kType>
LARES_DEVICE void attention_store(const AttentionPrefillParams& p) {
    const int row = p.n_kv_head * p.head_dim;
    const std::int64_t i = static_cast<std::int64_t>(blockIdx.x) * 256 + threadIdx.x;
    if (i >= static_cast<std::int64_t>(p.n) * row) return;
    const std::int64_t token = i / row;
    const int at = static_cast<int>(i % row);
    const int position = *p.position + static_cast<int>(token);
    const std::int64_t to = cache_row(p, at / p.head_dim, position, p.head_dim) + at % p.head_dim;
    store_one<kType>(p.k_cache, to, p.k[token * p.k_stride + at] / p.k_scale);
    store_one<kType>(p.v_cache, to, p.v[token * p.v_stride + at] / p.v_scale);
}

/// Pieces of 8 values of a staged position lie in an order in which eight positions' same piece,
/// what ldmatrix reads at once, are in eight different banks.
template <int kDim>
LARES_DEVICE int piece_at(int position, int piece) {
    constexpr int kPieces = kDim / 8;
    const int turn = kPieces >= 8 ? position % 8 : position / 2 % 4;
    return position * kPieces + (piece ^ turn);
}

/// One block of the cache, of one head, as f16 to shared memory; zeros from n_position on, since
/// nobody may have written there.
template <KvType kType, int kDim, class Tile>
LARES_DEVICE void stage_block(const AttentionPrefillParams& p,
                              const void* cache,
                              int kv_head,
                              int first,
                              int n_position,
                              Tile& tile) {
    const std::int64_t from = cache_row(p, kv_head, first, kDim);
    const int n_inside = n_position - first;
    if constexpr (kType == KvType::F16) {
        constexpr int kPieces = kDim / 8;
        for (int i = static_cast<int>(threadIdx.x); i < kKvBlock * kPieces; i += kPrefillThreads)
            async_copy16(&tile[piece_at<kDim>(i / kPieces, i % kPieces)],
                         static_cast<const std::uint16_t*>(cache) + from + i * 8,
                         i / kPieces < n_inside);
    } else {
        constexpr int kPairs = kDim / 16;
        for (int i = static_cast<int>(threadIdx.x); i < kKvBlock * kPairs; i += kPrefillThreads) {
            uint4 v = make_uint4(0, 0, 0, 0);
            if (i / kPairs < n_inside)
                v = load_coherent16(static_cast<const std::uint8_t*>(cache) + from + i * 16);
            // To bytes 1 and 3, where halves_of_fp8 wants them.
            const auto low = [](unsigned w) { return halves_of_fp8(__byte_perm(w, 0, 0x1404)); };
            const auto high = [](unsigned w) { return halves_of_fp8(__byte_perm(w, 0, 0x3424)); };
            const int position = i / kPairs;
            const int piece = i % kPairs * 2;
            tile[piece_at<kDim>(position, piece)] =
                make_uint4(low(v.x), high(v.x), low(v.y), high(v.y));
            tile[piece_at<kDim>(position, piece + 1)] =
                make_uint4(low(v.z), high(v.z), low(v.w), high(v.w));
        }
    }
    close_copies();
}

template <KvType kType, int kDim>
LARES_DEVICE void attention_prefill(const AttentionPrefillParams& p) {
    constexpr int kSteps = kDim / 16;
    constexpr float kStored = kType == KvType::FP8 ? 256.0F : 1.0F;  // of halves_of_fp8
    LARES_SHARED(uint4, keys, kKvBlock * kDim / 8);
    LARES_SHARED(uint4, values, kKvBlock * kDim / 8);
    const int lane = static_cast<int>(threadIdx.x % 32);
    const int g = lane / 4;
    const int t = lane % 4;
    const int group = p.n_head / p.n_kv_head;
    const int kv_head = static_cast<int>(blockIdx.y);
    const std::int64_t n_row = static_cast<std::int64_t>(p.n) * group;
    // The longest first, so that the short ones fill the gaps at the end.
    const std::int64_t first_row =
        static_cast<std::int64_t>(gridDim.x - 1 - blockIdx.x) * kPrefillRows;
    const std::int64_t last_row =
        first_row + kPrefillRows < n_row ? first_row + kPrefillRows - 1 : n_row - 1;
    const int position = *p.position;
    const int first_bound = position + static_cast<int>(first_row / group);
    const int n_position = position + static_cast<int>(last_row / group) + 1;
    stage_block<kType, kDim>(p, p.k_cache, kv_head, 0, n_position, keys);

    // Rows g and g + 8 of the warp. Rows after the last repeat it, and are not stored.
    std::int64_t row[2];
    int token[2];
    int head[2];
    float factor[2];  // of scores, to powers of two
    float2 q[2][kSteps][2];
    unsigned q_high[kSteps][4];
    unsigned q_low[kSteps][4];
    LARES_UNROLL
    for (int i = 0; i < 2; ++i) {
        row[i] = first_row + static_cast<int>(threadIdx.x) / 32 * 16 + g + 8 * i;
        const std::int64_t inside = row[i] < n_row ? row[i] : n_row - 1;
        token[i] = static_cast<int>(inside / group);
        head[i] = kv_head * group + static_cast<int>(inside % group);
        const float* from =
            p.q + static_cast<std::int64_t>(token[i]) * p.q_stride + head[i] * kDim + 2 * t;
        float largest = 0.0F;
        LARES_UNROLL
        for (int s = 0; s < kSteps; ++s) {
            LARES_UNROLL
            for (int half = 0; half < 2; ++half) {
                const uint2 v = load8(from + 16 * s + 8 * half);
                q[i][s][half] = make_float2(__uint_as_float(v.x), __uint_as_float(v.y));
                largest = fmaxf(largest, fmaxf(fabsf(q[i][s][half].x), fabsf(q[i][s][half].y)));
            }
        }
        const Power power = power_below_2_15(warp_max<4>(largest));
        factor[i] =
            1.44269504F / sqrtf(static_cast<float>(kDim)) * p.k_scale * kStored * power.down;
        LARES_UNROLL
        for (int s = 0; s < kSteps; ++s) {
            LARES_UNROLL
            for (int half = 0; half < 2; ++half)
                split(q[i][s][half].x * power.up, q[i][s][half].y * power.up,
                      q_high[s][2 * half + i], q_low[s][2 * half + i]);
        }
    }

    float o[kDim / 8][4] = {};  // [8 dims][as mma's c]
    float m[2] = {kNoScore, kNoScore};
    float l[2] = {};  // of this lane's columns
    for (int first = 0; first < n_position; first += kKvBlock) {
        wait_for_copies<0>();
        __syncthreads();  // the keys are there, and nobody reads the values of before
        stage_block<kType, kDim>(p, p.v_cache, kv_head, first, n_position, values);

        float score[8][4] = {};  // [8 positions][as mma's c]
        LARES_UNROLL
        for (int s = 0; s < kSteps; s += 2) {
            LARES_UNROLL
            for (int j = 0; j < 8; ++j) {
                unsigned k[4];
                load_matrices(k, &keys[piece_at<kDim>(8 * j + lane % 8, 2 * s + lane / 8)]);
                LARES_UNROLL
                for (int i = 0; i < 2; ++i) {
                    const unsigned b[2] = {k[2 * i], k[2 * i + 1]};
                    mma_m16n8k16_f16(score[j], q_low[s + i], b);
                    mma_m16n8k16_f16(score[j], q_high[s + i], b);
                }
            }
        }

        float top[2] = {m[0], m[1]};
        LARES_UNROLL
        for (int j = 0; j < 8; ++j) {
            LARES_UNROLL
            for (int i = 0; i < 4; ++i) {
                const int at = first + 8 * j + 2 * t + i % 2;
                const bool is_seen =
                    first + kKvBlock - 1 <= first_bound || at <= position + token[i / 2];
                score[j][i] = is_seen ? score[j][i] * factor[i / 2] : kNoScore;
                top[i / 2] = fmaxf(top[i / 2], score[j][i]);
            }
        }
        float keep[2];
        LARES_UNROLL
        for (int i = 0; i < 2; ++i) {
            top[i] = warp_max<4>(top[i]);
            keep[i] = exp2f(m[i] - top[i]);
            m[i] = top[i];
            l[i] *= keep[i];
        }
        unsigned weight[4][4];  // [16 positions][as mma's a]
        LARES_UNROLL
        for (int j = 0; j < 8; ++j) {
            LARES_UNROLL
            for (int i = 0; i < 2; ++i) {
                const float high = kWeightExponent - top[i];
                const unsigned pair =
                    pack_halves(exp2f(score[j][2 * i] + high), exp2f(score[j][2 * i + 1] + high));
                const float2 rounded = unpack_halves(pair);
                l[i] += rounded.x + rounded.y;
                weight[j / 2][j % 2 * 2 + i] = pair;
            }
        }

        wait_for_copies<0>();
        __syncthreads();  // the values are there, and nobody reads the keys any more
        if (first + kKvBlock < n_position)
            stage_block<kType, kDim>(p, p.k_cache, kv_head, first + kKvBlock, n_position, keys);
        LARES_UNROLL
        for (int d = 0; d < kDim / 8; d += 2) {
            float c[2][4] = {};
            LARES_UNROLL
            for (int s = 0; s < 4; ++s) {
                unsigned v[4];
                load_matrices_transposed(
                    v, &values[piece_at<kDim>(16 * s + lane % 16, d + lane / 16)]);
                LARES_UNROLL
                for (int i = 0; i < 2; ++i) {
                    const unsigned b[2] = {v[2 * i], v[2 * i + 1]};
                    mma_m16n8k16_f16(c[i], weight[s], b);
                }
            }
            // Added in f32 here, as tensor cores cut off what they add (device/mma.cuh).
            LARES_UNROLL
            for (int i = 0; i < 2; ++i) {
                LARES_UNROLL
                for (int k = 0; k < 4; ++k) o[d + i][k] = o[d + i][k] * keep[k / 2] + c[i][k];
            }
        }
    }

    LARES_UNROLL
    for (int i = 0; i < 2; ++i) {
        const float scale = p.v_scale * kStored / warp_sum<4>(l[i]);
        if (row[i] >= n_row) continue;
        float* to =
            p.out + (static_cast<std::int64_t>(token[i]) * p.n_head + head[i]) * kDim + 2 * t;
        LARES_UNROLL
        for (int d = 0; d < kDim / 8; ++d)
            store8(to + 8 * d, make_uint2(__float_as_uint(o[d][2 * i] * scale),
                                          __float_as_uint(o[d][2 * i + 1] * scale)));
    }
}

LARES_KERNEL(attention_store_f16, 256, AttentionPrefillParams) {
    attention_store<KvType::F16>(p);
}
LARES_KERNEL(attention_store_fp8, 256, AttentionPrefillParams) {
    attention_store<KvType::FP8>(p);
}
LARES_KERNEL(attention_prefill_f16_d128, kPrefillThreads, AttentionPrefillParams) {
    attention_prefill<KvType::F16, 128>(p);
}
LARES_KERNEL(attention_prefill_fp8_d128, kPrefillThreads, AttentionPrefillParams) {
    attention_prefill<KvType::FP8, 128>(p);
}
LARES_KERNEL(attention_prefill_f16_d64, kPrefillThreads, AttentionPrefillParams) {
    attention_prefill<KvType::F16, 64>(p);
}
LARES_KERNEL(attention_prefill_fp8_d64, kPrefillThreads, AttentionPrefillParams) {
    attention_prefill<KvType::FP8, 64>(p);
}
LARES_KERNEL(attention_prefill_f16_d32, kPrefillThreads, AttentionPrefillParams) {
    attention_prefill<KvType::F16, 32>(p);
}
LARES_KERNEL(attention_prefill_fp8_d32, kPrefillThreads, AttentionPrefillParams) {
    attention_prefill<KvType::FP8, 32>(p);
}

}  // namespace lares::kernels
