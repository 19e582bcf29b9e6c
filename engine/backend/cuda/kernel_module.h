#pragma once

#include "engine/backend/cuda/device.h"
#include "engine/backend/cuda/driver_api.h"

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

namespace lares::cuda {

/// The kernels of a fat binary on one card, found by name when first asked for and remembered.
/// The card's context must be current for every call and for the destructor. One thread at a time.
class KernelModule {
public:
    struct Kernel {
        std::string name;
        driver::Function function = nullptr;
        int static_shared_bytes = 0;
        int compute_version = 0;  ///< it was compiled for: 90; an older one's may run on the card
        int dynamic_shared_bytes = 0;  ///< that a launch may ask for so far, beyond the default
    };

    /// `fat_binary` need not live on. Errors: Unsupported where it is empty or the driver finds no
    /// image in it for this card; DeviceFailed.
    [[nodiscard]] static Result<std::unique_ptr<KernelModule>> load(
        const DriverApi& api, const DeviceInfo& info, std::span<const std::byte> fat_binary);
    ~KernelModule();
    KernelModule(const KernelModule&) = delete;
    KernelModule& operator=(const KernelModule&) = delete;

    /// The kernel, ready for launches with this much dynamic shared memory; it stays where it is.
    /// Errors: DeviceFailed, naming the kernel.
    [[nodiscard]] Result<const Kernel*> kernel(std::string_view name, std::uint32_t shared_bytes);

private:
    /// So that a look-up by string_view makes no string: it happens for every launch.
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view name) const {
            return std::hash<std::string_view>()(name);
        }
    };

    explicit KernelModule(const DriverApi& api) : m_api(api) {}
    [[nodiscard]] Result<Kernel*> find(std::string_view name);
    [[nodiscard]] Error failure(std::string_view kernel, const char* call, driver::Status) const;

    DriverApi m_api;
    driver::Module m_module = nullptr;
    std::unordered_map<std::string, Kernel, Hash, std::equal_to<>> m_kernels;
};

}  // namespace lares::cuda
