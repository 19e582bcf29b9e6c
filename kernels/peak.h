#pragma once

#include "kernels/launch.h"

namespace lares::kernels {

/// Kernels `peak_int8` and `peak_f16`: nothing but products on tensor cores, from registers, of the
/// kind that the kernels of a prompt use (mma.sync); what a card can do at most with them. On cards
/// with other instructions for larger tiles (sm_90, sm_100) their peak is higher.
struct PeakParams {
    float* out = nullptr;  ///< [threads of the grid]: a sum, so that nothing is left out
    std::int32_t n_round = 0;
};

struct PeakLaunch {
    Launch launch;
    double n_operation = 0;  ///< a multiply-add is two
};

/// Threads of the grid, and so floats of `out`.
[[nodiscard]] std::size_t peak_threads(int n_multiprocessor);
[[nodiscard]] PeakLaunch peak_int8_launch(const PeakParams& params, int n_multiprocessor);
[[nodiscard]] PeakLaunch peak_f16_launch(const PeakParams& params, int n_multiprocessor);

}  // namespace lares::kernels
