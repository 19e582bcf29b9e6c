#pragma once

/// What an AArch64 processor has beyond the architecture's first version, as its system says.
namespace lares::cpu {

/// Dot products of bytes (FEAT_DotProd: sdot, udot). False on other architectures and where the
/// system does not say. Thread safe.
[[nodiscard]] bool has_arm_dot_product();

}  // namespace lares::cpu
