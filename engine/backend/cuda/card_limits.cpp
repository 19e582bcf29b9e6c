#include "engine/backend/cuda/card_limits.h"

#include "engine/backend/cuda/device.h"
#include "engine/backend/cuda/device_memory.h"
#include "kernels/peak.h"

#include <algorithm>
#include <chrono>
#include <functional>

namespace lares::cuda {
namespace {

constexpr int kRuns = 5;

/// Best time of `work`; a first run, which may load a kernel, is not counted.
Result<double> best_seconds(Device& device, const std::function<void()>& work) {
    using Clock = std::chrono::steady_clock;
    double best = 1e30;
    for (int run = -1; run < kRuns; ++run) {
        RETURN_IF_ERROR(device.wait());
        const auto begin = Clock::now();
        work();
        RETURN_IF_ERROR(device.wait());
        const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
        if (run >= 0) best = std::min(best, seconds);
    }
    return std::max(best, 1e-9);
}

Result<double> measure_bandwidth(const std::shared_ptr<Device>& device, const ProbeSize& size) {
    ASSIGN_OR_RETURN(const std::size_t free, device->free_bytes());
    const std::size_t bytes = std::min(size.buffer_bytes, free / 4);
    ASSIGN_OR_RETURN(const DeviceMemory from, DeviceMemory::make(device, bytes));
    ASSIGN_OR_RETURN(const DeviceMemory to, DeviceMemory::make(device, bytes));
    device->zero(from.data(), bytes);
    ASSIGN_OR_RETURN(const double seconds, best_seconds(*device, [&] {
                         for (int i = 0; i < size.n_copy; ++i)
                             device->copy(to.data(), from.data(), bytes);
                     }));
    return 2.0 * size.n_copy * static_cast<double>(bytes) / seconds / 1e9;
}

/// Of 10^12 operations a second.
Result<double> measure_peak(const std::shared_ptr<Device>& device,
                            const kernels::PeakLaunch& peak) {
    ASSIGN_OR_RETURN(const double seconds,
                     best_seconds(*device, [&] { device->launch(peak.launch); }));
    return peak.n_operation / seconds / 1e12;
}

}  // namespace

Result<CardLimits> measure_limits(const std::shared_ptr<Device>& device, const ProbeSize& size) {
    CardLimits limits;
    ASSIGN_OR_RETURN(limits.bandwidth_gb_s, measure_bandwidth(device, size));
    const int n_multiprocessor = device->info().n_multiprocessor;
    ASSIGN_OR_RETURN(
        const DeviceMemory out,
        DeviceMemory::make(device, sizeof(float) * kernels::peak_threads(n_multiprocessor)));
    const kernels::PeakParams params{out.as<float>(), size.n_round};
    ASSIGN_OR_RETURN(limits.int8_tops,
                     measure_peak(device, kernels::peak_int8_launch(params, n_multiprocessor)));
    ASSIGN_OR_RETURN(limits.f16_tflops,
                     measure_peak(device, kernels::peak_f16_launch(params, n_multiprocessor)));
    return limits;
}

}  // namespace lares::cuda
