#include "engine/backend/cuda/upload_ring.h"

#include <algorithm>
#include <cstring>

namespace lares::cuda {
namespace {

/// Small uploads share a slot; each starts where the card's copies are at full speed.
constexpr std::size_t kStep = 256;

}  // namespace

Result<std::unique_ptr<UploadRing>> UploadRing::create(const DriverApi& api) {
    std::unique_ptr<UploadRing> ring(new UploadRing(api));
    void* memory = nullptr;
    driver::Status status =
        api.MemHostAlloc(&memory, kSlots * kSlotBytes, driver::kHostAllocPortable);
    if (status == driver::kOutOfMemory)
        return Error{ErrorCode::OutOfMemory,
                     "the system has no 16 MB of page-locked memory for uploads; close other "
                     "programs"};
    if (status != driver::kSuccess)
        return Error{ErrorCode::DeviceFailed,
                     "no memory for uploads: " + describe(api, status) + " at cuMemHostAlloc"};
    ring->m_memory = static_cast<std::byte*>(memory);
    for (Slot& slot : ring->m_slots) {
        status = api.EventCreate(&slot.passed, driver::kEventDisableTiming);
        if (status == driver::kSuccess) continue;
        slot.passed = nullptr;
        return Error{ErrorCode::DeviceFailed,
                     "no event for uploads: " + describe(api, status) + " at cuEventCreate"};
    }
    return ring;
}

UploadRing::~UploadRing() {
    for (const Slot& slot : m_slots)
        if (slot.passed) m_api.EventDestroy(slot.passed);
    if (m_memory) m_api.MemFreeHost(m_memory);
}

CallResult UploadRing::upload(driver::Stream stream,
                              driver::Pointer to,
                              const void* from,
                              std::size_t bytes) {
    const auto* source = static_cast<const std::byte*>(from);
    while (bytes > 0) {
        if (m_fill == kSlotBytes) {
            m_slot = (m_slot + 1) % kSlots;
            m_fill = 0;
            const Slot& next = m_slots[m_slot];
            if (next.is_used) {
                const driver::Status status = m_api.EventSynchronize(next.passed);
                if (status != driver::kSuccess) return {status, "cuEventSynchronize"};
            }
        }
        const std::size_t n = std::min(bytes, kSlotBytes - m_fill);
        std::byte* const staged = m_memory + m_slot * kSlotBytes + m_fill;
        std::memcpy(staged, source, n);
        driver::Status status = m_api.MemcpyHtoDAsync(to, staged, n, stream);
        if (status != driver::kSuccess) return {status, "cuMemcpyHtoDAsync"};
        // Again for each copy: an event stands for its last record.
        status = m_api.EventRecord(m_slots[m_slot].passed, stream);
        if (status != driver::kSuccess) return {status, "cuEventRecord"};
        m_slots[m_slot].is_used = true;
        m_fill = std::min(kSlotBytes, (m_fill + n + kStep - 1) / kStep * kStep);
        source += n;
        to += n;
        bytes -= n;
    }
    return {};
}

}  // namespace lares::cuda
