#include "kernels/device/matvec.cuh"

// Matrix times vector for plain weights, with activations in f32. Contract: kernels/matvec.h.

namespace lares::kernels {

LARES_KERNEL(matvec_f32, kMatvecThreads, MatvecParams) {
    matvec<WeightType::F32>(p);
}
LARES_KERNEL(matvec_f16, kMatvecThreads, MatvecParams) {
    matvec<WeightType::F16>(p);
}
LARES_KERNEL(matvec_bf16, kMatvecThreads, MatvecParams) {
    matvec<WeightType::BF16>(p);
}
LARES_KERNEL(matvec_fp8, kMatvecThreads, MatvecParams) {
    matvec<WeightType::FP8>(p);
}

}  // namespace lares::kernels
