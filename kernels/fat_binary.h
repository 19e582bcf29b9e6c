#pragma once

#include <cstddef>
#include <span>

namespace lares::kernels {

/// All kernels for all architectures of this build, for cuModuleLoadData; empty where there was no
/// nvcc. Static; 16-byte aligned.
[[nodiscard]] std::span<const std::byte> fat_binary();

}  // namespace lares::kernels
