#pragma once

#include <utility>

namespace lares {

#ifdef _WIN32
using NativeHandle = void*;
inline const NativeHandle kNoHandle = nullptr;
#else
using NativeHandle = int;
inline constexpr NativeHandle kNoHandle = -1;
#endif

/// Closes an open file or folder at its end. Never a standard stream.
void close_native(NativeHandle handle) noexcept;

/// Owns an open file or folder of the operating system. One thread at a time.
class UniqueNativeHandle {
public:
    UniqueNativeHandle() = default;
    explicit UniqueNativeHandle(NativeHandle handle) : m_handle(handle) {}
    UniqueNativeHandle(UniqueNativeHandle&& other) noexcept
        : m_handle(std::exchange(other.m_handle, kNoHandle)) {}
    UniqueNativeHandle& operator=(UniqueNativeHandle&& other) noexcept {
        std::swap(m_handle, other.m_handle);
        return *this;
    }
    ~UniqueNativeHandle() {
        if (m_handle != kNoHandle) close_native(m_handle);
    }

    /// Gives the handle away: somebody else closes it.
    [[nodiscard]] NativeHandle release() { return std::exchange(m_handle, kNoHandle); }
    [[nodiscard]] NativeHandle get() const { return m_handle; }
    [[nodiscard]] explicit operator bool() const { return m_handle != kNoHandle; }

private:
    NativeHandle m_handle = kNoHandle;
};

}  // namespace lares
