#pragma once

#include <cstddef>
#include <optional>

namespace lares {

/// Bytes that this process could still allocate without pushing others out: what the system calls
/// available, or what the process's control group leaves, whichever is less. Nothing where the
/// system does not say. Thread safe.
[[nodiscard]] std::optional<std::size_t> available_memory_bytes();

/// Gives the system back what was freed and is only kept for the next allocation. Worth it after
/// much was freed that will not be needed soon; may take milliseconds. Thread safe.
void return_freed_memory();

}  // namespace lares
