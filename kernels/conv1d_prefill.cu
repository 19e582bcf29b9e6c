#include "kernels/conv1d_prefill.h"
#include "kernels/device/memory.cuh"
#include "kernels/device/numeric.cuh"

namespace lares::kernels {

LARES_DEVICE std::int64_t u_row(const Conv1dPrefillParams& p, int token) {
    return static_cast<std::int64_t>(token) * (p.d_inner + p.n_channel + p.n_head);
}

LARES_KERNEL(conv1d_prefill, 256, Conv1dPrefillParams) {
    const int channel = static_cast<int>(blockIdx.x * 256 + threadIdx.x);
    const int token = static_cast<int>(blockIdx.y);
    if (channel >= p.n_channel) {
        const int head = channel - p.n_channel;
        if (head < p.n_head)
            p.dt[static_cast<std::int64_t>(token) * p.n_head + head] =
                softplus(p.u[u_row(p, token) + p.d_inner + channel] + p.dt_bias[head]);
        return;
    }
    const int t = *p.position + token;
    const float4 w = as_float4(load16(p.weight + 4 * static_cast<std::int64_t>(channel)));
    const float taps[4] = {w.x, w.y, w.z, w.w};
    float sum = p.bias[channel];
    LARES_UNROLL
    for (int k = 0; k < 4; ++k) {
        const int back = 3 - k;  // tokens ago
        const float x =
            token >= back
                ? p.u[u_row(p, token - back) + p.d_inner + channel]
                : p.state[static_cast<std::int64_t>((t + 4 - back) & 3) * p.n_channel + channel];
        sum += taps[k] * x;
    }
    p.xBC[static_cast<std::int64_t>(token) * p.n_channel + channel] = silu(sum);
}

LARES_KERNEL(conv1d_store, 256, Conv1dPrefillParams) {
    const int channel = static_cast<int>(blockIdx.x * 256 + threadIdx.x);
    if (channel >= p.n_channel) return;
    const int token = p.n - 1 - static_cast<int>(blockIdx.y);  // the last four
    const int t = *p.position + token;
    p.state[static_cast<std::int64_t>(t & 3) * p.n_channel + channel] =
        p.u[u_row(p, token) + p.d_inner + channel];
}

}  // namespace lares::kernels
