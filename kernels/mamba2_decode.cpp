#include "kernels/mamba2_decode.h"

namespace lares::kernels {

Launch mamba2_decode_launch(const Mamba2DecodeParams& params) {
    if (params.n_head < 1 || params.head_dim < 1 || params.n_group < 1 ||
        params.n_head % params.n_group != 0)
        return {};
    if (params.d_state < 4 || params.d_state > 128 || params.d_state % 4 != 0) return {};
    const int group = params.n_head / params.n_group * params.head_dim;
    if (params.q_out.q && group % 32 != 0) return {};
    return make_waiting_launch("mamba2_decode",
                               {ceil_div(group, 32), static_cast<std::uint32_t>(params.n_group)},
                               {256}, params);
}

}  // namespace lares::kernels
