#include "kernels/ssd_prefill.h"

namespace lares::kernels {

Launch ssd_prefill_launch(const SsdPrefillParams& params) {
    if (params.n < 1 || params.n_head < 1 || params.head_dim < 1 || params.n_group < 1 ||
        params.n_head % params.n_group != 0 || params.d_state < 1 || params.d_state > 128)
        return {};
    const std::uint32_t n_warp = ceil_div(params.head_dim < 128 ? params.head_dim : 128, 16);
    return make_launch(
        "ssd_prefill",
        {ceil_div(params.head_dim, 16 * n_warp), static_cast<std::uint32_t>(params.n_head)},
        {32 * n_warp}, params);
}

}  // namespace lares::kernels
