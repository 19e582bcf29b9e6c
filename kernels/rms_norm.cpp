#include "kernels/rms_norm.h"

#include <algorithm>

namespace lares::kernels {

Launch rms_norm_launch(const RmsNormParams& params, int n_row) {
    if (params.n < 1 || params.n_group < 1 || params.n % params.n_group != 0 || n_row < 1)
        return {};
    const int group = params.n / params.n_group;
    if (params.q.q && group % 32 != 0) return {};
    // One block reads a whole group, four values a thread, so that all loads are in flight at once.
    const std::uint32_t n_warp = std::min(32U, ceil_div(group, 128));
    return make_waiting_launch(
        "rms_norm", {static_cast<std::uint32_t>(params.n_group), static_cast<std::uint32_t>(n_row)},
        {32 * n_warp}, params);
}

}  // namespace lares::kernels
