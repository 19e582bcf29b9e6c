#include "engine/session/memory_plan.h"

#include "engine/backend/cpu/linear.h"
#include "engine/session/backend_options.h"
#include "engine/tokenizer/bpe_tokenizer.h"

namespace lares {

MemoryPlan memory_plan(const HParams& hparams,
                       std::size_t weights_bytes,
                       const SessionOptions& options) {
    const SessionOptions all = resolved(options, hparams);
    MemoryPlan plan = cpu::CpuBackend::memory_plan(hparams, cpu_options_of(all));
    plan.weights = weights_bytes;
    const int n_logits = 1 + (all.look_ahead ? cpu::Linear::kFewRows : 0);
    plan.work += static_cast<std::size_t>(n_logits) * static_cast<std::size_t>(hparams.n_vocab) *
                     sizeof(float) +
                 static_cast<std::size_t>(all.n_ctx) * sizeof(TokenId);
    return plan;
}

int longest_context(const HParams& hparams,
                    const SessionOptions& options,
                    std::size_t limit_bytes) {
    const auto fits = [&](int n_ctx) {
        SessionOptions shorter = options;
        shorter.n_ctx = n_ctx;
        return memory_plan(hparams, 0, shorter).session() <= limit_bytes;
    };
    // The need grows with the context, so halving finds where it passes the limit.
    int fitting = 0;
    int too_long = resolved(options, hparams).n_ctx + 1;
    while (fitting + 1 < too_long) {
        const int middle = fitting + (too_long - fitting) / 2;
        (fits(middle) ? fitting : too_long) = middle;
    }
    return fitting;
}

}  // namespace lares
