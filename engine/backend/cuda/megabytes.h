#pragma once

#include <cstddef>
#include <string>

namespace lares::cuda {

/// "340 MB" for sentences that set what is needed against what is free: the one is rounded up, the
/// other down, so that the figures never say that something fits which does not.
[[nodiscard]] inline std::string megabytes_needed(std::size_t bytes) {
    return std::to_string(bytes / 1'000'000 + (bytes % 1'000'000 != 0 ? 1 : 0)) + " MB";
}
[[nodiscard]] inline std::string megabytes_free(std::size_t bytes) {
    return std::to_string(bytes / 1'000'000) + " MB";
}

}  // namespace lares::cuda
