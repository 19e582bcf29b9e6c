#pragma once

#include "kernels/launch.h"

namespace lares::test {

/// Kernels for tests of kernels/simt itself: one with no fault and one for each fault there is.
struct FaultyParams {
    float* out = nullptr;
    std::int32_t* ints = nullptr;
    std::int32_t n = 0;
};

}  // namespace lares::test
