#pragma once

#include "kernels/launch.h"

#include <cstdint>

namespace lares::kernels {

/// How the next token is picked: the chain of engine/sampling, penalties, top-k, top-p, min-p,
/// temperature, draw. Lies in device memory, so that a captured graph goes on when it changes.
struct SampleSettings {
    float temperature = 0.6F;  ///< 0: the largest logit, the lowest id on a tie
    float top_p = 1.0F;        ///< 1: off (Holtzman et al. 2020, arXiv:1904.09751)
    float min_p = 0.0F;        ///< 0: off (Nguyen et al. 2024, arXiv:2407.01082)
    float repeat_penalty = 1.0F;
    float presence_penalty = 0.0F;
    float frequency_penalty = 0.0F;
    std::int32_t top_k = 0;           ///< 0: off
    std::int32_t penalty_window = 0;  ///< past tokens that the penalties look at; 0: off
    std::uint64_t seed = 0;
    std::int32_t has_mask = 0;  ///< only tokens whose bit in SampleParams::allowed is set
    std::int32_t padding = 0;
};

enum class SampleStatus : std::int32_t { Ok, NoFiniteLogit };

/// What the host gets to know of a pick.
struct SamplePicked {
    std::int32_t token = 0;
    std::int32_t position = 0;  ///< of the step that reads it
    SampleStatus status = SampleStatus::Ok;
    std::int32_t padding = 0;
};

/// What a sequence carries from token to token, in device memory. All zero but `position` at first.
struct SampleState {
    unsigned long long best_greedy = 0;  ///< work of a step, zero between steps
    unsigned long long best_drawn = 0;   ///< likewise
    std::int32_t token = 0;              ///< the last one picked: the next embedding row
    std::int32_t position = 0;           ///< of the token that the step computes; one more after it
    std::uint32_t step = 0;  ///< tokens picked so far; with the seed it decides the draw
    SampleStatus status = SampleStatus::Ok;
    std::int32_t window_next = 0;   ///< where the ring of past tokens goes on
    std::int32_t window_count = 0;  ///< how many are in it
    std::int32_t n_kept = 0;        ///< tokens that could be drawn, where top-k, -p or min-p is on
    std::int32_t padding = 0;
};

inline constexpr int kSampleBins = 2048;  ///< of logits, 64 to a unit, from the largest down

/// What sample_bins finds out for sample_pick, in device memory; all zero at first. Work of a step.
struct SampleBins {
    unsigned long long weight[kSampleBins] = {};  ///< zero between steps
    std::uint32_t count[kSampleBins] = {};        ///< likewise
    unsigned long long total = 0;                 ///< of all weights
    std::int32_t limit = 0;                       ///< the last bin that may have a kept token
    std::uint32_t n_listed = 0;                   ///< tokens down to it; zero between steps
    std::uint32_t arrived[2] = {};                ///< blocks of the two kernels; likewise
};

/// Picks the next token.
/// Shapes  logits, work, listed [n_vocab]   allowed [ceil(n_vocab / 32)] bits   seen [n_vocab],
/// zero at
///         first: how often a token is in `window` [penalty_window]
///         picked [1]: written last; host memory that the device sees, so that the host needs no
///         copy, only to wait for the kernel; may be null
/// Exact   the kept tokens are those of engine/sampling/candidates.h: weights are integers,
///         2^40 e^(logit - largest), so that sums do not depend on their order
/// Draw    Gumbel-max (Gumbel 1954; Maddison et al. 2014, arXiv:1411.0030): the largest of
///         logit / temperature - log(-log(u)), u by Philox4x32-10 (Salmon et al. 2011, "Parallel
///         random numbers: as easy as 1, 2, 3") of seed, step and token. The CPU
///         (engine/sampling/gumbel_noise.h) computes the same in f64: the same seed draws the same
///         token, unless two are closer than f32 rounds.
/// NaN counts as minus infinity, plus infinity as the largest float. Without a finite logit the
/// status says so, and the token is 0.
/// Three launches over all multiprocessors: sample_scan applies penalties, finds the largest and,
/// without top-k, top-p and min-p, draws. With them sample_bins sums weights by bins and finds the
/// last bin that matters, sample_pick lists the tokens down to it, and its last block cuts among
/// those and draws; without them the two do nothing but keep the books. Latency-bound. Where most
/// tokens are kept (top-p near 1 of flat logits, top-k of many thousands) one block walks over all
/// of them several times.
struct SampleParams {
    const float* logits = nullptr;
    float* work = nullptr;
    const std::uint32_t* allowed = nullptr;
    std::uint32_t* seen = nullptr;
    std::int32_t* window = nullptr;
    const SampleSettings* settings = nullptr;
    SampleState* state = nullptr;
    SamplePicked* picked = nullptr;
    SampleBins* bins = nullptr;
    std::int32_t* listed = nullptr;
    std::int32_t n_vocab = 0;
};

/// In this order. A launch without a kernel where n_vocab < 1.
[[nodiscard]] Launch sample_scan_launch(const SampleParams& params);
[[nodiscard]] Launch sample_bins_launch(const SampleParams& params);
[[nodiscard]] Launch sample_pick_launch(const SampleParams& params);

/// Counts tokens as history without drawing: prompt tokens. One thread; tokens [n].
struct SampleAcceptParams {
    const std::int32_t* tokens = nullptr;
    std::uint32_t* seen = nullptr;
    std::int32_t* window = nullptr;
    const SampleSettings* settings = nullptr;
    SampleState* state = nullptr;
    std::int32_t n = 0;
    std::int32_t n_vocab = 0;
};
[[nodiscard]] Launch sample_accept_launch(const SampleAcceptParams& params);

}  // namespace lares::kernels
