#include "kernels/conv1d_prefill.h"

#include <algorithm>

namespace lares::kernels {
namespace {

bool is_valid(const Conv1dPrefillParams& p) {
    return p.n >= 1 && p.n <= 65535 && p.d_inner >= 1 && p.n_channel >= 1 && p.n_head >= 1;
}

}  // namespace

Launch conv1d_prefill_launch(const Conv1dPrefillParams& params) {
    if (!is_valid(params)) return {};
    return make_launch(
        "conv1d_prefill",
        {ceil_div(params.n_channel + params.n_head, 256), static_cast<std::uint32_t>(params.n)},
        {256}, params);
}

Launch conv1d_store_launch(const Conv1dPrefillParams& params) {
    if (!is_valid(params)) return {};
    return make_launch(
        "conv1d_store",
        {ceil_div(params.n_channel, 256), static_cast<std::uint32_t>(std::min(params.n, 4))}, {256},
        params);
}

}  // namespace lares::kernels
