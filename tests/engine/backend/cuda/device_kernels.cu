#include "kernels/device/cuda.cuh"
#include "tests/engine/backend/cuda/device_kernels.h"

namespace lares::test {

LARES_KERNEL(device_add, 256, DeviceKernelParams) {
    const int i = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
    if (i < p.n) p.values[i] += p.add;
}

LARES_KERNEL(device_double, 256, DeviceKernelParams) {
    const int i = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
    if (i < p.n) p.values[i] = 2.0F * p.values[i] + p.add;
}

LARES_KERNEL(device_set, 256, DeviceKernelParams) {
    const int i = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
    if (i < p.n) p.values[i] = p.add;
}

LARES_KERNEL(device_reverse, 256, DeviceKernelParams) {
    LARES_DYNAMIC_SHARED(float, mirror);
    const int n_thread = static_cast<int>(blockDim.x);
    for (int i = static_cast<int>(threadIdx.x); i < p.n; i += n_thread) mirror[i] = p.values[i];
    __syncthreads();
    for (int i = static_cast<int>(threadIdx.x); i < p.n; i += n_thread)
        p.values[i] = mirror[p.n - 1 - i];
}

}  // namespace lares::test
