#include "kernels/device/mma.cuh"
#include "kernels/device/reduce.cuh"
#include "kernels/device/split.cuh"
#include "kernels/device/weights.cuh"
#include "kernels/matmul_plain.h"

// The order of columns does not matter to a dot product. So a lane takes 16 whole bytes of a row of
// weights, which are its words of two steps of the tensor core, and tokens are staged in the same
// order: each load of either is 16 bytes, and weights need no shared memory.

namespace lares::kernels {

constexpr int kPlainThreads = 128;
constexpr int kPlainRows = 128;   // of a block, 32 a warp
constexpr int kPlainTokens = 64;  // of a block
constexpr int kPlainDepth = 64;   // columns at a time: 4 steps of 16
// Pieces of 8 staged columns of a token: [half][token][4]. One token more, so that the halves lie
// in other banks.
constexpr int kPlainHalf = (kPlainTokens + 1) * 4;
constexpr int kPlainStage = 2 * kPlainHalf;

/// A lane's weights of kPlainDepth columns: rows g, g + 8, g + 16, g + 24 of its warp.
template <WeightType kType>
struct PlainWeights {
    static constexpr int kPieces = kType == WeightType::FP8 ? 1 : 2;
    uint4 v[4][kPieces];

    LARES_DEVICE void load(const PlanesView& w, std::int64_t first_row, int depth, int t) {
        constexpr int kN = chunk_values(kType);
        const int n_chunk = (w.cols + kN - 1) / kN;
        const int rows = (w.rows + kGroupRows - 1) / kGroupRows * kGroupRows;  // with the padding
        LARES_UNROLL
        for (int r = 0; r < 4; ++r) {
            const std::int64_t row = first_row + 8 * r;
            LARES_UNROLL
            for (int i = 0; i < kPieces; ++i) {
                const int chunk = depth / kN + 4 * i + t;
                v[r][i] = row < rows && chunk < n_chunk
                              ? load_stream16(w.low + (row * n_chunk + chunk) * 16)
                              : make_uint4(0, 0, 0, 0);
            }
        }
    }

    /// BF16 to f16, times powers of two whose inverses `back` gets. All lanes must call.
    LARES_DEVICE void narrow(float (&back)[4]) {
        LARES_UNROLL
        for (int r = 0; r < 4; ++r) {
            float2 pairs[8];
            float largest = 0.0F;
            LARES_UNROLL
            for (int i = 0; i < 8; ++i) {
                pairs[i] = unpack_bfloat16s(word_of(v[r][i / 4], i % 4));
                largest = fmaxf(largest, fmaxf(fabsf(pairs[i].x), fabsf(pairs[i].y)));
            }
            const Power power = power_below_2_15(warp_max<4>(largest));
            back[r] = power.down;
            unsigned words[8];
            LARES_UNROLL
            for (int i = 0; i < 8; ++i)
                words[i] = pack_halves(pairs[i].x * power.up, pairs[i].y * power.up);
            v[r][0] = make_uint4(words[0], words[1], words[2], words[3]);
            v[r][1] = make_uint4(words[4], words[5], words[6], words[7]);
        }
    }

    /// Two values of row r as the tensor core takes them, of step 2 * half + s.
    LARES_DEVICE unsigned pair(int r, int half, int s, int second) const {
        if constexpr (kType == WeightType::FP8) {
            const unsigned word = word_of(v[r][0], 2 * half + s);
            return halves_of_fp8(second == 0 ? word << 8 : word);
        } else {
            return word_of(v[r][half], 2 * s + second);
        }
    }
};

/// Where columns 4m to 4m + 3 are staged: piece and which half of it.
template <WeightType kType>
LARES_DEVICE int piece_of(int m) {
    if constexpr (kType == WeightType::FP8) return m / 2 % 2 * kPlainHalf + m / 4;
    return m / 8 * kPlainHalf + m % 8 / 2;
}

/// Columns 4m to 4m + 3 of eight tokens of a block, from a thread's first one on, 8 apart.
struct PlainTokens {
    float4 v[8];

