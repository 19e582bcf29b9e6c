#include "kernels/device/memory.cuh"
#include "kernels/device/numeric.cuh"
#include "kernels/device/reduce.cuh"
#include "kernels/ssd_prefill.h"

namespace lares::kernels {

constexpr int kSsdThreads = 256;
constexpr int kSsdTile = 16;      // channels of a block
constexpr int kSsdChunk = 32;     // tokens, one a lane where they are summed up
constexpr int kSsdRow = 128 + 1;  // of B, C and h: one more, so that columns lie in all banks

LARES_KERNEL(ssd_prefill, kSsdThreads, SsdPrefillParams) {
    LARES_SHARED(float, h, kSsdTile* kSsdRow);   // [channel][state]
    LARES_SHARED(float, b, kSsdChunk* kSsdRow);  // [token][state]
    LARES_SHARED(float, c, kSsdChunk* kSsdRow);
    LARES_SHARED(float, x, kSsdChunk* kSsdTile);  // [token][channel]
    LARES_SHARED(float, m, kSsdChunk* kSsdChunk);
    LARES_SHARED(float, dt, kSsdChunk);
    LARES_SHARED(float, cum, kSsdChunk);
    const int thread = static_cast<int>(threadIdx.x);
    const int head = static_cast<int>(blockIdx.y);
    const int first = static_cast<int>(blockIdx.x) * kSsdTile;
    const int n_channel = p.head_dim - first < kSsdTile ? p.head_dim - first : kSsdTile;
    const int n_state = p.d_state;
    const int d_inner = p.n_head * p.head_dim;
    const std::int64_t row_size = d_inner + 2 * p.n_group * n_state;
    const int b_at = d_inner + head / (p.n_head / p.n_group) * n_state;
    const int c_at = b_at + p.n_group * n_state;
    const int x_at = head * p.head_dim + first;
    float* state = p.state + static_cast<std::int64_t>(x_at) * n_state;

    for (int i = thread; i < n_channel * n_state; i += kSsdThreads)
        h[i / n_state * kSsdRow + i % n_state] = state[i];

    for (int begin = 0; begin < p.n; begin += kSsdChunk) {
        const int len = p.n - begin < kSsdChunk ? p.n - begin : kSsdChunk;
        const float* rows = p.xBC + begin * row_size;
        for (int i = thread; i < len * n_state; i += kSsdThreads) {
            const float* row = rows + i / n_state * row_size + i % n_state;
            b[i / n_state * kSsdRow + i % n_state] = row[b_at];
            c[i / n_state * kSsdRow + i % n_state] = row[c_at];
        }
        for (int i = thread; i < len * n_channel; i += kSsdThreads)
            x[i / n_channel * kSsdTile + i % n_channel] =
                rows[i / n_channel * row_size + x_at + i % n_channel];
        if (thread < kSsdChunk) {
            const std::int64_t at = static_cast<std::int64_t>(begin + thread) * p.n_head + head;
            const float own = thread < len ? p.dt[at] : 0.0F;
            float sum = own * p.A[head];
            LARES_UNROLL
            for (int step = 1; step < kSsdChunk; step *= 2) {
                const float other = __shfl_up_sync(kAllLanes, sum, step);
                if (thread >= step) sum += other;
            }
            dt[thread] = own;
            cum[thread] = sum;
        }
        __syncthreads();

        for (int k = thread; k < len * len; k += kSsdThreads) {
            const int i = k / len;
            const int j = k % len;
            if (j > i) continue;
            float dot = 0.0F;
            for (int s = 0; s < n_state; ++s) dot += c[i * kSsdRow + s] * b[j * kSsdRow + s];
            m[i * kSsdChunk + j] = dot * expf(cum[i] - cum[j]) * dt[j];
        }
        __syncthreads();

        for (int k = thread; k < len * n_channel; k += kSsdThreads) {
            const int i = k / n_channel;
            const int channel = k % n_channel;
            float inside = p.D[head] * x[i * kSsdTile + channel];
            for (int j = 0; j <= i; ++j) inside += m[i * kSsdChunk + j] * x[j * kSsdTile + channel];
            float before = 0.0F;
            for (int s = 0; s < n_state; ++s)
                before += h[channel * kSsdRow + s] * c[i * kSsdRow + s];
            const std::int64_t token = begin + i;
            const float z = p.z[token * p.z_stride + x_at + channel];
            p.y[token * d_inner + x_at + channel] = (inside + expf(cum[i]) * before) * silu(z);
        }
        __syncthreads();

        const float last = cum[len - 1];
        for (int k = thread; k < n_channel * n_state; k += kSsdThreads) {
            const int channel = k / n_state;
            const int s = k % n_state;
            float sum = expf(last) * h[channel * kSsdRow + s];
            for (int j = 0; j < len; ++j)
                sum += expf(last - cum[j]) * dt[j] * x[j * kSsdTile + channel] * b[j * kSsdRow + s];
            h[channel * kSsdRow + s] = sum;
        }
        __syncthreads();
    }

    for (int i = thread; i < n_channel * n_state; i += kSsdThreads)
        state[i] = h[i / n_state * kSsdRow + i % n_state];
}

}  // namespace lares::kernels
