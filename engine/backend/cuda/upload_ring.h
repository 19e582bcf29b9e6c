#pragma once

#include "engine/backend/cuda/driver_api.h"

#include <array>
#include <cstddef>
#include <memory>

namespace lares::cuda {

/// How a call of the driver ended.
struct CallResult {
    driver::Status status = driver::kSuccess;
    const char* call = "";
};

/// Uploads from ordinary memory: the bytes go through page-locked slots, which the card reads on
/// its own, so that the next slot is filled while the last one is on its way. The driver would do
/// it with small slots of its own, and wait.
/// The card's context must be current for every call and for the destructor. One thread at a time.
class UploadRing {
public:
    static constexpr std::size_t kSlotBytes = std::size_t{4} << 20;
    static constexpr std::size_t kSlots = 4;

    /// Errors: OutOfMemory, DeviceFailed.
    [[nodiscard]] static Result<std::unique_ptr<UploadRing>> create(const DriverApi& api);
    /// Precondition: the stream has passed every upload.
    ~UploadRing();
    UploadRing(const UploadRing&) = delete;
    UploadRing& operator=(const UploadRing&) = delete;

    /// Queues the copy; `from` may be used again on return. Waits only for a slot.
    [[nodiscard]] CallResult upload(driver::Stream stream,
                                    driver::Pointer to,
                                    const void* from,
                                    std::size_t bytes);

private:
    struct Slot {
        driver::Event passed = nullptr;  ///< the stream has read the slot
        bool is_used = false;
    };

    explicit UploadRing(const DriverApi& api) : m_api(api) {}

    DriverApi m_api;
    std::byte* m_memory = nullptr;  // all slots, page-locked
    std::array<Slot, kSlots> m_slots;
    std::size_t m_slot = 0;
    std::size_t m_fill = 0;  // bytes of the slot that are taken
};

}  // namespace lares::cuda
