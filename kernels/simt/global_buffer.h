#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <vector>

namespace lares::simt {

/// Memory as a kernel in simt sees global memory: registered under a name, with a redzone on either
/// side that run() checks, and filled with poison (a NaN as a float). 256-byte aligned, as
/// cudaMalloc's. Accesses through kernels/device/memory.cuh must lie in a registered buffer as soon
/// as there is one.
class GlobalMemory {
public:
    GlobalMemory(const char* name, std::size_t bytes);
    ~GlobalMemory();
    GlobalMemory(const GlobalMemory&) = delete;
    GlobalMemory& operator=(const GlobalMemory&) = delete;

    static constexpr std::size_t kRedzone = 1024;
    static constexpr std::size_t kAlignment = 256;

    [[nodiscard]] std::byte* data() const { return m_data; }
    [[nodiscard]] std::size_t bytes() const { return m_bytes; }
    [[nodiscard]] const char* name() const { return m_name; }
    [[nodiscard]] bool is_damaged() const;

private:
    const char* m_name;
    std::size_t m_bytes;
    std::vector<std::byte> m_memory;
    std::byte* m_data;
};

/// [n] values of T in global memory. Not movable: kernels hold its address.
template <class T>
class GlobalBuffer {
    static_assert(std::is_trivially_copyable_v<T>);

public:
    GlobalBuffer(const char* name, std::size_t n) : m_memory(name, n * sizeof(T)), m_size(n) {}
    GlobalBuffer(const char* name, std::span<const T> values) : GlobalBuffer(name, values.size()) {
        for (std::size_t i = 0; i < m_size; ++i) data()[i] = values[i];
    }
    GlobalBuffer(const char* name, const std::vector<T>& values)
        : GlobalBuffer(name, std::span<const T>(values)) {}

    [[nodiscard]] T* data() const { return reinterpret_cast<T*>(m_memory.data()); }
    [[nodiscard]] std::size_t size() const { return m_size; }
    [[nodiscard]] T& operator[](std::size_t i) const { return data()[i]; }
    [[nodiscard]] std::span<T> span() const { return {data(), m_size}; }
    void fill(T value) {
        for (T& v : span()) v = value;
    }

private:
    GlobalMemory m_memory;
    std::size_t m_size;
};

/// Every registered buffer, in the order of their making.
[[nodiscard]] std::span<GlobalMemory* const> registered_buffers();

/// The name of a registered buffer around which something was written; its redzones are mended.
[[nodiscard]] const char* damaged_buffer_or_null();

/// True if [address, address + bytes) lies in one registered buffer, or if there is none.
[[nodiscard]] bool is_global(const void* address, std::size_t bytes);

}  // namespace lares::simt
