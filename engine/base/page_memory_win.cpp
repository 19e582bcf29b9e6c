#include "engine/base/page_memory.h"

#include <new>
#include <windows.h>

namespace lares {

PageBuffer::PageBuffer(std::size_t size) : m_size(size) {
    if (size == 0) return;
    void* data = ::VirtualAlloc(nullptr, size, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    if (!data) throw std::bad_alloc();
    m_data = static_cast<std::byte*>(data);
}

PageBuffer::~PageBuffer() {
    if (m_data) ::VirtualFree(m_data, 0, MEM_RELEASE);
}

// Windows merges no pages, and takes new ones a few at a time by itself.
void PageBuffer::merge_pages() const {}
void populate_written(std::byte*, std::size_t) {}

void populate_mapped(const std::byte* data, std::size_t size) {
    WIN32_MEMORY_RANGE_ENTRY range{const_cast<std::byte*>(data), size};
    ::PrefetchVirtualMemory(::GetCurrentProcess(), 1, &range, 0);
}

void release_mapped(const std::byte* data, std::size_t size) {
    // Unlocking pages that are not locked takes them out of the working set (it "fails" so).
    ::VirtualUnlock(const_cast<std::byte*>(data), size);
}

}  // namespace lares
