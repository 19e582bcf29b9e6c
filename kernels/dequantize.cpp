#include "kernels/dequantize.h"

#include <array>

namespace lares::kernels {

Launch dequantize_launch(WeightType type, const DequantizeParams& params) {
    constexpr std::array<const char*, kWeightTypeCount> kNames{
        "dequantize_f32",  "dequantize_f16",    "dequantize_bf16", "dequantize_fp8",
        "dequantize_q4_0", "dequantize_q4_1",   "dequantize_q5_0", "dequantize_q5_1",
        "dequantize_q8_0", "dequantize_iq4_nl", "dequantize_q4_k", "dequantize_q5_k",
        "dequantize_q6_k", "dequantize_iq4_xs", "dequantize_q2_k", "dequantize_q3_k"};
    if (params.first_row < 0 || params.n_row < 1 || params.n_row > 65535 ||
        params.n_row > params.w.rows - params.first_row || params.w.cols < 1 ||
        params.w.cols % traits(type).file_block != 0)
        return {};
    return make_launch(kNames[static_cast<std::size_t>(type)],
                       {ceil_div(params.w.cols, 256), static_cast<std::uint32_t>(params.n_row)},
                       {256}, params);
}

}  // namespace lares::kernels
