#pragma once

#include "engine/backend/cuda/device.h"
#include "kernels/launch.h"
#include "kernels/simt/global_buffer.h"

#include <span>
#include <string>

namespace lares::test {

/// Runs a launch whose parameters point into host buffers on a device: uploads the buffers with
/// their redzones, lets the parameters point to the copies, runs, and downloads everything, so that
/// the buffers hold what a run in kernels/simt would leave. Empty, or a sentence: the device's
/// error, or a buffer around which the kernel wrote.
///
/// Any 8-byte aligned word of the parameters whose value lies in a buffer or in its redzones counts
/// as a pointer into it; a pointer elsewhere, null too, stays what it is. What memory itself holds
/// is not translated: no kernel follows pointers that it finds there.
/// While the kernel runs the buffers hold poison: a pointer that was not translated shows.
/// Precondition: the device's own memory is not among `buffers`.
[[nodiscard]] std::string run_mirrored(cuda::Device& device,
                                       const kernels::Launch& launch,
                                       std::span<simt::GlobalMemory* const> buffers);

}  // namespace lares::test
