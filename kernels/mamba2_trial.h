#pragma once

#include "kernels/mamba2_decode.h"

namespace lares::kernels {

inline constexpr int kMaxTrialTokens = 4;

/// Where a trial keeps what the state depends on, a row a token: B after the convolution [n_group *
/// d_state], the convolution's inputs xBC [n_channel], dt x [d_inner], exp(dt A) [n_head]; then up
/// to three floats that nobody reads, so that rows are aligned. For the 4B 74 KB a token and layer,
/// 1 % of the state.
struct TrialRow {
    constexpr TrialRow(std::int32_t n_head,
                       std::int32_t head_dim,
                       std::int32_t d_state,
                       std::int32_t n_group)
        : inputs(n_group * d_state)
        , dt_x(inputs + n_head * head_dim + 2 * n_group * d_state)
        , decay(dt_x + n_head * head_dim)
        , size((decay + n_head + 3) / 4 * 4) {}

    std::int32_t inputs;  ///< offsets in floats; B lies at 0
    std::int32_t dt_x;
    std::int32_t decay;
    std::int32_t size;
};

/// mamba2_decode of a few tokens that may turn out not to be wanted: the state is read once, goes
/// through all of them in registers, and stays in memory as it was. Every result is to the bit that
/// of mamba2_decode, one token after the other. (ReplaySSM: Dao AI Lab and NVIDIA 2026.)
/// Shapes  of `step`: u, y, q_out and squares have a row for each token; `position` is that of the
///         first one; state and conv_state are only read
///         kept [n_token, TrialRow::size], written here
/// Memory  as mamba2_decode; kept is 16-byte aligned
/// Threads 256, divided as in mamba2_decode.
struct Mamba2TrialParams {
    Mamba2DecodeParams step;
    float* kept = nullptr;
    std::int32_t n_token = 0;  ///< 1 to kMaxTrialTokens
};

/// Kernel `mamba2_trial`. Without a kernel where mamba2_decode_launch is, or n_token is not as
/// above.
[[nodiscard]] Launch mamba2_trial_launch(const Mamba2TrialParams& params);

/// The first n_kept tokens of a trial become part of the state, for all layers at once: state and
/// convolution are to the bit what mamba2_decode would have left.
/// Shapes  of layer l: state [n_head, head_dim, d_state] at state + l * state_stride, conv_state
///         likewise, a ring as mamba2_decode has it; kept [n_kept, TrialRow::size] at kept + l *
///         kept_stride; strides in floats, multiples of 4
/// Memory  borrowed device pointers, 16-byte aligned
/// Threads 256, divided as in mamba2_decode; grid.z is the layer.
/// Bound by reading and writing the states once: 165 MB for the 4B.
struct Mamba2CommitParams {
    float* state = nullptr;
    float* conv_state = nullptr;
    const float* kept = nullptr;
    std::int64_t state_stride = 0;
    std::int64_t kept_stride = 0;
    std::int32_t position = 0;  ///< of the trial's first token
    std::int32_t n_kept = 0;    ///< 1 to kMaxTrialTokens
    std::int32_t n_layer = 0;
    std::int32_t n_head = 0;
    std::int32_t head_dim = 0;
    std::int32_t d_state = 0;
    std::int32_t n_group = 0;
};

/// Kernel `mamba2_commit`. Without a kernel where the shapes are not as above.
[[nodiscard]] Launch mamba2_commit_launch(const Mamba2CommitParams& params);

}  // namespace lares::kernels
