#pragma once

#include "engine/backend/cuda/card_limits.h"
#include "engine/base/result.h"
#include "engine/model/model.h"
#include "engine/session/session_options.h"
#include "engine/session/snapshot_bytes.h"
#include "engine/state/memory_plan.h"
#include "engine/tokenizer/bpe_tokenizer.h"

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

namespace lares {

class BackendSampler;
class BackendSnapshot;

/// A sequence of tokens, the state after it and the logits of its last token. The recurrent state
/// is copied; keys and values are shared with the session and other snapshots, block by block, so a
/// branch of a conversation costs the recurrent state and little more. Immutable, cheap to copy,
/// thread safe; may outlive its session. (design: state.md)
class SessionSnapshot {
public:
    [[nodiscard]] int position() const { return static_cast<int>(m_tokens.size()); }
    [[nodiscard]] std::span<const TokenId> tokens() const { return m_tokens; }
    /// Bytes that only this snapshot holds.
    [[nodiscard]] std::size_t size_bytes() const;

private:
    friend class Session;
    KvType m_kv_type = KvType::F16;
    std::string m_device;
    std::weak_ptr<const Model> m_model;  // to compare with; an address could be used again
    std::vector<TokenId> m_tokens;
    std::vector<float> m_logits;  // so that regenerating an answer needs no forward pass
    std::shared_ptr<const BackendSnapshot> m_state;
};

/// A session's card, measured now.
struct CardProbe {
    std::size_t total_bytes = 0;
    std::size_t free_bytes = 0;  ///< before the measuring, which needs memory of its own
    cuda::CardLimits limits;
};

/// One sequence of tokens and its state on a backend. One thread at a time.
class Session {
public:
    /// Called with a share from 0 to 1; may be empty.
    using LoadProgress = std::function<void(float)>;
    /// Reads the model's weights into memory, in the form that sessions with these options use,
    /// which is most of the work of `create`: here with progress and a way to stop. Done once for
    /// all sessions of a model. Errors: InvalidArgument (options), OutOfMemory, Cancelled.
    [[nodiscard]] static Result<void> prepare(const Model& model,
                                              const SessionOptions& options,
                                              std::stop_token stop = {},
                                              const LoadProgress& progress = {});

    /// Errors: InvalidArgument (options), OutOfMemory with the size that is needed and the context
    /// that would fit (memory_plan.h); where a card was asked for by name also Unsupported,
    /// NotFound and DeviceFailed.
    [[nodiscard]] static Result<Session> create(std::shared_ptr<const Model> model,
                                                const SessionOptions& options);
    Session(Session&&) noexcept;
    Session& operator=(Session&&) noexcept;
    ~Session();

    /// Tokens done and total of the running prefill.
    using Progress = std::function<void(int done, int total)>;

    /// Appends tokens and returns the logits [n_vocab] after the last one; the span is valid until
    /// the next call. The chunked SSD form is used for more than one token, the recurrence for one.
    /// Errors: InvalidArgument (no tokens, id out of range), ContextFull (nothing was changed),
    /// OutOfMemory, Cancelled. After these two the session holds the first position() tokens and
    /// stays usable: reading the rest then gives the same logits, to the bit, as without the stop.
    /// A stop takes effect inside a step, within one portion of a matrix product, except that a
    /// single token is computed to its end.
    [[nodiscard]] Result<std::span<const float>> append(std::span<const TokenId> tokens,
                                                        std::stop_token stop = {},
                                                        const Progress& progress = {});

    /// As append, but on a card the logits stay there, for sampler_or_null, and a single token is
    /// only queued: what fails then (DeviceFailed) fails at the next call.
    [[nodiscard]] Result<void> read(std::span<const TokenId> tokens,
                                    std::stop_token stop = {},
                                    const Progress& progress = {});

    /// Reads `token` as read() does and computes `expected` after it in the same step, as many as
    /// max_expected() and the context allow: reading those next, one by one, costs nothing. What
    /// comes of reading is to the bit what it is without; a token that was not expected, or any
    /// other call, only forgets them. Tokens outside the vocabulary end them. Errors: those of
    /// read().
    [[nodiscard]] Result<void> read_expecting(TokenId token, std::span<const TokenId> expected);
    /// 0 where reading several tokens costs as much as one after the other.
    [[nodiscard]] int max_expected() const;
    /// What each of them costs, in hundredths of a step of one token; an estimate.
    [[nodiscard]] int expected_token_cost() const;
    /// Some of them are left.
    [[nodiscard]] bool expects_any() const;
    /// Reading `token` next costs nothing.
    [[nodiscard]] bool expects(TokenId token) const;

