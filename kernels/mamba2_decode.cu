#include "kernels/device/mamba2.cuh"

namespace lares::kernels {

LARES_KERNEL(mamba2_decode, kMambaThreads, Mamba2DecodeParams) {
    LARES_SHARED(float, bc_shared, 256);  // B, then C from 128 on
    LARES_SHARED(float, y_shared, kMambaTile);
    const int thread = static_cast<int>(threadIdx.x);
    const int lane = thread % 32;
    const int group = static_cast<int>(blockIdx.y);
    const int d_inner = p.n_head * p.head_dim;
    const int group_size = d_inner / p.n_group;
    const int group_end = (group + 1) * group_size;
    const int tile = group * group_size + static_cast<int>(blockIdx.x) * kMambaTile;

    // The state first: it is what this kernel waits for, and the kernel before does not write it.
    const int first = tile + thread / 32 * kMambaRows;
    const bool has_state = 4 * lane < p.d_state;
    float4 h[kMambaRows];
    LARES_UNROLL
    for (int i = 0; i < kMambaRows; ++i) {
        h[i] = make_float4(0.0F, 0.0F, 0.0F, 0.0F);
        if (has_state && first + i < group_end)
            h[i] = load_state(p.state, first + i, p.d_state, lane);
    }

    // A thread convolves one channel of B or C, and eight lanes the same one of x.
    const int t = *p.position;
    const int n_channel = d_inner + 2 * p.n_group * p.d_state;
    const int of_state = thread % 128;
    const bool has_bc = of_state < p.d_state;
    const int bc_channel = d_inner + (thread / 128 * p.n_group + group) * p.d_state + of_state;
    const int own = first + lane / 8;
    const bool has_own = own < group_end;
    const int head = has_own ? own / p.head_dim : 0;
    Taps bc_taps{};
    Taps x_taps{};
    if (has_bc) bc_taps = load_taps(p, bc_channel, n_channel, t);
    if (has_own) x_taps = load_taps(p, own, n_channel, t);
    const float dt_bias = p.dt_bias[head];
    const float a = p.A[head];
    const float skip = p.D[head];
    const bool is_tile_lane = thread < kMambaTile && tile + thread < group_end;
    const float gain = is_tile_lane && p.gain ? p.gain[tile + thread] : 1.0F;
    wait_for_grid_before();

    // Every load before the first store, which the compiler keeps in order.
    const float* xbc = p.u + d_inner;
    const float bc_newest = has_bc ? xbc[bc_channel] : 0.0F;
    const float x_newest = has_own ? xbc[own] : 0.0F;
    const float z = has_own ? p.u[own] : 0.0F;
    const float dt = softplus(xbc[n_channel + head] + dt_bias);

    // The owner of a channel keeps the new input: in the ring's oldest row, which no tap reads, so
    // that other blocks may still be reading.
    float* oldest = p.conv_state + (t & 3) * n_channel;
    if (has_bc) {
        bc_shared[thread] = convolve(bc_taps, bc_newest);
        if (blockIdx.x == 0) oldest[bc_channel] = bc_newest;
    }
    const float x = convolve(x_taps, x_newest);
    if (has_own && lane % 8 == 0) oldest[own] = x_newest;
    const float decay = decay_of(dt, a);
    const float dt_x = __fmul_rn(dt, x);
    __syncthreads();

    float4 b = make_float4(0.0F, 0.0F, 0.0F, 0.0F);
    float4 c = b;
    if (has_state) {
        b = four_of(bc_shared, 4 * lane);
        c = four_of(bc_shared, 128 + 4 * lane);
    }
    float sums[kMambaRows];
    LARES_UNROLL
    for (int i = 0; i < kMambaRows; ++i) {
        const float row_decay = __shfl_sync(kAllLanes, decay, 8 * i);
        const float row_dt_x = __shfl_sync(kAllLanes, dt_x, 8 * i);
        advance(h[i], row_decay, row_dt_x, b);
        sums[i] = output_of(h[i], c);
        if (has_state && first + i < group_end)
            store_state(p.state, first + i, p.d_state, lane, h[i]);
    }
    const float sum = sum_one_of_four(sums);  // of channel `own`
    if (lane % 8 == 0) y_shared[thread / 8] = has_own ? multiply_add(skip, x, sum) * silu(z) : 0.0F;
    __syncthreads();
    if (thread < kMambaTile) store_tile(p, 0, y_shared[thread], gain, tile + thread, is_tile_lane);
}

}  // namespace lares::kernels
