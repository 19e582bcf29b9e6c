#pragma once

#include <cstdint>
#include <string>

namespace lares::cli {

/// What this machine can do at most, measured now: the limits that `bench` compares with.
struct MachineLimits {
    double bandwidthGbS = 0.0;  ///< reading memory, 10^9 bytes a second
    double int8Gops =
        0.0;  ///< 8-bit products and sums, 10^9 operations a second (a multiply-add is two)
    double f32Gflops = 0.0;  ///< the same in f32
};

/// Best of a few runs with `n_threads` threads; takes about a second and 256 MiB for as long.
[[nodiscard]] MachineLimits measureMachine(int n_threads);

/// Largest amount of memory this process has held, 0 where the system does not say.
[[nodiscard]] std::uint64_t peakResidentBytes();

/// "AMD EPYC 9B14", or "unknown".
[[nodiscard]] std::string cpuName();

}  // namespace lares::cli
