#pragma once

#include <chrono>
#include <cstdint>

namespace lares {

/// Milliseconds since 1970, UTC, as the system's clock has it: it may be set, also back.
[[nodiscard]] inline std::int64_t unix_time_ms() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

}  // namespace lares
