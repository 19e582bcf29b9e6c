#pragma once

#include <functional>
#include <memory>
#include <span>
#include <stop_token>
#include <vector>

#include "engine/base/result.h"
#include "engine/model/model.h"
#include "engine/tokenizer/bpe_tokenizer.h"

namespace lares {

/// How matrix products are computed.
enum class Precision {
    Fast,   ///< quantised weights times 8-bit activations
    Exact,  ///< dequantised weights times f32 activations: for comparing engines
};

struct SessionOptions {
    int n_threads = 0;  ///< 0: one for each physical core
    int n_ctx = 4096;   ///< tokens the conversation may have; the KV cache grows up to it as needed
    Precision precision = Precision::Fast;
    int prefill_batch = 256;  ///< tokens per prefill step; a stop is looked at between steps
};

/// The recurrent state after a prefix of tokens: convolution and SSM states of every Mamba layer and
/// the logits. It holds no keys and values: those are append-only in the session, so a snapshot can
/// be restored only into the session it came from, and only while that session still has the prefix.
/// (design: state.md)
class SessionSnapshot {
public:
    [[nodiscard]] int position() const { return static_cast<int>(m_tokens.size()); }
    [[nodiscard]] std::span<const TokenId> tokens() const { return m_tokens; }
    [[nodiscard]] std::size_t size_bytes() const;

private:
    friend class Session;
    std::vector<TokenId> m_tokens;   // the whole prefix, to compare with
    std::vector<float> m_recurrent;  // conv and SSM states, layer by layer
    std::vector<float> m_logits;     // after the last token, so that regenerating needs no forward pass
};

/// One sequence of tokens and its state on a backend. One thread at a time.
class Session {
public:
    /// Errors: InvalidArgument (options), OutOfMemory with the size that was needed.
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
    /// OutOfMemory, Cancelled (position() says how far it came; the session stays usable).
    [[nodiscard]] Result<std::span<const float>> append(std::span<const TokenId> tokens,
                                                        std::stop_token stop = {},
                                                        const Progress& progress = {});

    /// Like append, and calls `each` with the logits after every token, in order.
    [[nodiscard]] Result<void> append_each(std::span<const TokenId> tokens,
                                           const std::function<void(int index, std::span<const float> logits)>& each);

    /// Logits after the last token; empty at position 0.
    [[nodiscard]] std::span<const float> logits() const;

    [[nodiscard]] Result<SessionSnapshot> snapshot() const;
    /// Goes back to `snapshot`. Logits afterwards are bit-equal to those without the detour.
    /// InvalidArgument when the session's tokens no longer begin with the snapshot's.
    [[nodiscard]] Result<void> restore(const SessionSnapshot& snapshot);
    /// Back to an empty sequence.
    void clear();

    [[nodiscard]] int position() const;
    [[nodiscard]] std::span<const TokenId> tokens() const;
    [[nodiscard]] int n_ctx() const;
    [[nodiscard]] const Model& model() const;
    /// Bytes this session holds: state, KV cache, work buffers.
    [[nodiscard]] std::size_t memory_bytes() const;

private:
    struct Impl;
    explicit Session(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

}  // namespace lares
