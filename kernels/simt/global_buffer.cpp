#include "kernels/simt/global_buffer.h"

#include <algorithm>
#include <cstring>

namespace lares::simt {
namespace {

// As a float a NaN, so that a read beyond a buffer shows in what it is used for.
constexpr std::byte kRedzoneByte{0xFF};

std::vector<GlobalMemory*>& buffers() {
    static std::vector<GlobalMemory*> buffers;
    return buffers;
}

bool holds(const GlobalMemory& memory, const std::byte* address, std::size_t bytes) {
    return address >= memory.data() && bytes <= memory.bytes() &&
           static_cast<std::size_t>(address - memory.data()) <= memory.bytes() - bytes;
}

bool is_redzone(const std::byte* from) {
    return std::all_of(from, from + GlobalMemory::kRedzone,
                       [](std::byte b) { return b == kRedzoneByte; });
}

}  // namespace

GlobalMemory::GlobalMemory(const char* name, std::size_t bytes)
    : m_name(name), m_bytes(bytes), m_memory(bytes + 2 * kRedzone + kAlignment, kRedzoneByte) {
    const auto start = reinterpret_cast<std::uintptr_t>(m_memory.data()) + kRedzone;
    const std::uintptr_t aligned = (start + kAlignment - 1) & ~std::uintptr_t{kAlignment - 1};
    m_data = m_memory.data() + (aligned - reinterpret_cast<std::uintptr_t>(m_memory.data()));
    constexpr std::uint32_t kPoison = 0xFFCDCDCD;
    for (std::size_t i = 0; i < bytes; i += sizeof kPoison)
        std::memcpy(m_data + i, &kPoison, std::min(sizeof kPoison, bytes - i));
    buffers().push_back(this);
}

GlobalMemory::~GlobalMemory() {
    std::erase(buffers(), this);
}

bool GlobalMemory::is_damaged() const {
    return !is_redzone(m_data - kRedzone) || !is_redzone(m_data + m_bytes);
}

std::span<GlobalMemory* const> registered_buffers() {
    return buffers();
}

const char* damaged_buffer_or_null() {
    const char* damaged = nullptr;
    for (const GlobalMemory* memory : buffers()) {
        if (!memory->is_damaged()) continue;
        damaged = memory->name();
        std::fill_n(memory->data() - GlobalMemory::kRedzone, GlobalMemory::kRedzone, kRedzoneByte);
        std::fill_n(memory->data() + memory->bytes(), GlobalMemory::kRedzone, kRedzoneByte);
    }
    return damaged;
}

bool is_global(const void* address, std::size_t bytes) {
    static std::size_t last = 0;  // accesses come in runs to one buffer
    const auto* from = static_cast<const std::byte*>(address);
    auto& all = buffers();
    if (all.empty() || (last < all.size() && holds(*all[last], from, bytes))) return true;
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (!holds(*all[i], from, bytes)) continue;
        last = i;
        return true;
    }
    return false;
}

}  // namespace lares::simt
