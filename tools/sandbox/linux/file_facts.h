#pragma once

#include "tools/sandbox/change_beneath.h"

#include <cstdint>
#include <sys/stat.h>

namespace lares {

constexpr mode_t kPermissionBits = 0777;  // never set-user-id and the like

/// What the system says of a file, in our words.
[[nodiscard]] FileFacts facts_from(const struct stat& status);

/// Nanoseconds since 1970, held to what 64 bits can say, and back.
[[nodiscard]] std::int64_t nanoseconds_from(const struct timespec& time);
[[nodiscard]] struct timespec time_from(std::int64_t nanoseconds);

}  // namespace lares
