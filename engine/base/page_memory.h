#pragma once

#include <cstddef>

namespace lares {

/// Zeroed memory straight from the system, page aligned. Pages take up memory once they are
/// written.
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

    /// A hint that what was written stays and is read from end to end: the system may merge its
    /// pages into huge ones when it has time. Not before they are written: a new huge page has to
    /// be found and zeroed at once, which made a load three times as long in a virtual machine
    /// whose host keeps free memory for itself.
    void merge_pages() const;

private:
    std::byte* m_data = nullptr;
    std::size_t m_size = 0;
};

/// Takes the pages of a PageBuffer that `size` bytes from `data` touch, all at once instead of
/// fault by fault; what lies in them stays. A hint: what is not taken is taken when it is written.
void populate_written(std::byte* data, std::size_t size);

/// Reads the pages of a mapped file that `size` bytes from `data` touch, all at once instead of
/// fault by fault. A hint: what cannot be read faults later.
void populate_mapped(const std::byte* data, std::size_t size);

/// Gives the pages of a mapped file back; they stay valid and are read again when touched.
void release_mapped(const std::byte* data, std::size_t size);

}  // namespace lares
