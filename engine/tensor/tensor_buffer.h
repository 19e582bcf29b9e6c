#pragma once

#include <cstddef>
#include <memory>
#include <new>
#include <span>

namespace lares {

/// An owned array of `T`, 64-byte aligned (one cache line, one AVX-512 register), zeroed. The size
/// is fixed; moving is cheap, copying is explicit.
template <class T>
class TensorBuffer {
public:
    TensorBuffer() = default;
    /// Throws std::bad_alloc, which Session and Engine turn into ErrorCode::OutOfMemory.
    explicit TensorBuffer(std::size_t size) : m_data(allocate(size)), m_size(size) {}

    [[nodiscard]] T* data() noexcept { return m_data.get(); }
    [[nodiscard]] const T* data() const noexcept { return m_data.get(); }
    [[nodiscard]] std::size_t size() const noexcept { return m_size; }
    [[nodiscard]] std::size_t size_bytes() const noexcept { return m_size * sizeof(T); }
    [[nodiscard]] std::span<T> span() noexcept { return {m_data.get(), m_size}; }
    [[nodiscard]] std::span<const T> span() const noexcept { return {m_data.get(), m_size}; }
    [[nodiscard]] T& operator[](std::size_t i) { return m_data.get()[i]; }
    [[nodiscard]] const T& operator[](std::size_t i) const { return m_data.get()[i]; }

private:
    static constexpr std::align_val_t kAlignment{64};
    struct Free {
        void operator()(T* data) const noexcept { ::operator delete(data, kAlignment); }
    };
    static T* allocate(std::size_t size) {
        if (size > (std::size_t{1} << 62) / sizeof(T)) throw std::bad_alloc();
        T* data = static_cast<T*>(::operator new(size * sizeof(T), kAlignment));
        std::uninitialized_value_construct_n(data, size);
        return data;
    }

    std::unique_ptr<T, Free> m_data;
    std::size_t m_size = 0;
};

}  // namespace lares
