#include "kernels/device/value.cuh"
#include "kernels/embed.h"

namespace lares::kernels {

template <WeightType kType>
LARES_DEVICE void embed(const EmbedParams& p) {
    wait_for_grid_before();
    const int col = static_cast<int>(blockIdx.x * kEmbedThreads + threadIdx.x);
    if (col >= p.w.cols) return;
    const std::int32_t token = p.tokens[blockIdx.y];
    const std::int64_t row = token >= 0 && token < p.w.rows ? token : 0;
    p.x[static_cast<std::int64_t>(blockIdx.y) * p.w.cols + col] = weight_at<kType>(p.w, row, col);
}

LARES_KERNEL(embed_f32, kEmbedThreads, EmbedParams) {
    embed<WeightType::F32>(p);
}
LARES_KERNEL(embed_f16, kEmbedThreads, EmbedParams) {
    embed<WeightType::F16>(p);
}
LARES_KERNEL(embed_bf16, kEmbedThreads, EmbedParams) {
    embed<WeightType::BF16>(p);
}
LARES_KERNEL(embed_fp8, kEmbedThreads, EmbedParams) {
    embed<WeightType::FP8>(p);
}
LARES_KERNEL(embed_q4_0, kEmbedThreads, EmbedParams) {
    embed<WeightType::Q4_0>(p);
}
LARES_KERNEL(embed_q4_1, kEmbedThreads, EmbedParams) {
    embed<WeightType::Q4_1>(p);
}
LARES_KERNEL(embed_q5_0, kEmbedThreads, EmbedParams) {
    embed<WeightType::Q5_0>(p);
}
LARES_KERNEL(embed_q5_1, kEmbedThreads, EmbedParams) {
    embed<WeightType::Q5_1>(p);
}
LARES_KERNEL(embed_q8_0, kEmbedThreads, EmbedParams) {
    embed<WeightType::Q8_0>(p);
}
LARES_KERNEL(embed_iq4_nl, kEmbedThreads, EmbedParams) {
    embed<WeightType::IQ4_NL>(p);
}
LARES_KERNEL(embed_q4_k, kEmbedThreads, EmbedParams) {
    embed<WeightType::Q4_K>(p);
}
LARES_KERNEL(embed_q5_k, kEmbedThreads, EmbedParams) {
    embed<WeightType::Q5_K>(p);
}
LARES_KERNEL(embed_q6_k, kEmbedThreads, EmbedParams) {
    embed<WeightType::Q6_K>(p);
}
LARES_KERNEL(embed_iq4_xs, kEmbedThreads, EmbedParams) {
    embed<WeightType::IQ4_XS>(p);
}
LARES_KERNEL(embed_q2_k, kEmbedThreads, EmbedParams) {
    embed<WeightType::Q2_K>(p);
}
LARES_KERNEL(embed_q3_k, kEmbedThreads, EmbedParams) {
    embed<WeightType::Q3_K>(p);
}

}  // namespace lares::kernels
