#pragma once

#include "engine/backend/cuda/device.h"

#include <cstddef>
#include <memory>
#include <utility>

namespace lares::cuda {

/// Owned memory of a device, which it keeps alive. Not initialised.
class DeviceMemory {
public:
    DeviceMemory() = default;
    /// Errors: those of Device::allocate.
    [[nodiscard]] static Result<DeviceMemory> make(std::shared_ptr<Device> device,
                                                   std::size_t bytes) {
        DeviceMemory memory;
        if (bytes == 0) return memory;
        ASSIGN_OR_RETURN(memory.m_data, device->allocate(bytes));
        memory.m_device = std::move(device);
        memory.m_bytes = bytes;
        return memory;
    }
    DeviceMemory(DeviceMemory&& other) noexcept { swap(other); }
    DeviceMemory& operator=(DeviceMemory&& other) noexcept {
        DeviceMemory(std::move(other)).swap(*this);
        return *this;
    }
    ~DeviceMemory() {
        if (m_device) m_device->release(m_data);
    }

    [[nodiscard]] std::byte* data() const noexcept { return static_cast<std::byte*>(m_data); }
    template <class T>
    [[nodiscard]] T* as() const noexcept {
        return static_cast<T*>(m_data);
    }
    [[nodiscard]] std::size_t bytes() const noexcept { return m_bytes; }

private:
    void swap(DeviceMemory& other) noexcept {
        std::swap(m_device, other.m_device);
        std::swap(m_data, other.m_data);
        std::swap(m_bytes, other.m_bytes);
    }

    std::shared_ptr<Device> m_device;
    void* m_data = nullptr;
    std::size_t m_bytes = 0;
};

}  // namespace lares::cuda
