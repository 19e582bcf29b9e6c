#pragma once

#include "engine/backend/cuda/card.h"
#include "engine/backend/cuda/cublas_api.h"
#include "engine/backend/cuda/device.h"
#include "engine/backend/cuda/driver_api.h"
#include "kernels/fat_binary.h"

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lares::cuda {

/// Where to compute, as people ask for it: `auto`, `cpu`, `cuda` (any card), `cuda:N`.
struct DeviceRequest {
    enum class Kind : std::uint8_t { Auto, Cpu, Cuda } kind = Kind::Auto;
    std::optional<int> ordinal;  ///< of `cuda:N`
};
/// Errors: InvalidArgument, with what it may be.
[[nodiscard]] Result<DeviceRequest> parse_device_request(std::string_view text);

/// A card and what it has free. `free_bytes` is an error where the card cannot be used now.
struct ListedCard {
    Card card;
    Result<std::size_t> free_bytes;
};
/// Every card, in the driver's order; makes a context on each for a moment. Errors: DeviceFailed.
[[nodiscard]] Result<std::vector<ListedCard>> list_cards(const DriverApi& api);

/// Whether the kernels can run on it at all: compute capability 7.5 (RTX 20) and above. A sentence
/// if not.
[[nodiscard]] std::optional<std::string> objection_to(const DeviceInfo& info);

/// What a device is chosen by; all that comes from outside, so that tests can give it.
struct DeviceNeeds {
    std::span<const std::byte> fat_binary = kernels::fat_binary();
    std::size_t needed_bytes = 0;  ///< that must be free with the context made (vram_plan.h)
    /// How the driver is found, asked only where a card comes into question.
    std::function<Result<DriverApi>()> load = [] { return load_driver(); };
    /// How the card finds cuBLAS, asked only where a model's prompts would use it.
    CublasLoader load_cublas = [](int driver_version) { return cuda::load_cublas(driver_version); };
};

/// The device, or why it is the CPU.
struct DeviceChoice {
    std::unique_ptr<Device> device;  ///< null: the CPU
    std::string why_cpu;  ///< one sentence; empty with a device, and where the CPU was asked for
};

/// `auto` takes the card with the most free memory on which everything fits, or else the CPU, and
/// never fails. `cuda` and `cuda:N` take a card or fail with the sentence that `auto` would give:
/// no kernels in this program, no driver or one too old, no card, a card too old, or too full (with
/// what is needed and what is free). Errors: Unsupported, NotFound, InvalidArgument, OutOfMemory,
/// DeviceFailed.
[[nodiscard]] Result<DeviceChoice> choose_device(const DeviceRequest& request,
                                                 const DeviceNeeds& needs);

}  // namespace lares::cuda
