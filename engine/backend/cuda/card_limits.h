#pragma once

#include "engine/base/result.h"

#include <cstddef>
#include <memory>

namespace lares::cuda {

class Device;

/// What a card can do at most, measured: what the speed of a step is compared with.
struct CardLimits {
    double bandwidth_gb_s = 0;  ///< of its memory, 10^9 bytes a second: read and written by a copy
    double int8_tops = 0;       ///< 10^12 operations a second on tensor cores (kernels/peak.h)
    double f16_tflops = 0;      ///< likewise, sums in f32
};

/// How much is done for one reading; the defaults keep a fast card busy for a millisecond or more,
/// and are larger than any card's cache.
struct ProbeSize {
    std::size_t buffer_bytes = std::size_t{512} << 20;  ///< at most a quarter of what is free
    int n_copy = 8;
    int n_round = 16384;
};

/// Best of a few runs; takes about a second, and twice `buffer_bytes` of the card for as long.
/// Errors: OutOfMemory, DeviceFailed.
[[nodiscard]] Result<CardLimits> measure_limits(const std::shared_ptr<Device>& device,
                                                const ProbeSize& size = {});

}  // namespace lares::cuda