    LARES_DEVICE void load(const MatmulPlainParams& p, int first_token, int column) {
        LARES_UNROLL
        for (int i = 0; i < 8; ++i) {
            const int token = first_token + 8 * i;
            const float* from = p.x + static_cast<std::int64_t>(token) * p.w.cols + column;
            v[i] = make_float4(0.0F, 0.0F, 0.0F, 0.0F);
            if (token >= p.n || column >= p.w.cols) continue;
            if (p.w.cols % 4 == 0) {
                v[i] = as_float4(load16(from));
            } else {
                v[i].x = __ldg(from);
                if (column + 1 < p.w.cols) v[i].y = __ldg(from + 1);
                if (column + 2 < p.w.cols) v[i].z = __ldg(from + 2);
                if (column + 3 < p.w.cols) v[i].w = __ldg(from + 3);
            }
        }
    }
};

LARES_DEVICE void store_result(const MatmulPlainParams& p, int token, std::int64_t row, float v) {
    if (token >= p.n || row >= p.w.rows) return;
    float* y = p.y + static_cast<std::int64_t>(token) * p.w.rows + row;
    if (p.epilogue == Epilogue::Relu2) {
        v = fmaxf(v, 0.0F);
        v *= v;
    } else if (p.epilogue == Epilogue::Residual) {
        v += *y;
    }
    *y = v;
}

template <WeightType kType>
LARES_DEVICE void matmul_plain(const MatmulPlainParams& p) {
    LARES_SHARED(uint4, high, 2 * kPlainStage);
    LARES_SHARED(uint4, low, 2 * kPlainStage);
    LARES_SHARED(float, x_back, 2 * kPlainTokens);  // what a token's sums are multiplied by
    const int thread = static_cast<int>(threadIdx.x);
    const int g = thread % 32 / 4;
    const int t = thread % 4;
    const int first_token = static_cast<int>(blockIdx.x) * kPlainTokens;
    const std::int64_t row =
        static_cast<std::int64_t>(blockIdx.y) * kPlainRows + thread / 32 * 32 + g;
    const int m = thread % 16;  // the columns that this thread stages
    const int own_token = thread / 16;

    PlainWeights<kType> next_w;
    PlainTokens next_x;
    next_w.load(p.w, row, 0, t);
    next_x.load(p, first_token + own_token, 4 * m);
    float sums[2][8][4] = {};  // [16 rows][8 tokens][as mma's c]
    int stage = 0;
    for (int begin = 0; begin < p.w.cols; begin += kPlainDepth) {
        PlainWeights<kType> w = next_w;
        float w_back[4] = {1.0F, 1.0F, 1.0F, 1.0F};
        if constexpr (kType == WeightType::BF16) w.narrow(w_back);
        LARES_UNROLL
        for (int i = 0; i < 8; ++i) {
            const int token = own_token + 8 * i;
            float4 v = next_x.v[i];
            const Power power = power_below_2_15(
                warp_max<16>(fmaxf(fmaxf(fabsf(v.x), fabsf(v.y)), fmaxf(fabsf(v.z), fabsf(v.w)))));
            v = make_float4(v.x * power.up, v.y * power.up, v.z * power.up, v.w * power.up);
            if (m == 0) x_back[stage * kPlainTokens + token] = power.down;
            if constexpr (kType == WeightType::FP8)  // in the order of halves_of_fp8
                v = make_float4(v.x, v.z, v.y, v.w);
            uint2 first;
            uint2 rest;
            split(v.x, v.y, first.x, rest.x);
            split(v.z, v.w, first.y, rest.y);
            const int at = stage * kPlainStage + piece_of<kType>(m) + 4 * token;
            reinterpret_cast<uint2*>(&high[at])[m % 2] = first;
            reinterpret_cast<uint2*>(&low[at])[m % 2] = rest;
        }
        __syncthreads();  // the other stage is free too: it was read before this
        if (begin + kPlainDepth < p.w.cols) {
            next_w.load(p.w, row, begin + kPlainDepth, t);
            next_x.load(p, first_token + own_token, begin + kPlainDepth + 4 * m);
        }

        LARES_UNROLL
        for (int j = 0; j < 8; ++j) {
            if (first_token + 8 * j >= p.n) break;
            float c[2][4] = {};
            LARES_UNROLL
            for (int half = 0; half < 2; ++half) {
                const int at = stage * kPlainStage + half * kPlainHalf + 4 * (8 * j + g) + t;
                const uint4 x_high = high[at];
                const uint4 x_low = low[at];
                LARES_UNROLL
                for (int s = 0; s < 2; ++s) {
                    const unsigned first[2] = {word_of(x_high, 2 * s), word_of(x_high, 2 * s + 1)};
                    const unsigned rest[2] = {word_of(x_low, 2 * s), word_of(x_low, 2 * s + 1)};
                    LARES_UNROLL
                    for (int i = 0; i < 2; ++i) {
                        const unsigned a[4] = {
                            w.pair(2 * i, half, s, 0), w.pair(2 * i + 1, half, s, 0),
                            w.pair(2 * i, half, s, 1), w.pair(2 * i + 1, half, s, 1)};
                        mma_m16n8k16_f16(c[i], a, rest);
                        mma_m16n8k16_f16(c[i], a, first);
                    }
                }
            }
            LARES_UNROLL
            for (int k = 0; k < 4; ++k) {
                const float back = x_back[stage * kPlainTokens + 8 * j + 2 * t + k % 2];
                LARES_UNROLL
                for (int i = 0; i < 2; ++i) sums[i][j][k] += c[i][k] * back * w_back[2 * i + k / 2];
            }
        }
        stage = 1 - stage;
    }

    const float scale = kType == WeightType::FP8 ? 256.0F * p.w.tensor_scale : 1.0F;
    LARES_UNROLL
    for (int i = 0; i < 2; ++i) {
        LARES_UNROLL
        for (int j = 0; j < 8; ++j) {
            LARES_UNROLL
            for (int k = 0; k < 4; ++k)
                store_result(p, first_token + 8 * j + 2 * t + k % 2, row + 16 * i + 8 * (k / 2),
                             sums[i][j][k] * scale);
        }
    }
}

LARES_KERNEL(matmul_bf16, kPlainThreads, MatmulPlainParams) {
    matmul_plain<WeightType::BF16>(p);
}
LARES_KERNEL(matmul_f16, kPlainThreads, MatmulPlainParams) {
    matmul_plain<WeightType::F16>(p);
}
LARES_KERNEL(matmul_fp8, kPlainThreads, MatmulPlainParams) {
    matmul_plain<WeightType::FP8>(p);
}

/// 16 rows by 16 tokens, a thread one product of both.
LARES_KERNEL(matmul_f32, 256, MatmulPlainParams) {
    LARES_SHARED(float, w, 16 * 17);
    LARES_SHARED(float, x, 16 * 17);
    const int column = static_cast<int>(threadIdx.x % 16);
    const int line = static_cast<int>(threadIdx.x / 16);
    const int token = static_cast<int>(blockIdx.x) * 16;
    const int row = static_cast<int>(blockIdx.y) * 16;
    const std::int64_t row_size = (p.w.cols + 3) / 4 * 4;
    const auto* weights = reinterpret_cast<const float*>(p.w.low);
    float sum = 0.0F;
    for (int begin = 0; begin < p.w.cols; begin += 16) {
        const int c = begin + column;
        const bool is_inside = c < p.w.cols;
        __syncthreads();
        w[line * 17 + column] = is_inside && row + line < p.w.rows
                                    ? __ldg(weights + (row + line) * row_size + c)
                                    : 0.0F;
        x[line * 17 + column] =
            is_inside && token + line < p.n
                ? __ldg(p.x + static_cast<std::int64_t>(token + line) * p.w.cols + c)
                : 0.0F;
        __syncthreads();
        LARES_UNROLL
        for (int k = 0; k < 16; ++k) sum += w[column * 17 + k] * x[line * 17 + k];
    }
    store_result(p, token + line, row + column, sum);
}

}  // namespace lares::kernels
