#pragma once

#include "kernels/launch.h"

namespace lares::test {

/// Kernels for tests of a device: small enough that what they leave is known by heart.
struct DeviceKernelParams {
    float* values = nullptr;
    float add = 0.0F;
    std::int32_t n = 0;
};

/// Kernel `device_add`: values[i] += add for i < n.
[[nodiscard]] kernels::Launch device_add(float* values, float add, int n);
/// Kernel `device_set`: values[i] = value for i < n.
[[nodiscard]] kernels::Launch device_set(float* values, float value, int n);
/// Kernel `device_reverse`: reverses n values of one block through n * 4 bytes of dynamic shared
/// memory.
[[nodiscard]] kernels::Launch device_reverse(float* values, int n);
/// Kernel `device_double`: values[i] = 2 values[i] + add, so that the order of two shows.
[[nodiscard]] kernels::Launch device_double(float* values, float add, int n);

}  // namespace lares::test
