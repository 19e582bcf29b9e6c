#include "kernels/device/memory.cuh"
#include "kernels/device/mma.cuh"
#include "kernels/device/reduce.cuh"
#include "kernels/device/split.cuh"
#include "kernels/ssd_prefill.h"

// Version ladder: 1, f32 multiply-adds, 16 channels a block, every block with its own C · B; 2,
// tensor cores, a head a block, the state in registers: as the result of one product it already
// lies there as the tensor core wants it for the next.

namespace lares::kernels {

// More than any launch has: it keeps a thread at 168 registers, so that two blocks of five warps, a
// head of 80 channels each, fit a multiprocessor.
constexpr int kSsdThreads = 320;
constexpr int kSsdChunk = 32;    // tokens, one a lane where they are summed up
constexpr int kSsdStates = 128;  // most that a head has
constexpr int kSsdPieces = kSsdStates / 8;

/// Pieces of 8 states of a staged token, in an order without conflicts of banks (as in
/// attention_prefill.cu).
LARES_DEVICE int ssd_piece(int token, int piece) {
    return token * kSsdPieces + (piece ^ token % 8);
}

/// c += a b of numbers in two parts each, but for low times low.
LARES_DEVICE void mma_split(float (&c)[4],
                            const unsigned (&a_high)[4],
                            const unsigned (&a_low)[4],
                            const unsigned (&b_high)[2],
                            const unsigned (&b_low)[2]) {
    mma_m16n8k16_f16(c, a_low, b_high);
    mma_m16n8k16_f16(c, a_high, b_low);
    mma_m16n8k16_f16(c, a_high, b_high);
}

/// Splits one token's states, four a lane; the inverse of their power of two. All lanes of the warp
/// must call.
template <class Tile>
LARES_DEVICE float stage_states(const float* from, int n_state, int token, Tile& high, Tile& low) {
    const int lane = static_cast<int>(threadIdx.x % 32);
    float v[4] = {};
    LARES_UNROLL
    for (int i = 0; i < 4; ++i)
        if (from && 4 * lane + i < n_state) v[i] = __ldg(from + 4 * lane + i);
    const Power power = power_below_2_15(
        warp_max(fmaxf(fmaxf(fabsf(v[0]), fabsf(v[1])), fmaxf(fabsf(v[2]), fabsf(v[3])))));
    uint2 first;
    uint2 rest;
    split(v[0] * power.up, v[1] * power.up, first.x, rest.x);
    split(v[2] * power.up, v[3] * power.up, first.y, rest.y);
    const int at = ssd_piece(token, lane / 2);
    reinterpret_cast<uint2*>(&high[at])[lane % 2] = first;
    reinterpret_cast<uint2*>(&low[at])[lane % 2] = rest;
    return power.down;
}

/// What lane 4 (2t + k) has, for k 0 and 1: from rows of a product to its columns.
LARES_DEVICE float2 of_columns(float v) {
    const int t = static_cast<int>(threadIdx.x % 4);
    const float first = __shfl_sync(kAllLanes, v, 8 * t);
    return make_float2(first, __shfl_sync(kAllLanes, v, 8 * t + 4));
}

LARES_KERNEL(ssd_prefill, kSsdThreads, SsdPrefillParams) {
    LARES_SHARED(uint4, c_high, kSsdChunk * kSsdPieces);  // [token][piece]
    LARES_SHARED(uint4, c_low, kSsdChunk * kSsdPieces);
    LARES_SHARED(uint4, b_high, kSsdChunk * kSsdPieces);
    LARES_SHARED(uint4, b_low, kSsdChunk * kSsdPieces);
    // Of M the three squares of 16 tokens on and below the diagonal, as mma's a: [square][lane]
    LARES_SHARED(uint4, m_high, 3 * 32);
    LARES_SHARED(uint4, m_low, 3 * 32);
    LARES_SHARED(float, m_back, 3 * 16);
    LARES_SHARED(float, c_back, kSsdChunk);
    LARES_SHARED(float, b_back, kSsdChunk);
    LARES_SHARED(float, dt, kSsdChunk);
    LARES_SHARED(float, cum, kSsdChunk);
    const int lane = static_cast<int>(threadIdx.x % 32);
    const int warp = static_cast<int>(threadIdx.x / 32);
    const int n_warp = static_cast<int>(blockDim.x / 32);
    const int g = lane / 4;
    const int t = lane % 4;
    const int head = static_cast<int>(blockIdx.y);
    const int n_state = p.d_state;
    const int d_inner = p.n_head * p.head_dim;
    const std::int64_t row_size = d_inner + 2 * p.n_group * n_state;
    const int b_at = d_inner + head / (p.n_head / p.n_group) * n_state;
    const int c_at = b_at + p.n_group * n_state;
    // A warp has 16 channels of the head; those outside count as zero.
    const int first = (static_cast<int>(blockIdx.x) * n_warp + warp) * 16;
    const int x_at = head * p.head_dim + first;
    const int n_channel = p.head_dim - first;

    // h of channels g and g + 8, as mma's c: [8 states][channel g: 2t, 2t + 1; channel g + 8: same]
    float h[kSsdPieces][4];
    const auto each_state = [&](auto visit) {
        LARES_UNROLL
        for (int i = 0; i < 2; ++i) {
            float* at = p.state + static_cast<std::int64_t>(x_at + g + 8 * i) * n_state + 2 * t;
            LARES_UNROLL
            for (int j = 0; j < 2 * kSsdPieces; ++j) {
                const int to = 8 * (j / 2) + j % 2;
                const bool is_inside = g + 8 * i < n_channel && 2 * t + to < n_state;
                visit(h[j / 2][2 * i + j % 2], is_inside, at + to);
            }
        }
    };
    each_state([](float& v, bool is_inside, const float* at) { v = is_inside ? *at : 0.0F; });

    for (int begin = 0; begin < p.n; begin += kSsdChunk) {
        const int len = p.n - begin < kSsdChunk ? p.n - begin : kSsdChunk;
        const float* rows = p.xBC + begin * row_size;
        __syncthreads();  // nobody reads the chunk before any more
        if (warp == 0) {
            const std::int64_t at = static_cast<std::int64_t>(begin + lane) * p.n_head + head;
            const float own = lane < len ? p.dt[at] : 0.0F;
            float sum = own * p.A[head];
            LARES_UNROLL
            for (int step = 1; step < kSsdChunk; step *= 2) {
                const float other = __shfl_up_sync(kAllLanes, sum, step);
                if (lane >= step) sum += other;
            }
            dt[lane] = own;
            cum[lane] = sum;
        }
        for (int token = warp; token < kSsdChunk; token += n_warp) {
            const float* row = token < len ? rows + token * row_size : nullptr;
            const float c = stage_states(row ? row + c_at : row, n_state, token, c_high, c_low);
            const float b = stage_states(row ? row + b_at : row, n_state, token, b_high, b_low);
            if (lane == 0) {
                c_back[token] = c;
                b_back[token] = b;
            }
        }
        __syncthreads();

        // M of one square a warp.
        for (int square = warp; square < 3; square += n_warp) {
            const int first_row = square == 0 ? 0 : 16;
            const int first_column = square == 2 ? 16 : 0;
            float dots[2][4] = {};
            LARES_UNROLL
            for (int s = 0; s < kSsdPieces / 2; ++s) {
                if (16 * s >= n_state) break;
                unsigned a[2][4];
                unsigned b[2][4];
                const int a_at = ssd_piece(first_row + lane % 16, 2 * s + lane / 16);
                const int b_from =
                    ssd_piece(first_column + lane / 16 * 8 + lane % 8, 2 * s + lane / 8 % 2);
                load_matrices(a[0], &c_high[a_at]);
                load_matrices(a[1], &c_low[a_at]);
                load_matrices(b[0], &b_high[b_from]);
                load_matrices(b[1], &b_low[b_from]);
                LARES_UNROLL
                for (int j = 0; j < 2; ++j) {
                    const unsigned high[2] = {b[0][2 * j], b[0][2 * j + 1]};
                    const unsigned low[2] = {b[1][2 * j], b[1][2 * j + 1]};
                    mma_split(dots[j], a[0], a[1], high, low);
                }
            }
            float largest[2] = {};
            LARES_UNROLL
            for (int i = 0; i < 8; ++i) {
                const int row = first_row + g + 8 * (i % 4 / 2);
                const int column = first_column + 8 * (i / 4) + 2 * t + i % 2;
                float& v = dots[i / 4][i % 4];
                v = row >= column ? v * c_back[row] * b_back[column] *
                                        expf(cum[row] - cum[column]) * dt[column]
                                  : 0.0F;
                largest[i % 4 / 2] = fmaxf(largest[i % 4 / 2], fabsf(v));
            }
            unsigned high[4];
            unsigned low[4];
            LARES_UNROLL
            for (int i = 0; i < 2; ++i) {
                const Power power = power_below_2_15(warp_max<4>(largest[i]));
                if (t == 0) m_back[square * 16 + g + 8 * i] = power.down;
                LARES_UNROLL
                for (int j = 0; j < 2; ++j)
                    split(dots[j][2 * i] * power.up, dots[j][2 * i + 1] * power.up, high[2 * j + i],
                          low[2 * j + i]);
            }
            m_high[square * 32 + lane] = make_uint4(high[0], high[1], high[2], high[3]);
            m_low[square * 32 + lane] = make_uint4(low[0], low[1], low[2], low[3]);
        }

        // exp(cum) (h C) of all tokens and the warp's channels: [16 tokens][8 channels][mma's c]
        float y[2][2][4] = {};
        float largest_h[2] = {};
        LARES_UNROLL
        for (int j = 0; j < kSsdPieces; ++j) {
            LARES_UNROLL
            for (int i = 0; i < 4; ++i) largest_h[i / 2] = fmaxf(largest_h[i / 2], fabsf(h[j][i]));
        }
        const Power h_power[2] = {power_below_2_15(warp_max<4>(largest_h[0])),
                                  power_below_2_15(warp_max<4>(largest_h[1]))};
        LARES_UNROLL
        for (int s = 0; s < kSsdPieces / 2; ++s) {
            if (16 * s >= n_state) break;
            unsigned high[2][2];
            unsigned low[2][2];
            LARES_UNROLL
            for (int i = 0; i < 2; ++i) {
                LARES_UNROLL
                for (int j = 0; j < 2; ++j)
                    split(h[2 * s + j][2 * i] * h_power[i].up,
                          h[2 * s + j][2 * i + 1] * h_power[i].up, high[i][j], low[i][j]);
            }
            LARES_UNROLL
            for (int m = 0; m < 2; ++m) {
                unsigned a[2][4];
                const int at = ssd_piece(16 * m + lane % 16, 2 * s + lane / 16);
                load_matrices(a[0], &c_high[at]);
                load_matrices(a[1], &c_low[at]);
                LARES_UNROLL
                for (int i = 0; i < 2; ++i) mma_split(y[m][i], a[0], a[1], high[i], low[i]);
            }
        }
        LARES_UNROLL
        for (int i = 0; i < 2; ++i) {
            const float2 back = of_columns(h_power[i].down);
            LARES_UNROLL
            for (int m = 0; m < 2; ++m) {
                LARES_UNROLL
                for (int k = 0; k < 4; ++k) {
                    const int token = 16 * m + g + 8 * (k / 2);
                    y[m][i][k] *= expf(cum[token]) * c_back[token] * (k % 2 == 0 ? back.x : back.y);
                }
            }
        }
        float x[2][2][4];  // [16 tokens][channel g, g + 8][tokens 2t, 2t + 1, 2t + 8, 2t + 9]
        LARES_UNROLL
        for (int s = 0; s < 2; ++s) {
            LARES_UNROLL
            for (int i = 0; i < 8; ++i) {
                const int token = 16 * s + 2 * t + i % 2 + i % 4 / 2 * 8;
                const int channel = g + 8 * (i / 4);
                x[s][i / 4][i % 4] = token < len && channel < n_channel
                                         ? __ldg(rows + token * row_size + x_at + channel)
                                         : 0.0F;
            }
        }
        __syncthreads();

        // M x
        unsigned x_high[2][2][2];  // [16 tokens][8 channels][mma's b]
        unsigned x_low[2][2][2];
        float2 x_back[2];
        LARES_UNROLL
        for (int i = 0; i < 2; ++i) {
            float largest = 0.0F;
            LARES_UNROLL
            for (int k = 0; k < 8; ++k) largest = fmaxf(largest, fabsf(x[k / 4][i][k % 4]));
            const Power power = power_below_2_15(warp_max<4>(largest));
            x_back[i] = of_columns(power.down);
            LARES_UNROLL
            for (int s = 0; s < 2; ++s) {
                LARES_UNROLL
                for (int j = 0; j < 2; ++j)
                    split(x[s][i][2 * j] * power.up, x[s][i][2 * j + 1] * power.up, x_high[s][i][j],
                          x_low[s][i][j]);
            }
        }
        LARES_UNROLL
        for (int square = 0; square < 3; ++square) {
            const int m = square == 0 ? 0 : 1;
            const int s = square == 2 ? 1 : 0;
            const uint4 high = m_high[square * 32 + lane];
            const uint4 low = m_low[square * 32 + lane];
            const unsigned a[2][4] = {{high.x, high.y, high.z, high.w},
                                      {low.x, low.y, low.z, low.w}};
            LARES_UNROLL
            for (int i = 0; i < 2; ++i) {
                float c[4] = {};
                mma_split(c, a[0], a[1], x_high[s][i], x_low[s][i]);
                LARES_UNROLL
                for (int k = 0; k < 4; ++k)
                    y[m][i][k] += c[k] * m_back[square * 16 + g + 8 * (k / 2)] *
                                  (k % 2 == 0 ? x_back[i].x : x_back[i].y);
            }
        }
        LARES_UNROLL
        for (int m = 0; m < 2; ++m) {
            LARES_UNROLL
            for (int half = 0; half < 2; ++half) {
                const int token = 16 * m + g + 8 * half;
                if (token >= len) continue;
                const std::int64_t at = begin + token;
                const float* z = p.z + at * p.z_stride + x_at + 2 * t;
                const float* own = rows + token * row_size + x_at + 2 * t;
                float* out = p.y + at * d_inner + x_at + 2 * t;
                LARES_UNROLL
                for (int i = 0; i < 4; ++i) {
                    const int to = 8 * (i / 2) + i % 2;
                    if (2 * t + to >= n_channel) continue;
                    const float v = y[m][i / 2][2 * half + i % 2] + p.D[head] * __ldg(own + to);
                    out[to] = v * silu(__ldg(z + to));
                }
            }
        }

        // h = exp(cum_last) h + Σ_j exp(cum_last - cum_j) dt_j x_j ⊗ B_j
        const float last = cum[kSsdChunk - 1];  // dt is zero past the end
        LARES_UNROLL
        for (int s = 0; s < 2; ++s) {
            LARES_UNROLL
            for (int k = 0; k < 4; ++k) {
                const int token = 16 * s + 2 * t + k % 2 + k / 2 * 8;
                const float weight = expf(last - cum[token]) * dt[token] * b_back[token];
                x[s][0][k] *= weight;
                x[s][1][k] *= weight;
            }
        }
        unsigned a_high[2][4];  // [16 tokens][mma's a]
        unsigned a_low[2][4];
        float a_back[2];
        LARES_UNROLL
        for (int i = 0; i < 2; ++i) {
            float largest = 0.0F;
            LARES_UNROLL
            for (int k = 0; k < 8; ++k) largest = fmaxf(largest, fabsf(x[k / 4][i][k % 4]));
            const Power power = power_below_2_15(warp_max<4>(largest));
            a_back[i] = power.down;
            LARES_UNROLL
            for (int s = 0; s < 2; ++s) {
                LARES_UNROLL
                for (int j = 0; j < 2; ++j)
                    split(x[s][i][2 * j] * power.up, x[s][i][2 * j + 1] * power.up,
                          a_high[s][2 * j + i], a_low[s][2 * j + i]);
            }
        }
        const float keep = expf(last);
        LARES_UNROLL
        for (int j = 0; j < kSsdPieces; j += 2) {
            if (8 * j >= n_state) break;
            float c[2][4] = {};
            LARES_UNROLL
            for (int s = 0; s < 2; ++s) {
                unsigned b[2][4];
                const int at = ssd_piece(16 * s + lane % 16, j + lane / 16);
                load_matrices_transposed(b[0], &b_high[at]);
                load_matrices_transposed(b[1], &b_low[at]);
                LARES_UNROLL
                for (int i = 0; i < 2; ++i) {
                    const unsigned high[2] = {b[0][2 * i], b[0][2 * i + 1]};
                    const unsigned low[2] = {b[1][2 * i], b[1][2 * i + 1]};
                    mma_split(c[i], a_high[s], a_low[s], high, low);
                }
            }
            LARES_UNROLL
            for (int i = 0; i < 8; ++i) {
                float& v = h[j + i / 4][i % 4];
                v = keep * v + c[i / 4][i % 4] * a_back[i % 4 / 2];
            }
        }
    }

    each_state([](float v, bool is_inside, float* at) {
        if (is_inside) *at = v;
    });
}

}  // namespace lares::kernels
