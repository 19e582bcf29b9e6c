#pragma once

#include "engine/model/hparams.h"
#include "engine/state/kv_layout.h"

#include <cstddef>
#include <optional>

namespace lares {

/// How matrix products are computed.
enum class Precision {
    Fast,   ///< quantised weights times 8-bit activations
    Exact,  ///< dequantised weights times f32 activations: for comparing engines
};

struct SessionOptions {
    int n_threads = 0;  ///< 0: one for each physical core
    /// Tokens the conversation may have; longer than the model was made for means that long. The KV
    /// cache grows up to it as needed.
    int n_ctx = 4096;
    Precision precision = Precision::Fast;
    int prefill_batch = 256;  ///< tokens per prefill step
    /// Element type of keys and values; nothing: F16, and F32 with Precision::Exact.
    std::optional<KvType> kv_type = {};
    /// Bytes that the weights, and that the session with a full context, may need; nothing: what
    /// the system has free when each is made.
    std::optional<std::size_t> memory_limit_bytes = {};
};

/// InvalidArgument names the option that makes no sense.
[[nodiscard]] Result<void> validate(const SessionOptions& options);

/// `options` with all that is automatic filled in for this model and this machine, except the
/// memory limit. Precondition: they are valid.
[[nodiscard]] SessionOptions resolved(SessionOptions options, const HParams& hparams);

}  // namespace lares
