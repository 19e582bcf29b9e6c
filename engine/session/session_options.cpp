#include "engine/session/session_options.h"

#include "engine/backend/cuda/device_list.h"
#include "engine/base/core_count.h"

#include <algorithm>
#include <string>

namespace lares {

Result<void> validate(const SessionOptions& options) {
    const auto invalid = [](std::string message) {
        return Error{ErrorCode::InvalidArgument, std::move(message)};
    };
    if (options.n_threads < 0 || options.n_threads > 1024)
        return invalid("the number of threads must be 0 (automatic) to 1024");
    if (options.n_ctx < 1 || options.n_ctx > (1 << 20))
        return invalid("the context must be 1 to 1048576 tokens");
    if (options.prefill_batch < 1 || options.prefill_batch > 8192)
        return invalid("the prefill batch must be 1 to 8192 tokens");
    RETURN_IF_ERROR(cuda::parse_device_request(options.device));
    return {};
}

SessionOptions resolved(SessionOptions options, const HParams& hparams) {
    if (options.n_threads == 0) options.n_threads = physical_core_count();
    options.n_ctx = std::min(options.n_ctx, hparams.n_ctx_train);
    options.prefill_batch = std::min(options.prefill_batch, options.n_ctx);
    if (!options.kv_type)
        options.kv_type = options.precision == Precision::Exact ? KvType::F32 : KvType::F16;
    return options;
}

Error context_full(int n_ctx, std::size_t n_needed) {
    return {ErrorCode::ContextFull,
            "the context of " + std::to_string(n_ctx) +
                " tokens is too short: " + std::to_string(n_needed) +
                " are needed; start with a longer context or a shorter conversation"};
}

}  // namespace lares
