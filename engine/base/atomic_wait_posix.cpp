#include "engine/base/atomic_wait.h"

namespace lares {

void wait_while(const std::atomic<std::uint32_t>& value, std::uint32_t old) noexcept {
    value.wait(old, std::memory_order_acquire);
}

void wake_waiting(std::atomic<std::uint32_t>& value) noexcept {
    value.notify_all();
}

}  // namespace lares