    /// Picks the next token with the card's sampler and reads it; the card goes from one to the
    /// other without waiting for the host. Precondition: sampler_or_null() is not null,
    /// has_logits(). Errors: Cancelled, ContextFull and OutOfMemory (nothing was changed), Internal
    /// if no logit is finite (then the session is empty), DeviceFailed.
    [[nodiscard]] Result<TokenId> pick_and_read(std::stop_token stop = {});

    using EachLogits = std::function<void(int index, std::span<const float> logits)>;

    /// Like append, and calls `each` with the logits after every token, in order. `each` must not
    /// throw.
    [[nodiscard]] Result<void> append_each(std::span<const TokenId> tokens, const EachLogits& each);

    /// Logits after the last token; empty at position 0, and after read() on a card.
    [[nodiscard]] std::span<const float> logits() const;
    /// The same, which the first call after read() copies here. Errors: DeviceFailed.
    [[nodiscard]] Result<std::span<const float>> fetch_logits();
    /// Whether there are some, wherever they are: not at position 0, nor after an error.
    [[nodiscard]] bool has_logits() const;
    /// What picks from them where they are (TokenPicker uses it): null on the CPU. Valid until the
    /// session changes.
    [[nodiscard]] BackendSampler* sampler_or_null();

    /// OutOfMemory.
    [[nodiscard]] Result<SessionSnapshot> snapshot() const;
    /// Goes to the state of `snapshot`, forwards or back, whatever happened since. Logits
    /// afterwards are bit-equal to those without the detour. InvalidArgument for a snapshot of
    /// another model or with another type of keys and values, and on a card of another session,
    /// whose blocks they are; ContextFull for one longer than n_ctx, OutOfMemory; then nothing was
    /// changed.
    [[nodiscard]] Result<void> restore(const SessionSnapshot& snapshot);
    /// A snapshot of this session in host memory, and the reverse: for keeping it on a disk. Only a
    /// session with the same key can use it, and then restoring it is bit-equal as above. Errors:
    /// OutOfMemory, DeviceFailed; InvalidArgument for bytes that do not fit, and on a card for a
    /// snapshot of another session.
    [[nodiscard]] Result<SnapshotBytes> bytes_of(const SessionSnapshot& snapshot) const;
    [[nodiscard]] Result<SessionSnapshot> snapshot_of(const SnapshotBytes& bytes);
    /// Everything that a state's bytes and bits depend on: model, device and its kind of loops,
    /// type of keys and values, precision. Text of one line.
    [[nodiscard]] std::string snapshot_key() const;
    /// Back to an empty sequence.
    void clear();

    [[nodiscard]] int position() const;
    [[nodiscard]] std::span<const TokenId> tokens() const;
    [[nodiscard]] int n_ctx() const;
    [[nodiscard]] const Model& model() const;
    /// What it computes on: "cpu", or the card's name.
    [[nodiscard]] const std::string& device() const;
    /// One sentence: why it is the CPU though SessionOptions welcomed a card. Empty otherwise.
    [[nodiscard]] const std::string& device_notice() const;
    /// What the model and this session take of the card's memory, by owner; nothing on the CPU.
    [[nodiscard]] const std::optional<MemoryPlan>& device_memory() const;
    /// The library that multiplies long prompts there (cuBLAS), or one sentence why none does, as
    /// it stands now; empty where none would be used: on the CPU, and for quantised models.
    [[nodiscard]] std::string device_library() const;
    /// What the card has free now, other programs counted; a question to the driver, without work
    /// on the card. Errors: Unsupported on the CPU, DeviceFailed.
    [[nodiscard]] Result<std::size_t> free_card_bytes() const;
    /// What the card has free and can do at most; takes a second, and the memory of ProbeSize.
    /// Errors: Unsupported on the CPU, OutOfMemory, DeviceFailed.
    [[nodiscard]] Result<CardProbe> probe_card(const cuda::ProbeSize& size = {}) const;
    /// After DeviceFailed: goes on with the CPU, at position 0; snapshots are lost. `why` becomes
    /// the notice. Errors: as create; then nothing changed.
    [[nodiscard]] Result<void> move_to_cpu(const std::string& why);
    /// Bytes this session holds: state, KV cache, work buffers.
    [[nodiscard]] std::size_t memory_bytes() const;

private:
    struct Impl;
    explicit Session(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

}  // namespace lares
