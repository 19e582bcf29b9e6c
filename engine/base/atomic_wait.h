#pragma once

#include <atomic>
#include <cstdint>

namespace lares {

/// Sleeps as long as `value` is `old`; returns after a wake_waiting that followed a change, or
/// earlier for no reason. Of the system: where the standard library's own wait has none to build
/// on, as MinGW's, it can miss a wake between its look at the value and its sleep, and sleeps for
/// ever. Any thread; nothing allocates.
void wait_while(const std::atomic<std::uint32_t>& value, std::uint32_t old) noexcept;
/// Wakes all that sleep on `value`.
void wake_waiting(std::atomic<std::uint32_t>& value) noexcept;

}  // namespace lares
