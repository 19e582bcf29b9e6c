#pragma once

#include "tools/sandbox/native_handle.h"

#include <cstddef>
#include <optional>
#include <span>

namespace lares {

/// The next bytes of an open file; 0 at its end, nothing when the system fails. One thread at a
/// time.
[[nodiscard]] std::optional<std::size_t> read_bytes(const UniqueNativeHandle& file,
                                                    std::span<char> buffer);

}  // namespace lares
