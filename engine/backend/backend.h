#pragma once

#include "engine/backend/state_bytes.h"
#include "engine/base/result.h"
#include "engine/model/hparams.h"
#include "engine/tokenizer/bpe_tokenizer.h"

#include <cstdint>
#include <memory>
#include <span>
#include <stop_token>
#include <string>

namespace lares {

class BackendSampler;

/// The recurrent state and the keys and values of one sequence at one position, in whatever memory
/// the backend keeps it. Immutable; may outlive the backend that made it.
class BackendSnapshot {
public:
    virtual ~BackendSnapshot() = default;
    /// Bytes that only this snapshot holds: the recurrent state; shared keys and values not
    /// counted.
    [[nodiscard]] virtual std::size_t size_bytes() const = 0;
};

/// One sequence on one device: its state, its work buffers and the block-level operations that a
/// forward pass is made of. hybrid_model.h walks the layers; a backend may fuse anything inside a
/// block. (design: engine.md)
///
/// A step handles `n` new tokens (1 <= n <= max_batch) whose residual stream x [n, d_model] the
/// backend holds between the calls:
///     begin(tokens, stop); for each layer: *_block(layer); logits(…); end() or abandon();
/// One thread at a time. Nothing allocates between begin and end.
class Backend {
public:
    virtual ~Backend() = default;

    [[nodiscard]] virtual int max_batch() const = 0;

    /// Makes room for the new positions and sets x to the embedding rows of `tokens`.
    /// Precondition: 1 <= tokens.size() <= max_batch(), ids in range. OutOfMemory: nothing changed.
    /// A step of more than one token may be stopped: once `stop` is requested, the blocks return
    /// early and leave nonsense in x. The caller looks at `stop` before end() and, if it was
    /// requested, calls abandon() instead. A single token is computed to its end.
    [[nodiscard]] virtual Result<void> begin(std::span<const TokenId> tokens,
                                             std::stop_token stop = {}) = 0;

    /// x = x + mixer(rms_norm(x)), by the layer's kind. `layer` counts all layers.
    virtual void mamba2_block(int layer) = 0;
    virtual void attention_block(int layer) = 0;
    virtual void mlp_block(int layer) = 0;

    /// Logits [n_vocab] of the step's token `row` in [0, n). Where there is a sampler, an empty
    /// `out` leaves them to it. Errors: DeviceFailed.
    [[nodiscard]] virtual Result<void> logits(int row, std::span<float> out) = 0;

    /// The step's tokens now belong to the sequence. A step of one token whose logits were left to
    /// the sampler may still be computing, and fail at the next call. Errors: DeviceFailed; then
    /// the state is lost.
    [[nodiscard]] virtual Result<void> end() = 0;
    /// The step did not happen: the state is that before begin(), to the bit. Precondition: the
    /// step has more than one token, and its stop is possible (std::stop_token::stop_possible).
    virtual void abandon() = 0;

    /// A trial computes a few tokens of which only the first may turn out to be wanted:
    ///     begin_trial(tokens); for each layer: *_block(layer); trial_logits(…); end_trial(n).
    /// Logits, and the state after end_trial, are to the bit those of steps of one token each.
    /// This many tokens at most; 0: this backend has no trials, and the others are not called.
    [[nodiscard]] virtual int max_trial() const { return 0; }
    /// What each token after a trial's first costs, in hundredths of a step of one token: an
    /// estimate on the safe side, which decides how lucky drafts must be to be worth it.
    [[nodiscard]] virtual int trial_token_cost() const { return 100; }
    /// As begin. Precondition: 2 <= tokens.size() <= max_trial(). OutOfMemory: nothing changed.
    /// Where there is a sampler, the trial may still be computing, and fail at the next call.
    [[nodiscard]] virtual Result<void> begin_trial(std::span<const TokenId> tokens);
    /// Logits [n, n_vocab] of all the trial's tokens. Precondition: there is no sampler.
    virtual void trial_logits(std::span<float> out);
    /// Those after the trial's token `row` are what the sampler picks from next. Precondition:
    /// there is a sampler, and no later row was asked for.
    virtual void use_trial_logits(int row);
    /// The trial's first `n_kept` tokens, 0 to all, now belong to the sequence; the others never
    /// were. Nothing else may be called between begin_trial and this, but its logits may be looked
    /// at, and picked from, as long as one likes.
    virtual void end_trial(int n_kept);

    /// Null where tokens are picked from logits on the host. The backend's own.
    [[nodiscard]] virtual BackendSampler* sampler_or_null() { return nullptr; }
    /// Picks a token as the sampler does and reads it, its logits left to the sampler: the step
    /// follows the pick without the host between them, and may still be computing, and fail at the
    /// next call. Precondition: there is a sampler. Errors: OutOfMemory: nothing changed; those of
    /// BackendSampler::pick: the state is lost.
    [[nodiscard]] virtual Result<TokenId> pick_and_read();

    /// State after the tokens so far. Throws std::bad_alloc. Errors: DeviceFailed.
    [[nodiscard]] virtual Result<std::shared_ptr<const BackendSnapshot>> snapshot() const = 0;
    /// Precondition: made by a backend of the same kind and model. Throws std::bad_alloc; then
    /// nothing changed. Errors: DeviceFailed.
    [[nodiscard]] virtual Result<void> restore(const BackendSnapshot& snapshot) = 0;
    /// A snapshot's bytes; on the processor they stay where they are. Precondition as above. Throws
    /// std::bad_alloc. Errors: DeviceFailed.
    [[nodiscard]] virtual Result<StateBytes> bytes_of(
        const std::shared_ptr<const BackendSnapshot>& snapshot) const = 0;
    /// The reverse, by copying; the sequence stays as it is. Throws std::bad_alloc. Errors:
    /// InvalidArgument where the sizes are not this backend's, OutOfMemory (a card's blocks are
    /// used up), DeviceFailed.
    [[nodiscard]] virtual Result<std::shared_ptr<const BackendSnapshot>> snapshot_of(
        const StateBytes& bytes) = 0;
    /// Back to an empty sequence.
    virtual void clear() = 0;

    [[nodiscard]] virtual std::size_t memory_bytes() const = 0;
    /// A library that multiplies long prompts, or one sentence why there is none; empty where none
    /// would be used.
    [[nodiscard]] virtual std::string library_text() const { return {}; }
};

}  // namespace lares
