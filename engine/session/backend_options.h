#pragma once

#include "engine/backend/cpu/cpu_backend.h"
#include "engine/backend/cuda/step_buffers.h"
#include "engine/session/session_options.h"

namespace lares {

/// The CPU backend's options. Precondition: `options` are resolved.
[[nodiscard]] inline cpu::CpuOptions cpu_options_of(const SessionOptions& options) {
    return {options.n_threads, options.n_ctx, options.prefill_batch,
            options.kv_type.value_or(KvType::F16), options.input_observer};
}

/// The CUDA backend's. Preconditions: `options` are resolved, and a card takes their KvType.
[[nodiscard]] inline cuda::CudaOptions cuda_options_of(const SessionOptions& options) {
    return {
        .n_ctx = options.n_ctx,
        .max_batch = options.prefill_batch,
        .kv_type = options.kv_type == KvType::Fp8 ? kernels::KvType::FP8 : kernels::KvType::F16};
}

}  // namespace lares
