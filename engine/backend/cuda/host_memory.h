#pragma once

#include "engine/backend/cuda/device.h"

#include <cstddef>
#include <memory>
#include <utility>

namespace lares::cuda {

/// Owned memory of the host that a device, which it keeps alive, reads and writes directly
/// (Device::allocate_host). Not initialised. Its end waits for the device's queue.
class HostMemory {
public:
    HostMemory() = default;
    /// Errors: those of Device::allocate_host.
    [[nodiscard]] static Result<HostMemory> make(std::shared_ptr<Device> device,
                                                 std::size_t bytes) {
        HostMemory memory;
        if (bytes == 0) return memory;
        ASSIGN_OR_RETURN(memory.m_data, device->allocate_host(bytes));
        memory.m_device = std::move(device);
        memory.m_bytes = bytes;
        return memory;
    }
    HostMemory(HostMemory&& other) noexcept { swap(other); }
    HostMemory& operator=(HostMemory&& other) noexcept {
        HostMemory(std::move(other)).swap(*this);
        return *this;
    }
    ~HostMemory() {
        if (m_device) m_device->release_host(m_data);
    }

    [[nodiscard]] std::byte* data() const noexcept { return static_cast<std::byte*>(m_data); }
    [[nodiscard]] std::size_t bytes() const noexcept { return m_bytes; }

private:
    void swap(HostMemory& other) noexcept {
        std::swap(m_device, other.m_device);
        std::swap(m_data, other.m_data);
        std::swap(m_bytes, other.m_bytes);
    }

    std::shared_ptr<Device> m_device;
    void* m_data = nullptr;
    std::size_t m_bytes = 0;
};

}  // namespace lares::cuda
