#pragma once

#include "engine/session/engine.h"
#include "tools/policy/broker.h"

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace lares {

/// A call of the turn with what came of it, for the screen and for --json.
struct ToolCallRecord {
    ToolCall call;
    ToolOutcome outcome;
};

/// One user turn with tools: the model answers, its calls run, it reads the results and answers
/// again. A state machine without callbacks and threads, so that a terminal can wait in it and a
/// window need not:
///
///   generate; turn.addAnswer(generation);
///   while (true) { auto step = turn.next();
///       RunCall     → turn.addOutcome(broker.run(std::move(step.call), stop))   // on any thread
///       AskUser     → turn.approve(duration) or turn.refuse()
///       NextAnswer  → append turn.takeMessages() to the conversation and generate again
///       TurnFinished→ append turn.takeMessages(); done }
///
/// Holds what models do wrong too: calls that cannot be read, too many of them, calls without end.
/// One thread at a time. `broker` outlives it.
class ToolTurn {
public:
    struct Limits {
        int max_steps = 8;    ///< answers with calls; those of a later answer do not run
        int max_calls = 100;  ///< in the whole turn: forty files move with room to spare
    };
    struct RunCall {
        PreparedCall call;
        ToolCall request;
    };
    /// One question for the user. The calls of one answer that follow each other and change files
    /// are one question, made of several requests; a call that reads is a question of its own.
    struct AskUser {
        std::vector<PermissionRequest> requests;  ///< not empty
        std::vector<std::size_t> positions;  ///< of each one's call among those without an outcome
        ToolCall call;                       ///< the first of them
    };
    struct NextAnswer {};
    struct TurnFinished {
        bool hit_limit = false;  ///< the model still wanted calls
    };
    using Step = std::variant<RunCall, AskUser, NextAnswer, TurnFinished>;

    ToolTurn(Broker& broker, CallContext context, Limits limits);
    ToolTurn(Broker& broker, CallContext context)
        : ToolTurn(broker, std::move(context), Limits{}) {}

    /// The model's answer, whole. Precondition: a new turn, or `next` said NextAnswer.
    void addAnswer(const Generation& generation);
    /// What has to happen now. The same again until it has happened, except that a RunCall is
    /// handed out once.
    [[nodiscard]] Step next();
    /// Answers AskUser, all of it.
    void approve(GrantDuration duration);
    /// The same where it is about a note.
    void approve(const NoteAnswer& note);
    /// `reason`: what the user says to it, if anything; the model reads it (one line, bounded).
    void refuse(RefusalCause cause = RefusalCause::User, std::string_view reason = {});
    /// Answers RunCall.
    void addOutcome(ToolOutcome outcome);

    /// Messages that belong behind those that were taken before: the answer, then one result a
    /// call.
    [[nodiscard]] std::vector<Message> takeMessages();
    /// Every call of the turn so far that has an outcome.
    [[nodiscard]] const std::vector<ToolCallRecord>& records() const { return m_records; }

private:
    struct WaitingCall {
        ToolCall call;
        std::optional<Decision> decision;
    };
    void decide();
    /// The calls that the question is about: from the first one that waits.
    [[nodiscard]] std::vector<WaitingCall*> askedCalls();
    void finishCall(ToolOutcome outcome);

    Broker& m_broker;
    CallContext m_context;
    Limits m_limits;
    int m_steps = 0;
    int m_calls = 0;
    bool m_hadCalls = false;  // in the last answer
    bool m_hitLimit = false;
    std::deque<WaitingCall> m_waiting;
    std::vector<Message> m_messages;
    std::vector<ToolCallRecord> m_records;
};

}  // namespace lares
