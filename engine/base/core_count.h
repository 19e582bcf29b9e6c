#pragma once

namespace lares {

/// Physical cores that this process may use; at least 1. Hyper-threads share a core's vector units,
/// so they are not counted. Any thread.
[[nodiscard]] int physical_core_count();

}  // namespace lares
