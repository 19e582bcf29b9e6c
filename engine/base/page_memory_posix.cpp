#include "engine/base/page_memory.h"

#include <cstdint>
#include <new>
#include <sys/mman.h>
#include <unistd.h>

namespace lares {
namespace {

struct PageRange {
    void* begin = nullptr;
    std::size_t size = 0;
};

PageRange pages_of(const std::byte* data, std::size_t size) {
    static const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
    const auto first = reinterpret_cast<std::uintptr_t>(data) / page * page;
    const auto last = (reinterpret_cast<std::uintptr_t>(data) + size + page - 1) / page * page;
    return {reinterpret_cast<void*>(first), last - first};
}

}  // namespace

PageBuffer::PageBuffer(std::size_t size) : m_size(size) {
    if (size == 0) return;
    void* data = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (data == MAP_FAILED) throw std::bad_alloc();
    m_data = static_cast<std::byte*>(data);
}

PageBuffer::~PageBuffer() {
    if (m_data) ::munmap(m_data, m_size);
}

void PageBuffer::merge_pages() const {
#if defined(MADV_HUGEPAGE)
    if (m_data) ::madvise(m_data, m_size, MADV_HUGEPAGE);
#endif
}

void populate_written(std::byte* data, std::size_t size) {
#if defined(MADV_POPULATE_WRITE)
    const PageRange pages = pages_of(data, size);
    ::madvise(pages.begin, pages.size, MADV_POPULATE_WRITE);  // since Linux 5.14
#else
    (void)data;
    (void)size;
#endif
}

void populate_mapped(const std::byte* data, std::size_t size) {
#if defined(MADV_POPULATE_READ)
    const PageRange pages = pages_of(data, size);
    if (::madvise(pages.begin, pages.size, MADV_POPULATE_READ) == 0) return;
    ::madvise(pages.begin, pages.size, MADV_WILLNEED);  // Linux before 5.14
#else
    const PageRange pages = pages_of(data, size);
    ::madvise(pages.begin, pages.size, MADV_WILLNEED);
#endif
}

void release_mapped(const std::byte* data, std::size_t size) {
    const PageRange pages = pages_of(data, size);
    ::madvise(pages.begin, pages.size, MADV_DONTNEED);
}

}  // namespace lares
