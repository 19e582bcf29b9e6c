#pragma once

#include <cstddef>

namespace lares {

/// Zeroed memory straight from the system, page aligned, in huge pages where the system has them
/// (weights are read from end to end for each token: fewer pages, fewer misses). Pages take up
/// memory once they are written.
class PageBuffer {
public:
    PageBuffer() = default;
    /// Throws std::bad_alloc.
    explicit PageBuffer(std::size_t size);
    PageBuffer(PageBuffer&& other) noexcept;
    PageBuffer& operator=(PageBuffer&& other) noexcept;
    ~PageBuffer();

    [[nodiscard]] std::byte* data() const noexcept { return m_data; }
    [[nodiscard]] std::size_t size() const noexcept { return m_size; }

private:
    std::byte* m_data = nullptr;
    std::size_t m_size = 0;
};

/// Reads the pages of a mapped file that `size` bytes from `data` touch, all at once instead of
/// fault by fault. A hint: what cannot be read faults later.
void populate_mapped(const std::byte* data, std::size_t size);

/// Gives the pages of a mapped file back; they stay valid and are read again when touched.
void release_mapped(const std::byte* data, std::size_t size);

}  // namespace lares
