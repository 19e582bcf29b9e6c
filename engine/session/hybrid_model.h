#pragma once

#include "engine/backend/backend.h"
#include "engine/model/hparams.h"

#include <functional>
#include <span>
#include <stop_token>

namespace lares {

/// One step of the whole model for 1 to backend.max_batch() new tokens (spec: nemotron-h.md §2):
///   x = embedding[tokens];  for each layer: x = x + mixer(rms_norm(x));  logits =
///   head(rms_norm(x))
/// `want_logits(backend)` runs between the last layer and the end of the step and asks the backend
/// for the rows it needs; its error is passed on. A step of more than one token ends soon after a
/// stop is requested, with Cancelled and as if it had not begun. Errors: those of Backend::begin,
/// Cancelled.
[[nodiscard]] Result<void> forward(Backend& backend,
                                   const HParams& hparams,
                                   std::span<const TokenId> tokens,
                                   const std::stop_token& stop,
                                   const std::function<Result<void>(Backend&)>& want_logits);

/// The same as a trial (Backend::begin_trial), with the logits [n, n_vocab] of all tokens, which
/// stay where they are where `logits` is empty: for the backend's sampler; the trial stays open.
/// Errors: those of Backend::begin_trial, and then there is none.
[[nodiscard]] Result<void> forward_trial(Backend& backend,
                                         const HParams& hparams,
                                         std::span<const TokenId> tokens,
                                         std::span<float> logits);

}  // namespace lares
