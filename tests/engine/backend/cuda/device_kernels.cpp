#include "tests/engine/backend/cuda/device_kernels.h"

namespace lares::test {

namespace {

constexpr std::uint32_t kThreads = 64;

kernels::Launch each_value(const char* kernel, float* values, float add, int n) {
    return kernels::make_launch(kernel, {kernels::ceil_div(n, kThreads), 1, 1}, {kThreads, 1, 1},
                                DeviceKernelParams{values, add, n});
}

}  // namespace

kernels::Launch device_add(float* values, float add, int n) {
    return each_value("device_add", values, add, n);
}

kernels::Launch device_double(float* values, float add, int n) {
    return each_value("device_double", values, add, n);
}

kernels::Launch device_set(float* values, float value, int n) {
    return each_value("device_set", values, value, n);
}

kernels::Launch device_reverse(float* values, int n) {
    return kernels::make_launch("device_reverse", {1, 1, 1}, {kThreads, 1, 1},
                                DeviceKernelParams{values, 0.0F, n},
                                static_cast<std::uint32_t>(n) * sizeof(float));
}

}  // namespace lares::test
