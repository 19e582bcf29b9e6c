#pragma once

#include "engine/backend/cpu/cpu_backend.h"
#include "engine/session/session_options.h"

namespace lares {

/// The CPU backend's options. Precondition: `options` are resolved.
[[nodiscard]] inline cpu::CpuOptions cpu_options_of(const SessionOptions& options) {
    return {options.n_threads, options.n_ctx, options.prefill_batch,
            options.kv_type.value_or(KvType::F16)};
}

}  // namespace lares
