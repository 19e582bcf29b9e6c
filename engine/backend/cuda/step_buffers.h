#pragma once

#include "engine/backend/cuda/cuda_weights.h"
#include "engine/backend/cuda/device_memory.h"
#include "engine/model/hparams.h"
#include "kernels/activations.h"
#include "kernels/attention_decode.h"
#include "kernels/mamba2_trial.h"
#include "kernels/sample.h"

#include <cstddef>
#include <cstdint>

namespace lares::cuda {

/// How a CudaBackend computes.
struct CudaOptions {
    int n_ctx = 4096;
    int max_batch = 256;  ///< tokens of a prefill step
    kernels::KvType kv_type = kernels::KvType::F16;
    int n_state_slot = 4;  ///< snapshots whose recurrent state stays on the card
};

/// The work memory of one sequence's steps: pointers into one allocation. [max_batch, …] each,
/// rows without padding; f32 where nothing is said.
struct StepBuffers {
    float* x = nullptr;                        ///< residual stream, d_model
    float* h = nullptr;                        ///< normed input of a block, d_model
    kernels::Q8Vector h_q8;                    ///< the same in 8 bits
    float* wide = nullptr;                     ///< in_proj, up_proj, or q then k then v
    float* xBC = nullptr;                      ///< after the convolution, d_conv_channels
    float* dt = nullptr;                       ///< n_ssm_head
    float* inner = nullptr;                    ///< output of scan or attention, max(d_inner, d_q)
    kernels::Q8Vector inner_q8;                ///< the same, or the MLP's inner row, in 8 bits
    float* logits = nullptr;                   ///< [n_trial, n_vocab]; sampled is the first row
    std::int32_t* tokens = nullptr;            ///< of a prefill step
    kernels::SampleState* sequence = nullptr;  ///< one: where it is, and the token of a decode step
    float* attention_partial = nullptr;        ///< [n_trial, n_head, n_split, head_dim]
    float* attention_partial_ml = nullptr;     ///< [n_trial, n_head, n_split, 2]
    std::uint32_t* attention_arrived = nullptr;  ///< [n_trial, n_head], zero between launches
    float* mamba_squares = nullptr;  ///< [n_trial, n_group, ceil(d_inner / n_group / 32)]
    float* trial_kept = nullptr;     ///< [Mamba layers, n_trial, TrialRow::size]
    int n_trial = 1;                 ///< tokens of a trial at most; 1: there are none
    int n_split = 1;                 ///< of attention_decode
    // Of sampling (kernels/sample.h).
    float* sample_work = nullptr;                        ///< [n_vocab]
    std::int32_t* sample_listed = nullptr;               ///< [n_vocab]
    std::uint32_t* sample_allowed = nullptr;             ///< [ceil(n_vocab / 32)]
    std::uint32_t* sample_seen = nullptr;                ///< [n_vocab]
    std::int32_t* sample_window = nullptr;               ///< [n_window]
    int n_window = 0;                                    ///< a full context and the token after it
    kernels::SampleSettings* sample_settings = nullptr;  ///< one
    kernels::SampleBins* sample_bins = nullptr;          ///< one

    /// Pointers from `base`, or only the sizes where it is null.
    static StepBuffers carve(const HParams& hparams,
                             const CudaOptions& options,
                             int n_multiprocessor,
                             std::byte* base_or_null,
                             std::size_t& total_bytes);
};

/// What a trial keeps of a token, for each Mamba layer.
[[nodiscard]] kernels::TrialRow trial_row_of(const HParams& hparams);

/// Bytes that all of it needs.
[[nodiscard]] std::size_t step_buffers_bytes(const HParams& hparams,
                                             const CudaOptions& options,
                                             int n_multiprocessor);

}  // namespace lares::cuda
