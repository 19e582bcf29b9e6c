#include "kernels/matmul_plain.h"

#include <array>

namespace lares::kernels {

Launch matmul_plain_launch(WeightType type, const MatmulPlainParams& params) {
    constexpr std::array<const char*, 4> kNames{"matmul_f32", "matmul_f16", "matmul_bf16",
                                                "matmul_fp8"};
    if (!is_plain(type) || params.n < 1 || params.w.rows < 1 || params.w.cols < 1 || !params.x ||
        !params.y)
        return {};
    const char* kernel = kNames[static_cast<std::size_t>(type)];
    if (type == WeightType::F32)
        return make_launch(kernel, {ceil_div(params.n, 16), ceil_div(params.w.rows, 16)}, {256},
                           params);
    return make_launch(kernel, {ceil_div(params.n, 64), ceil_div(params.w.rows, 128)}, {128},
                       params);
}

}  // namespace lares::kernels
