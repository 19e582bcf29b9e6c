#pragma once

#include "engine/model/hparams.h"
#include "engine/session/session_options.h"
#include "engine/state/memory_plan.h"

#include <cstddef>

namespace lares {

/// What a model with these dimensions and a session with these options need, known before anything
/// is loaded. A session never needs more than plan.session(). Precondition: the options are valid.
[[nodiscard]] MemoryPlan memory_plan(const HParams& hparams,
                                     std::size_t weights_bytes,
                                     const SessionOptions& options);

/// The longest context, at most options.n_ctx, whose session fits `limit_bytes`; 0 if none does.
[[nodiscard]] int longest_context(const HParams& hparams,
                                  const SessionOptions& options,
                                  std::size_t limit_bytes);

}  // namespace lares
