#include "kernels/matmul.h"

#include <array>

namespace lares::kernels {

Launch matmul_launch(WeightType type, const MatmulParams& params) {
    constexpr std::array<const char*, kWeightTypeCount> kNames{
        nullptr,       nullptr,         nullptr,       nullptr,
        "matmul_q4_0", "matmul_q4_1",   "matmul_q5_0", "matmul_q5_1",
        "matmul_q8_0", "matmul_iq4_nl", "matmul_q4_k", "matmul_q5_k",
        "matmul_q6_k", "matmul_iq4_xs", "matmul_q2_k", "matmul_q3_k"};
    const char* kernel = kNames[static_cast<std::size_t>(type)];
    if (!kernel || params.n < 1 || params.w.rows < 1 || params.w.cols < 1 ||
        params.w.cols % traits(type).file_block != 0)
        return {};
    return make_launch(kernel, {ceil_div(params.n, 64), ceil_div(params.w.rows, 64)}, {128},
                       params);
}

Launch quantize_launch(const float* x, const Q8Vector& q, int n, int cols) {
    if (n < 1 || cols < 32 || cols % 32 != 0) return {};
    const QuantizeParams params{x, q, std::int64_t{n} * cols / 32};
    return make_launch("quantize_rows", {ceil_div(params.n_block, 8)}, {256}, params);
}

}  // namespace lares::kernels
