#include "kernels/device/memory.cuh"
#include "kernels/device/numeric.cuh"
#include "kernels/device/q8.cuh"
#include "kernels/mamba2_decode.h"

namespace lares::kernels {

constexpr int kMambaThreads = 128;
constexpr int kMambaTile = 16;              // channels of a block
constexpr int kMambaRows = kMambaTile / 4;  // channels of a warp

/// Convolution and SiLU of one channel for the newest token. The owner of a channel keeps the new
/// input: in the ring's oldest row, which no tap reads, so that other blocks may still be reading.
LARES_DEVICE float convolve(const Mamba2DecodeParams& p, int channel, int t, bool is_owner) {
    const int d_inner = p.n_head * p.head_dim;
    const int n_channel = d_inner + 2 * p.n_group * p.d_state;
    const float newest = p.u[d_inner + channel];
    const float4 w = as_float4(load16(p.conv_weight + 4 * channel));
    const float* ring = p.conv_state + channel;
    float sum = p.conv_bias[channel] + w.w * newest;
    sum += w.x * ring[((t + 1) & 3) * n_channel];
    sum += w.y * ring[((t + 2) & 3) * n_channel];
    sum += w.z * ring[((t + 3) & 3) * n_channel];
    if (is_owner) p.conv_state[(t & 3) * n_channel + channel] = newest;
    return silu(sum);
}

/// RMSNorm of one group, by the block that arrived last.
template <class Scratch>
LARES_DEVICE void normalize_group(const Mamba2DecodeParams& p, int group, Scratch& scratch) {
    const int size = p.n_head / p.n_group * p.head_dim;
    const int thread = static_cast<int>(threadIdx.x);
    const int lane = thread % 32;
    float* y = p.y + group * size;
    const float* gain = p.norm + group * size;
    float squares = 0.0F;
    for (int i = thread; i < size; i += kMambaThreads) {
        const float v = __ldcg(y + i);  // other blocks wrote it: past this multiprocessor's L1
        squares += v * v;
    }
    const float mean = block_sum(squares, scratch) / static_cast<float>(size);
    const float factor = 1.0F / sqrtf(mean + p.eps);
    for (int block = thread / 32; block * 32 < size; block += kMambaThreads / 32) {
        const int i = block * 32 + lane;
        const float v = i < size ? __ldcg(y + i) * factor * gain[i] : 0.0F;
        if (i < size) y[i] = v;
        if (p.q_out.q) quantize_block(v, p.q_out, group * size / 32 + block);
    }
}

LARES_KERNEL(mamba2_decode, kMambaThreads, Mamba2DecodeParams) {
    LARES_SHARED(float, b_shared, 128);
    LARES_SHARED(float, c_shared, 128);
    LARES_SHARED(float, x_shared, kMambaTile);
    LARES_SHARED(float, scratch, 32);
    LARES_SHARED(int, is_last, 1);
    const int thread = static_cast<int>(threadIdx.x);
    const int lane = thread % 32;
    const int head = static_cast<int>(blockIdx.y);
    const int heads_per_group = p.n_head / p.n_group;
    const int group = head / heads_per_group;
    const int d_inner = p.n_head * p.head_dim;
    const int t = *p.position;

    // The state first: it is what this kernel waits for.
    const int first = static_cast<int>(blockIdx.x) * kMambaTile + thread / 32 * kMambaRows;
    const bool has_state = 4 * lane < p.d_state;
    float4 h[kMambaRows];
    LARES_UNROLL
    for (int i = 0; i < kMambaRows; ++i) {
        h[i] = make_float4(0.0F, 0.0F, 0.0F, 0.0F);
        if (has_state && first + i < p.head_dim) {
            const std::int64_t row = static_cast<std::int64_t>(head) * p.head_dim + first + i;
            h[i] = as_float4(load_coherent16(p.state + row * p.d_state + 4 * lane));
        }
    }

    const bool owns_group = blockIdx.x == 0 && head % heads_per_group == 0;
    if (thread < p.d_state) {
        const int channel = d_inner + group * p.d_state + thread;
        b_shared[thread] = convolve(p, channel, t, owns_group);
        c_shared[thread] = convolve(p, channel + p.n_group * p.d_state, t, owns_group);
    }
    const int own = static_cast<int>(blockIdx.x) * kMambaTile + thread;
    if (thread < kMambaTile)
        x_shared[thread] = own < p.head_dim ? convolve(p, head * p.head_dim + own, t, true) : 0.0F;
    const float dt =
        softplus(p.u[2 * d_inner + 2 * p.n_group * p.d_state + head] + p.dt_bias[head]);
    const float decay = expf(dt * p.A[head]);
    __syncthreads();

    float4 b = make_float4(0.0F, 0.0F, 0.0F, 0.0F);
    float4 c = b;
    if (has_state) {
        b = make_float4(b_shared[4 * lane], b_shared[4 * lane + 1], b_shared[4 * lane + 2],
                        b_shared[4 * lane + 3]);
        c = make_float4(c_shared[4 * lane], c_shared[4 * lane + 1], c_shared[4 * lane + 2],
                        c_shared[4 * lane + 3]);
    }
    LARES_UNROLL
    for (int i = 0; i < kMambaRows; ++i) {
        const float x = x_shared[first + i - static_cast<int>(blockIdx.x) * kMambaTile];
        const float dt_x = dt * x;
        h[i].x = decay * h[i].x + dt_x * b.x;
        h[i].y = decay * h[i].y + dt_x * b.y;
        h[i].z = decay * h[i].z + dt_x * b.z;
        h[i].w = decay * h[i].w + dt_x * b.w;
        const std::int64_t row = static_cast<std::int64_t>(head) * p.head_dim + first + i;
        if (has_state && first + i < p.head_dim)
            store16(p.state + row * p.d_state + 4 * lane, as_uint4(h[i]));
        const float sum = warp_sum(h[i].x * c.x + h[i].y * c.y + h[i].z * c.z + h[i].w * c.w);
        if (lane == 0 && first + i < p.head_dim) p.y[row] = (sum + p.D[head] * x) * silu(p.u[row]);
    }

    // Everybody's y before the count, the count before the reading (CUDA C++ Programming Guide,
    // memory fence functions).
    __threadfence();
    __syncthreads();
    if (thread == 0) {
        const unsigned n_block = gridDim.x * static_cast<unsigned>(heads_per_group);
        is_last[0] = atomicInc(p.arrived + group, n_block - 1) == n_block - 1 ? 1 : 0;
    }
    __syncthreads();
    if (is_last[0] == 0) return;
    __threadfence();
    normalize_group(p, group, scratch);
}

}  // namespace lares::kernels
