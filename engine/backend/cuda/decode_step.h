#pragma once

#include "engine/backend/cuda/cuda_weights.h"
#include "engine/backend/cuda/kv_pool.h"
#include "engine/backend/cuda/recurrent_state.h"
#include "engine/backend/cuda/step_buffers.h"
#include "kernels/launch.h"

#include <cstddef>
#include <vector>

namespace lares::cuda {

/// What the steps of one sequence compute on; all of it is borrowed.
struct Sequence {
    const HParams& hparams;
    const CudaWeights& weights;
    const StepBuffers& buffers;
    const KvTable& kv;
    std::byte* recurrent;  ///< RecurrentLayout
    int n_multiprocessor;
};

/// Every launch of a step of one token, from the embedding of `buffers.sequence->token` to the
/// logits of the next (spec: nemotron-h.md §2). Nothing in it depends on the token or the position,
/// which kernels read from the device: the list is captured once as a graph. For the 4B it is 156
/// launches (kernels/README.md).
[[nodiscard]] std::vector<kernels::Launch> decode_launches(const Sequence& sequence);

/// The same for a trial of `n` tokens (Backend::begin_trial), 2 to buffers.n_trial, whose ids are
/// in `buffers.tokens`: as many launches, which leave the recurrent state alone. What it depends on
/// is left in `buffers.trial_kept`.
[[nodiscard]] std::vector<kernels::Launch> trial_launches(const Sequence& sequence, int n);

/// Brings the recurrent state to that after the first `n_kept` tokens, at least 1, of a trial that
/// began at `position`. Precondition: there are Mamba layers.
[[nodiscard]] kernels::Launch commit_launch(const Sequence& sequence, int position, int n_kept);

/// The three that pick a token from `buffers.logits` and put it where decode_launches begins, its
/// position with it; also to `picked`, memory of the host that the device sees, or null.
[[nodiscard]] std::vector<kernels::Launch> sample_launches(const StepBuffers& buffers,
                                                           int n_vocab,
                                                           kernels::SamplePicked* picked);

}  // namespace lares::cuda
