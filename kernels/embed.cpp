#include "kernels/embed.h"

#include <array>

namespace lares::kernels {

Launch embed_launch(WeightType type, const EmbedParams& params, int n) {
    constexpr std::array<const char*, kWeightTypeCount> kNames{
        "embed_f32",  "embed_f16",    "embed_bf16", "embed_fp8",    "embed_q4_0", "embed_q4_1",
        "embed_q5_0", "embed_q5_1",   "embed_q8_0", "embed_iq4_nl", "embed_q4_k", "embed_q5_k",
        "embed_q6_k", "embed_iq4_xs", "embed_q2_k", "embed_q3_k"};
    if (n < 1 || params.w.rows < 1 || params.w.cols < 1 ||
        params.w.cols % traits(type).file_block != 0)
        return {};
    return make_waiting_launch(
        kNames[static_cast<std::size_t>(type)],
        {ceil_div(params.w.cols, kEmbedThreads), static_cast<std::uint32_t>(n)}, {kEmbedThreads},
        params);
}

}  // namespace lares::kernels
