#include "kernels/dequantize.h"
#include "kernels/device/value.cuh"

namespace lares::kernels {

template <WeightType kType>
LARES_DEVICE void dequantize(const DequantizeParams& p) {
    const int col = static_cast<int>(blockIdx.x * 256 + threadIdx.x);
    if (col >= p.w.cols) return;
    const float v = weight_at<kType>(p.w, p.first_row + static_cast<std::int64_t>(blockIdx.y), col);
    p.out[static_cast<std::int64_t>(blockIdx.y) * p.w.cols + col] =
        p.type == DenseType::F16 ? float_to_half(v) : float_to_bfloat16(v);
}

LARES_KERNEL(dequantize_f32, 256, DequantizeParams) {
    dequantize<WeightType::F32>(p);
}
LARES_KERNEL(dequantize_f16, 256, DequantizeParams) {
    dequantize<WeightType::F16>(p);
}
LARES_KERNEL(dequantize_bf16, 256, DequantizeParams) {
    dequantize<WeightType::BF16>(p);
}
LARES_KERNEL(dequantize_fp8, 256, DequantizeParams) {
    dequantize<WeightType::FP8>(p);
}
LARES_KERNEL(dequantize_q4_0, 256, DequantizeParams) {
    dequantize<WeightType::Q4_0>(p);
}
LARES_KERNEL(dequantize_q4_1, 256, DequantizeParams) {
    dequantize<WeightType::Q4_1>(p);
}
LARES_KERNEL(dequantize_q5_0, 256, DequantizeParams) {
    dequantize<WeightType::Q5_0>(p);
}
LARES_KERNEL(dequantize_q5_1, 256, DequantizeParams) {
    dequantize<WeightType::Q5_1>(p);
}
LARES_KERNEL(dequantize_q8_0, 256, DequantizeParams) {
    dequantize<WeightType::Q8_0>(p);
}
LARES_KERNEL(dequantize_iq4_nl, 256, DequantizeParams) {
    dequantize<WeightType::IQ4_NL>(p);
}
LARES_KERNEL(dequantize_q4_k, 256, DequantizeParams) {
    dequantize<WeightType::Q4_K>(p);
}
LARES_KERNEL(dequantize_q5_k, 256, DequantizeParams) {
    dequantize<WeightType::Q5_K>(p);
}
LARES_KERNEL(dequantize_q6_k, 256, DequantizeParams) {
    dequantize<WeightType::Q6_K>(p);
}
LARES_KERNEL(dequantize_iq4_xs, 256, DequantizeParams) {
    dequantize<WeightType::IQ4_XS>(p);
}
LARES_KERNEL(dequantize_q2_k, 256, DequantizeParams) {
    dequantize<WeightType::Q2_K>(p);
}
LARES_KERNEL(dequantize_q3_k, 256, DequantizeParams) {
    dequantize<WeightType::Q3_K>(p);
}

}  // namespace lares::kernels
