#pragma once

#include <cstddef>
#include <optional>

namespace lares {

/// Bytes that this process could still allocate without pushing others out: what the system calls
/// available, or what the process's control group leaves, whichever is less. Nothing where the
/// system does not say. Thread safe.
[[nodiscard]] std::optional<std::size_t> available_memory_bytes();

}  // namespace lares
