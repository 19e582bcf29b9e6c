#include "kernels/device/matvec.cuh"

// Matrix times vector for block-quantised weights. Contract: kernels/matvec.h; the arithmetic of a
// block: kernels/device/weights.cuh. A column is in registers while the kernel before ends.

namespace lares::kernels {

LARES_KERNEL_RESIDENT(matvec_q5_0, kMatvecThreads, matvec_blocks(WeightType::Q5_0), MatvecParams) {
    matvec<WeightType::Q5_0>(p);
}
LARES_KERNEL_RESIDENT(matvec_q4_k, kMatvecThreads, matvec_blocks(WeightType::Q4_K), MatvecParams) {
    matvec<WeightType::Q4_K>(p);
}
LARES_KERNEL_RESIDENT(matvec_q8_0, kMatvecThreads, matvec_blocks(WeightType::Q8_0), MatvecParams) {
    matvec<WeightType::Q8_0>(p);
}
LARES_KERNEL_RESIDENT(matvec_q6_k, kMatvecThreads, matvec_blocks(WeightType::Q6_K), MatvecParams) {
    matvec<WeightType::Q6_K>(p);
}
LARES_KERNEL_RESIDENT(matvec_q4_0, kMatvecThreads, matvec_blocks(WeightType::Q4_0), MatvecParams) {
    matvec<WeightType::Q4_0>(p);
}
LARES_KERNEL_RESIDENT(matvec_q4_1, kMatvecThreads, matvec_blocks(WeightType::Q4_1), MatvecParams) {
    matvec<WeightType::Q4_1>(p);
}
LARES_KERNEL_RESIDENT(matvec_q5_1, kMatvecThreads, matvec_blocks(WeightType::Q5_1), MatvecParams) {
    matvec<WeightType::Q5_1>(p);
}
LARES_KERNEL_RESIDENT(matvec_q5_k, kMatvecThreads, matvec_blocks(WeightType::Q5_K), MatvecParams) {
    matvec<WeightType::Q5_K>(p);
}
LARES_KERNEL_RESIDENT(matvec_iq4_nl,
                      kMatvecThreads,
                      matvec_blocks(WeightType::IQ4_NL),
                      MatvecParams) {
    matvec<WeightType::IQ4_NL>(p);
}
LARES_KERNEL_RESIDENT(matvec_iq4_xs,
                      kMatvecThreads,
                      matvec_blocks(WeightType::IQ4_XS),
                      MatvecParams) {
    matvec<WeightType::IQ4_XS>(p);
}
LARES_KERNEL_RESIDENT(matvec_q2_k, kMatvecThreads, matvec_blocks(WeightType::Q2_K), MatvecParams) {
    matvec<WeightType::Q2_K>(p);
}
LARES_KERNEL_RESIDENT(matvec_q3_k, kMatvecThreads, matvec_blocks(WeightType::Q3_K), MatvecParams) {
    matvec<WeightType::Q3_K>(p);
}

// The same for a few vectors.

LARES_KERNEL_RESIDENT(matvec_few_q5_0,
                      kMatvecThreads,
                      matvec_few_blocks(WeightType::Q5_0),
                      MatvecParams) {
    matvec<WeightType::Q5_0, kMaxVectors>(p);
}
LARES_KERNEL_RESIDENT(matvec_few_q4_k,
                      kMatvecThreads,
                      matvec_few_blocks(WeightType::Q4_K),
                      MatvecParams) {
    matvec<WeightType::Q4_K, kMaxVectors>(p);
}
LARES_KERNEL_RESIDENT(matvec_few_q8_0,
                      kMatvecThreads,
                      matvec_few_blocks(WeightType::Q8_0),
                      MatvecParams) {
    matvec<WeightType::Q8_0, kMaxVectors>(p);
}
LARES_KERNEL_RESIDENT(matvec_few_q6_k,
                      kMatvecThreads,
                      matvec_few_blocks(WeightType::Q6_K),
                      MatvecParams) {
    matvec<WeightType::Q6_K, kMaxVectors>(p);
}
LARES_KERNEL_RESIDENT(matvec_few_q4_0,
                      kMatvecThreads,
                      matvec_few_blocks(WeightType::Q4_0),
                      MatvecParams) {
    matvec<WeightType::Q4_0, kMaxVectors>(p);
}
LARES_KERNEL_RESIDENT(matvec_few_q4_1,
                      kMatvecThreads,
                      matvec_few_blocks(WeightType::Q4_1),
                      MatvecParams) {
    matvec<WeightType::Q4_1, kMaxVectors>(p);
}
LARES_KERNEL_RESIDENT(matvec_few_q5_1,
                      kMatvecThreads,
                      matvec_few_blocks(WeightType::Q5_1),
                      MatvecParams) {
    matvec<WeightType::Q5_1, kMaxVectors>(p);
}
LARES_KERNEL_RESIDENT(matvec_few_q5_k,
                      kMatvecThreads,
                      matvec_few_blocks(WeightType::Q5_K),
                      MatvecParams) {
    matvec<WeightType::Q5_K, kMaxVectors>(p);
}
LARES_KERNEL_RESIDENT(matvec_few_iq4_nl,
                      kMatvecThreads,
                      matvec_few_blocks(WeightType::IQ4_NL),
                      MatvecParams) {
    matvec<WeightType::IQ4_NL, kMaxVectors>(p);
}
LARES_KERNEL_RESIDENT(matvec_few_iq4_xs,
                      kMatvecThreads,
                      matvec_few_blocks(WeightType::IQ4_XS),
                      MatvecParams) {
    matvec<WeightType::IQ4_XS, kMaxVectors>(p);
}
LARES_KERNEL_RESIDENT(matvec_few_q2_k,
                      kMatvecThreads,
                      matvec_few_blocks(WeightType::Q2_K),
                      MatvecParams) {
    matvec<WeightType::Q2_K, kMaxVectors>(p);
}
LARES_KERNEL_RESIDENT(matvec_few_q3_k,
                      kMatvecThreads,
                      matvec_few_blocks(WeightType::Q3_K),
                      MatvecParams) {
    matvec<WeightType::Q3_K, kMaxVectors>(p);
}

}  // namespace lares::kernels
