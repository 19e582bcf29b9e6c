#include "kernels/device/mamba2.cuh"
#include "kernels/mamba2_trial.h"

namespace lares::kernels {

LARES_KERNEL(mamba2_trial, kMambaThreads, Mamba2TrialParams) {
    constexpr int kMost = kMaxTrialTokens;
    static_assert(kMost <= kMambaThreads / 32);   // a warp a row stores its tile
    LARES_SHARED(float, bc_shared, kMost * 256);  // of a token: B, then C from 128
    LARES_SHARED(float, y_shared, kMost* kMambaTile);
    const Mamba2DecodeParams& s = p.step;
    const TrialRow kept(s.n_head, s.head_dim, s.d_state, s.n_group);
    const int thread = static_cast<int>(threadIdx.x);
    const int lane = thread % 32;
    const int group = static_cast<int>(blockIdx.y);
    const int d_inner = s.n_head * s.head_dim;
    const int group_size = d_inner / s.n_group;
    const int group_end = (group + 1) * group_size;
    const int tile = group * group_size + static_cast<int>(blockIdx.x) * kMambaTile;

    const int first = tile + thread / 32 * kMambaRows;
    const bool has_state = 4 * lane < s.d_state;
    float4 h[kMambaRows];
    LARES_UNROLL
    for (int i = 0; i < kMambaRows; ++i) {
        h[i] = make_float4(0.0F, 0.0F, 0.0F, 0.0F);
        if (has_state && first + i < group_end)
            h[i] = load_state(s.state, first + i, s.d_state, lane);
    }

    const int t = *s.position;
    const int n_channel = d_inner + 2 * s.n_group * s.d_state;
    const int of_state = thread % 128;
    const bool has_bc = of_state < s.d_state;
    const int bc_channel = d_inner + (thread / 128 * s.n_group + group) * s.d_state + of_state;
    const int own = first + lane / 8;
    const bool has_own = own < group_end;
    const int head = has_own ? own / s.head_dim : 0;
    Taps bc_taps{};
    Taps x_taps{};
    if (has_bc) bc_taps = load_taps(s, bc_channel, n_channel, t);
    if (has_own) x_taps = load_taps(s, own, n_channel, t);
    const float dt_bias = s.dt_bias[head];
    const float a = s.A[head];
    const float skip = s.D[head];
    wait_for_grid_before();

    // The inputs of all tokens, before the state goes through any: then there are two barriers.
    float x[kMost];
    float gate[kMost];
    float decay[kMost];
    float dt_x[kMost];
    const auto shift = [](Taps& taps, float newest) {
        taps.before[0] = taps.before[1];
        taps.before[1] = taps.before[2];
        taps.before[2] = newest;
    };
    const auto u_stride = static_cast<std::int64_t>(d_inner + n_channel + s.n_head);
    LARES_UNROLL
    for (int i = 0; i < kMost; ++i) {
        x[i] = gate[i] = decay[i] = dt_x[i] = 0.0F;
        if (i >= p.n_token) continue;
        const float* u = s.u + i * u_stride;
        const float* xbc = u + d_inner;
        float* row = p.kept + static_cast<std::int64_t>(i) * kept.size;
        const float bc_newest = has_bc ? xbc[bc_channel] : 0.0F;
        const float x_newest = has_own ? xbc[own] : 0.0F;
        const float z = has_own ? u[own] : 0.0F;
        const float dt = softplus(xbc[n_channel + head] + dt_bias);
        if (has_bc) {
            const float c = convolve(bc_taps, bc_newest);
            shift(bc_taps, bc_newest);
            bc_shared[i * 256 + thread] = c;
            if (blockIdx.x == 0) {
                row[kept.inputs + bc_channel] = bc_newest;
                if (thread < 128) row[group * s.d_state + of_state] = c;
            }
        }
        x[i] = convolve(x_taps, x_newest);
        shift(x_taps, x_newest);
        gate[i] = silu(z);
        decay[i] = decay_of(dt, a);
        dt_x[i] = __fmul_rn(dt, x[i]);
        if (has_own && lane % 8 == 0) {
            row[kept.inputs + own] = x_newest;
            row[kept.dt_x + own] = dt_x[i];
            if (own % s.head_dim == 0) row[kept.decay + head] = decay[i];
        }
    }
    __syncthreads();

    LARES_UNROLL
    for (int i = 0; i < kMost; ++i) {
        if (i >= p.n_token) break;
        float4 b = make_float4(0.0F, 0.0F, 0.0F, 0.0F);
        float4 c = b;
        if (has_state) {
            b = four_of(bc_shared, i * 256 + 4 * lane);
            c = four_of(bc_shared, i * 256 + 128 + 4 * lane);
        }
        float sums[kMambaRows];
        LARES_UNROLL
        for (int j = 0; j < kMambaRows; ++j) {
            const float row_decay = __shfl_sync(kAllLanes, decay[i], 8 * j);
            const float row_dt_x = __shfl_sync(kAllLanes, dt_x[i], 8 * j);
            advance(h[j], row_decay, row_dt_x, b);
            sums[j] = output_of(h[j], c);
        }
        const float sum = sum_one_of_four(sums);  // of channel `own`
        if (lane % 8 == 0)
            y_shared[i * kMambaTile + thread / 8] =
                has_own ? multiply_add(skip, x[i], sum) * gate[i] : 0.0F;
    }
    __syncthreads();
    const int token = thread / 32;
    if (token >= p.n_token) return;
    const bool is_tile_lane = tile + lane < group_end;
    const float gain = is_tile_lane && s.gain ? s.gain[tile + lane] : 1.0F;
    store_tile(s, token, y_shared[token * kMambaTile + lane], gain, tile + lane, is_tile_lane);
}

LARES_KERNEL(mamba2_commit, kMambaThreads, Mamba2CommitParams) {
    const TrialRow row(p.n_head, p.head_dim, p.d_state, p.n_group);
    const int thread = static_cast<int>(threadIdx.x);
    const int lane = thread % 32;
    const int group = static_cast<int>(blockIdx.y);
    const int layer = static_cast<int>(blockIdx.z);
    const int d_inner = p.n_head * p.head_dim;
    const int group_size = d_inner / p.n_group;
    const int group_end = (group + 1) * group_size;
    const int tile = group * group_size + static_cast<int>(blockIdx.x) * kMambaTile;
    float* state = p.state + layer * p.state_stride;
    float* conv_state = p.conv_state + layer * p.state_stride;
    const float* kept = p.kept + layer * p.kept_stride;

    const int first = tile + thread / 32 * kMambaRows;
    const bool has_state = 4 * lane < p.d_state;
    float4 h[kMambaRows];
    LARES_UNROLL
    for (int i = 0; i < kMambaRows; ++i) {
        h[i] = make_float4(0.0F, 0.0F, 0.0F, 0.0F);
        if (has_state && first + i < group_end)
            h[i] = load_state(state, first + i, p.d_state, lane);
    }
    for (int token = 0; token < p.n_kept; ++token) {
        const float* from = kept + static_cast<std::int64_t>(token) * row.size;
        if (!has_state) continue;
        const float4 b = as_float4(load_coherent16(from + group * p.d_state + 4 * lane));
        LARES_UNROLL
        for (int i = 0; i < kMambaRows; ++i) {
            if (first + i >= group_end) continue;
            advance(h[i], from[row.decay + (first + i) / p.head_dim], from[row.dt_x + first + i],
                    b);
        }
    }
    LARES_UNROLL
    for (int i = 0; i < kMambaRows; ++i)
        if (has_state && first + i < group_end)
            store_state(state, first + i, p.d_state, lane, h[i]);

    // The ring: the tile's channels, and B and C of the group with its first tile.
    const int n_channel = d_inner + 2 * p.n_group * p.d_state;
    for (int token = 0; token < p.n_kept; ++token) {
        const float* from = kept + static_cast<std::int64_t>(token) * row.size + row.inputs;
        float* to = conv_state + ((p.position + token) & 3) * n_channel;
        if (thread < kMambaTile && tile + thread < group_end)
            to[tile + thread] = from[tile + thread];
        if (blockIdx.x != 0 || thread % 128 >= p.d_state) continue;
        const int channel = d_inner + (thread / 128 * p.n_group + group) * p.d_state + thread % 128;
        to[channel] = from[channel];
    }
}

}  // namespace lares::kernels
