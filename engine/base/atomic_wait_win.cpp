#include "engine/base/atomic_wait.h"

#include <windows.h>

namespace lares {

static_assert(sizeof(std::atomic<std::uint32_t>) == sizeof(std::uint32_t));

void wait_while(const std::atomic<std::uint32_t>& value, std::uint32_t old) noexcept {
    // The system looks at the value again under its own lock, so that no wake is missed.
    auto* address = const_cast<std::atomic<std::uint32_t>*>(&value);
    ::WaitOnAddress(address, &old, sizeof old, INFINITE);
}

void wake_waiting(std::atomic<std::uint32_t>& value) noexcept {
    ::WakeByAddressAll(&value);
}

}  // namespace lares
