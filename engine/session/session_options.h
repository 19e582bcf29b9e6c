#pragma once

#include "engine/base/result.h"
#include "engine/model/hparams.h"
#include "engine/state/kv_layout.h"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

namespace lares {

class DeviceProvider;  // device_provider.h
class InputObserver;   // engine/backend/input_observer.h

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
    /// Element type of keys and values; nothing: F16, and F32 with Precision::Exact. F16 is
    /// everywhere, F32 and Int8 the CPU's, Fp8 a card's.
    std::optional<KvType> kv_type = {};
    /// Tokens that are expected may be computed ahead (Session::read_expecting); false: to compare.
    bool look_ahead = true;
    /// Bytes that the weights, and that the session with a full context, may need; nothing: what
    /// the system has free when each is made.
    std::optional<std::size_t> memory_limit_bytes = {};
    /// Where to compute: "cpu", "cuda" (any card), "cuda:N", or "auto": a card where one takes the
    /// model and these options, else the CPU, with the reason in Session::device_notice.
    std::string device = "cpu";
    /// Where cards come from; nothing: the machine's own.
    std::shared_ptr<const DeviceProvider> device_provider = {};
    /// Sees the inputs of all matrices; the CPU's. Borrowed: it outlives the session.
    InputObserver* input_observer = nullptr;
};

/// InvalidArgument names the option that makes no sense.
[[nodiscard]] Result<void> validate(const SessionOptions& options);

/// `options` with all that is automatic filled in for this model and this machine, except the
/// memory limit. Precondition: they are valid.
[[nodiscard]] SessionOptions resolved(SessionOptions options, const HParams& hparams);

/// ContextFull, for `n_needed` tokens.
[[nodiscard]] Error context_full(int n_ctx, std::size_t n_needed);

}  // namespace lares
