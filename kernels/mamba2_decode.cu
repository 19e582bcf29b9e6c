#include "kernels/device/memory.cuh"
#include "kernels/device/numeric.cuh"
#include "kernels/device/q8.cuh"
#include "kernels/mamba2_decode.h"

namespace lares::kernels {

constexpr int kMambaThreads = 128;
constexpr int kMambaTile = 16;              // channels of a block
constexpr int kMambaRows = kMambaTile / 4;  // channels of a warp

/// What the convolution of a channel needs besides the newest input: nothing of it is from the
/// kernel before.
struct Taps {
    float4 weight;
    float bias;
    float before[3];  ///< oldest first
};
LARES_DEVICE Taps load_taps(const Mamba2DecodeParams& p, int channel, int n_channel, int t) {
    const float* ring = p.conv_state + channel;
    return {as_float4(load16(p.conv_weight + 4 * channel)),
            p.conv_bias[channel],
            {ring[((t + 1) & 3) * n_channel], ring[((t + 2) & 3) * n_channel],
             ring[((t + 3) & 3) * n_channel]}};
}
/// Convolution and SiLU.
LARES_DEVICE float convolve(const Taps& taps, float newest) {
    float sum = taps.bias + taps.weight.w * newest;
    sum += taps.weight.x * taps.before[0];
    sum += taps.weight.y * taps.before[1];
    sum += taps.weight.z * taps.before[2];
    return silu(sum);
}

/// RMSNorm of one group, by the block that arrived last. What a thread holds is on its way at once.
template <class Scratch>
LARES_DEVICE void normalize_group(const Mamba2DecodeParams& p, int group, Scratch& scratch) {
    constexpr int kHeld = 8;  // blocks of 32 values of a warp
    constexpr int kWarps = kMambaThreads / 32;
    const int size = p.n_head / p.n_group * p.head_dim;
    const int lane = static_cast<int>(threadIdx.x % 32);
    const int warp = static_cast<int>(threadIdx.x / 32);
    float* y = p.y + group * size;
    const float* gain = p.norm + group * size;
    float squares = 0.0F;
    float v[kHeld];
    float gains[kHeld];
    LARES_UNROLL
    for (int k = 0; k < kHeld; ++k) {
        const int i = (warp + k * kWarps) * 32 + lane;
        v[k] = i < size ? __ldcg(y + i) : 0.0F;  // other blocks wrote it: past this one's L1
        gains[k] = i < size ? gain[i] : 0.0F;
    }
    LARES_UNROLL
    for (int k = 0; k < kHeld; ++k) squares += v[k] * v[k];
    for (int i = (warp + kHeld * kWarps) * 32 + lane; i < size; i += kMambaThreads) {
        const float more = __ldcg(y + i);
        squares += more * more;
    }
    const float mean = block_sum(squares, scratch) / static_cast<float>(size);
    const float factor = 1.0F / sqrtf(mean + p.eps);
    const int first = group * size / 32;  // block of q_out
    LARES_UNROLL
    for (int k = 0; k < kHeld; ++k) {
        const int i = (warp + k * kWarps) * 32 + lane;
        v[k] = v[k] * factor * gains[k];
        if (i < size) y[i] = v[k];
    }
    if (p.q_out.q) quantize_blocks(v, p.q_out, first + warp, kWarps, first + (size + 31) / 32);
    for (int block = warp + kHeld * kWarps; block * 32 < size; block += kWarps) {
        const int i = block * 32 + lane;
        const float result = i < size ? __ldcg(y + i) * factor * gain[i] : 0.0F;
        if (i < size) y[i] = result;
        if (p.q_out.q) quantize_block(result, p.q_out, first + block);
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

    // The state first: it is what this kernel waits for, and the kernel before does not write it.
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

    const int t = *p.position;
    const int n_channel = d_inner + 2 * p.n_group * p.d_state;
    const int b_channel = d_inner + group * p.d_state + thread;
    const int c_channel = b_channel + p.n_group * p.d_state;
    const int own = static_cast<int>(blockIdx.x) * kMambaTile + thread;
    const int x_channel = head * p.head_dim + own;
    const bool has_bc = thread < p.d_state;
    const bool has_x = thread < kMambaTile && own < p.head_dim;
    Taps b_taps{};
    Taps c_taps{};
    Taps x_taps{};
    if (has_bc) {
        b_taps = load_taps(p, b_channel, n_channel, t);
        c_taps = load_taps(p, c_channel, n_channel, t);
    }
    if (has_x) x_taps = load_taps(p, x_channel, n_channel, t);
    const float dt_bias = p.dt_bias[head];
    const float a = p.A[head];
    const float skip = p.D[head];
    wait_for_grid_before();

    // Every load before the first store, which the compiler keeps in order.
    const float* xbc = p.u + d_inner;
    const float b_newest = has_bc ? xbc[b_channel] : 0.0F;
    const float c_newest = has_bc ? xbc[c_channel] : 0.0F;
    const float x_newest = has_x ? xbc[x_channel] : 0.0F;
    float z[kMambaRows];
    LARES_UNROLL
    for (int i = 0; i < kMambaRows; ++i)
        z[i] = first + i < p.head_dim ? p.u[head * p.head_dim + first + i] : 0.0F;
    const float dt = softplus(xbc[n_channel + head] + dt_bias);
    const float decay = expf(dt * a);

    // The owner of a channel keeps the new input: in the ring's oldest row, which no tap reads, so
    // that other blocks may still be reading.
    float* oldest = p.conv_state + (t & 3) * n_channel;
    if (has_bc) {
        b_shared[thread] = convolve(b_taps, b_newest);
        c_shared[thread] = convolve(c_taps, c_newest);
        if (blockIdx.x == 0 && head % heads_per_group == 0) {
            oldest[b_channel] = b_newest;
            oldest[c_channel] = c_newest;
        }
    }
    if (thread < kMambaTile) x_shared[thread] = has_x ? convolve(x_taps, x_newest) : 0.0F;
    if (has_x) oldest[x_channel] = x_newest;
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
        const float sum = warp_sum(h[i].x * c.x + h[i].y * c.y + h[i].z * c.z + h[i].w * c.w);
        if (lane == 0 && first + i < p.head_dim)
            p.y[head * p.head_dim + first + i] = (sum + skip * x) * silu(z[i]);
    }

    // Everybody's y before the count, the count before the reading (CUDA C++ Programming Guide,
    // memory fence functions).
    __threadfence();
    __syncthreads();
    if (thread == 0) {
        const unsigned n_block = gridDim.x * static_cast<unsigned>(heads_per_group);
        is_last[0] = atomicInc(p.arrived + group, n_block - 1) == n_block - 1 ? 1 : 0;
    }
    // The state after the count: the fence would wait until all of it is written, and nobody reads
    // it before the next token.
    LARES_UNROLL
    for (int i = 0; i < kMambaRows; ++i) {
        const std::int64_t row = static_cast<std::int64_t>(head) * p.head_dim + first + i;
        if (has_state && first + i < p.head_dim)
            store16(p.state + row * p.d_state + 4 * lane, as_uint4(h[i]));
    }
    __syncthreads();
    if (is_last[0] == 0) return;
    __threadfence();
    normalize_group(p, group, scratch);
}

}  // namespace lares::kernels
