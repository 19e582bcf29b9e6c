#include "kernels/device/matvec.cuh"

// Matrix times vector for block-quantised weights. Contract: kernels/matvec.h; the arithmetic of a
// block: kernels/device/weights.cuh. A column is in registers while the kernel before ends; the
// third argument is the most blocks for which that does not spill, or hardly (kernels/README.md).

namespace lares::kernels {

LARES_KERNEL_RESIDENT(matvec_q5_0, kMatvecThreads, 3, MatvecParams) {
    matvec<WeightType::Q5_0>(p);
}
LARES_KERNEL_RESIDENT(matvec_q4_k, kMatvecThreads, 3, MatvecParams) {
    matvec<WeightType::Q4_K>(p);
}
LARES_KERNEL_RESIDENT(matvec_q8_0, kMatvecThreads, 2, MatvecParams) {
    matvec<WeightType::Q8_0>(p);
}
LARES_KERNEL_RESIDENT(matvec_q6_k, kMatvecThreads, 3, MatvecParams) {
    matvec<WeightType::Q6_K>(p);
}
LARES_KERNEL_RESIDENT(matvec_q4_0, kMatvecThreads, 4, MatvecParams) {
    matvec<WeightType::Q4_0>(p);
}
LARES_KERNEL_RESIDENT(matvec_q4_1, kMatvecThreads, 3, MatvecParams) {
    matvec<WeightType::Q4_1>(p);
}
LARES_KERNEL_RESIDENT(matvec_q5_1, kMatvecThreads, 3, MatvecParams) {
    matvec<WeightType::Q5_1>(p);
}
LARES_KERNEL_RESIDENT(matvec_q5_k, kMatvecThreads, 3, MatvecParams) {
    matvec<WeightType::Q5_K>(p);
}
LARES_KERNEL_RESIDENT(matvec_iq4_nl, kMatvecThreads, 3, MatvecParams) {
    matvec<WeightType::IQ4_NL>(p);
}
LARES_KERNEL_RESIDENT(matvec_iq4_xs, kMatvecThreads, 3, MatvecParams) {
    matvec<WeightType::IQ4_XS>(p);
}

}  // namespace lares::kernels
