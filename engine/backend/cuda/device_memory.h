#pragma once

#include "engine/backend/cuda/device.h"

#include <cstddef>
#include <memory>
#include <utility>

namespace lares::cuda {

/// Owned memory that Allocate gives and Release takes back, of a device that it keeps alive. Not
/// initialised. Its end waits for the device's queue.
template <Result<void*> (Device::*Allocate)(std::size_t), void (Device::*Release)(void*)>
class OwnedMemory {
public:
    OwnedMemory() = default;
    /// Errors: those of Allocate.
    [[nodiscard]] static Result<OwnedMemory> make(const std::shared_ptr<Device>& device,
                                                  std::size_t bytes) {
        OwnedMemory memory;
        if (bytes == 0) return memory;
        ASSIGN_OR_RETURN(memory.m_data, (device.get()->*Allocate)(bytes));
        memory.m_device = device;
        memory.m_bytes = bytes;
        return memory;
    }
    OwnedMemory(OwnedMemory&& other) noexcept { swap(other); }
    OwnedMemory& operator=(OwnedMemory&& other) noexcept {
        OwnedMemory(std::move(other)).swap(*this);
        return *this;
    }
    ~OwnedMemory() {
        if (m_device) (m_device.get()->*Release)(m_data);
    }

    [[nodiscard]] std::byte* data() const noexcept { return static_cast<std::byte*>(m_data); }
    template <class T>
    [[nodiscard]] T* as() const noexcept {
        return static_cast<T*>(m_data);
    }
    [[nodiscard]] std::size_t bytes() const noexcept { return m_bytes; }

private:
    void swap(OwnedMemory& other) noexcept {
        std::swap(m_device, other.m_device);
        std::swap(m_data, other.m_data);
        std::swap(m_bytes, other.m_bytes);
    }

    std::shared_ptr<Device> m_device;
    void* m_data = nullptr;
    std::size_t m_bytes = 0;
};

/// Of the device itself.
using DeviceMemory = OwnedMemory<&Device::allocate, &Device::release>;
/// Of the host, which the device reads and writes directly.
using HostMemory = OwnedMemory<&Device::allocate_host, &Device::release_host>;

}  // namespace lares::cuda
