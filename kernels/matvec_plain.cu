#include "kernels/device/matvec.cuh"

// Matrix times vector for plain weights, with activations in f32. Contract: kernels/matvec.h.

namespace lares::kernels {

LARES_KERNEL_RESIDENT(matvec_f32, kMatvecThreads, matvec_blocks(WeightType::F32), MatvecParams) {
    matvec<WeightType::F32>(p);
}
LARES_KERNEL_RESIDENT(matvec_f16, kMatvecThreads, matvec_blocks(WeightType::F16), MatvecParams) {
    matvec<WeightType::F16>(p);
}
LARES_KERNEL_RESIDENT(matvec_bf16, kMatvecThreads, matvec_blocks(WeightType::BF16), MatvecParams) {
    matvec<WeightType::BF16>(p);
}
LARES_KERNEL_RESIDENT(matvec_fp8, kMatvecThreads, matvec_blocks(WeightType::FP8), MatvecParams) {
    matvec<WeightType::FP8>(p);
}

// The same for a few vectors.

LARES_KERNEL_RESIDENT(matvec_few_f32,
                      kMatvecThreads,
                      matvec_few_blocks(WeightType::F32),
                      MatvecParams) {
    matvec<WeightType::F32, kMaxVectors>(p);
}
LARES_KERNEL_RESIDENT(matvec_few_f16,
                      kMatvecThreads,
                      matvec_few_blocks(WeightType::F16),
                      MatvecParams) {
    matvec<WeightType::F16, kMaxVectors>(p);
}
LARES_KERNEL_RESIDENT(matvec_few_bf16,
                      kMatvecThreads,
                      matvec_few_blocks(WeightType::BF16),
                      MatvecParams) {
    matvec<WeightType::BF16, kMaxVectors>(p);
}
LARES_KERNEL_RESIDENT(matvec_few_fp8,
                      kMatvecThreads,
                      matvec_few_blocks(WeightType::FP8),
                      MatvecParams) {
    matvec<WeightType::FP8, kMaxVectors>(p);
}

}  // namespace lares::kernels
