#pragma once

#include "app/turn/condensed_text.h"
#include "engine/session/engine.h"

#include <cstddef>
#include <deque>
#include <string>
#include <variant>
#include <vector>

namespace lares {

// How the context is shared out. A recurrent model cannot drop the beginning of what it has read
// and go on; so the older turns become a summary, and what is then left is read once.
inline constexpr int kFullPercent = 75;  ///< prompt and room for an answer: condensed ahead of need
inline constexpr int kKeptPercent = 25;  ///< at most, of the newest turns, stays word by word
/// Tokens of an answer that a prompt leaves room for.
[[nodiscard]] int answerRoom(int n_ctx, int max_tokens);
/// Tokens that a summary may take.
[[nodiscard]] int summaryRoom(int n_ctx);

/// Decides whether a conversation is to be condensed, which of its turns, and how the model is
/// asked for that. Turns that do not fit into one prompt are folded: a summary of the first ones,
/// then one of that summary and the next ones, and a turn that is too long alone in pieces. What is
/// asked begins as the conversation's own prompt does, so that what is known of it is not read
/// again. A state machine without callbacks and threads, so that a terminal can wait in it and a
/// window need not:
///
///   while (true) { auto step = condensing.next();
///       MeasurePrompt → condensing.addSizes(view of its request), or addFailure()
///       WriteSummary  → condensing.addAnswer(generation of its request), or addFailure()
///       Condensed     → done }
///
/// One thread at a time.
class Condensing {
public:
    enum class When {
        Ahead,  ///< nobody waits: when the context is nearly full, and only with a summary
        Now,    ///< a question waits: when it does not fit, with a summary or without
        Again,  ///< the user wants another summary: of all that the request holds
    };
    /// `request`: what would be asked. Now: it ends with the question; else with an answer.
    /// `before`: what stands in its first turn already (putCondensed), for where no more comes of
    /// it. `n_ctx`: tokens of the context; 0: not known, and nothing is to be done.
    Condensing(GenerationRequest request, CondensedText before, int n_ctx, When when);

    struct MeasurePrompt {
        GenerationRequest request;
    };
    struct WriteSummary {
        GenerationRequest request;
    };
    struct Condensed {
        enum class Kind {
            NotNeeded,   ///< it fits, or there is nothing that could be condensed
            Summarised,  ///< `text` stands for the first `nTurns` (turnStarts) of the request
            LeftOut,     ///< Now: the same, but the model wrote no usable summary of all of them
            NoSummary,   ///< Ahead, Again: it wrote none; nothing changes
            TooLong,     ///< Now: the newest turn alone does not fit; `nTokens` with it alone
        };
        Kind kind = Kind::NotNeeded;
        std::size_t nTurns = 0;
        CondensedText text = {};
        int nTokens = 0;  ///< of the prompt as it is then, about; 0: not known
    };
    using Step = std::variant<MeasurePrompt, WriteSummary, Condensed>;

    /// What has to happen now; the same again until it has happened.
    [[nodiscard]] Step next() const;
    /// Answers MeasurePrompt.
    void addSizes(const PromptView& view);
    /// Answers WriteSummary.
    void addAnswer(const Generation& generation);
    /// Answers either: it could not be done, for another reason than a stop.
    void addFailure();

private:
    /// What is read in one go: a turn, or a part of one.
    struct Piece {
        std::vector<Message> messages;
        int nTokens = 0;
    };
    [[nodiscard]] bool mayBeDue() const;
    void plan(int nFixed, const std::vector<int>& turns, int nInstruction);
    void addPieces(std::size_t turn, int nTokens);
    void addCutTurn(const std::vector<Message>& messages, int nTokens);
    void beginPiece();
    [[nodiscard]] GenerationRequest writing() const;
    void end(Condensed::Kind kind);

    GenerationRequest m_request;
    CondensedText m_text;  ///< what stands for the turns that have been read
    int m_nCtx;
    When m_when;
    std::vector<std::size_t> m_starts;
    std::deque<Piece> m_pieces;  ///< that are still to be read
    std::size_t m_nReading = 0;  ///< of them, in what is written now
    std::size_t m_nTurns = 0;    ///< that are condensed
    int m_capacity = 0;          ///< tokens of pieces that fit into one prompt
    int m_nRest = 0;             ///< tokens of what stays
    int m_nSummary = 0;          ///< tokens that the summary may take
    bool m_isFolding = false;    ///< m_text was written here, and stands before the next piece
    bool m_isShorter = false;    ///< it was cut off once: asked again for a shorter one
    bool m_isMeasured = false;
    bool m_isOver = false;
    Condensed m_end;
};

}  // namespace lares
