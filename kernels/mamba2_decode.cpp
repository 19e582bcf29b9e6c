#include "kernels/mamba2_decode.h"

namespace lares::kernels {

Launch mamba2_decode_launch(const Mamba2DecodeParams& params) {
    if (params.n_head < 1 || params.head_dim < 1 || params.n_group < 1 ||
        params.n_head % params.n_group != 0)
        return {};
    if (params.d_state < 4 || params.d_state > 128 || params.d_state % 4 != 0) return {};
    const int group = params.n_head / params.n_group * params.head_dim;
    if (params.q_out.q && group % 32 != 0) return {};
    // 480 blocks for the 4B: whole heads would be 96, fewer than a large GPU has multiprocessors.
    return make_waiting_launch(
        "mamba2_decode", {ceil_div(params.head_dim, 16), static_cast<std::uint32_t>(params.n_head)},
        {128}, params);
}

}  // namespace lares::kernels
