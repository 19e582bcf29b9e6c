#pragma once

#include "app/chat/chat_message.h"
#include "app/turn/condensed_text.h"
#include "engine/session/engine.h"

#include <optional>
#include <vector>

namespace lares::app {

class ConversationModel;

/// Key in Part::data: which answer of its turn a part belongs to, an int from 0. Left out for 0.
inline constexpr const char* kStepKey = "step";
[[nodiscard]] int stepOf(const Part& part);

/// The messages that the model reads for a path of the tree: the persona's system text, then user
/// and assistant messages. What goes with a user's message stands before its words (userTurn). An
/// assistant's turn of several steps becomes, for each step, the answer with its calls and one
/// `tool` message for each result. Notices stay with the user. A call without a result (the program
/// ended, the user stopped) gets one that says so, since a prompt with an open call would be no
/// conversation that the model has seen.
[[nodiscard]] std::vector<Message> promptMessages(const QString& system,
                                                  const std::vector<const ChatMessage*>& path);

/// What the model reads of the branch that ends with a message.
struct ReadBranch {
    const ChatMessage* summarised = nullptr;   ///< its summary stands for it and all before
    std::vector<const ChatMessage*> messages;  ///< behind it, in order

    [[nodiscard]] MessageId summaryAt() const { return summarised ? summarised->id : 0; }
    [[nodiscard]] CondensedText condensed() const;
};
/// `leaf`: 0 where there is none. `summaryAt`: whose summary is read, where it has one (0: none's);
/// without it the last one's that has. A question that waits for its answer is read itself.
[[nodiscard]] ReadBranch readBranch(const ConversationModel& conversation,
                                    MessageId leaf,
                                    std::optional<MessageId> summaryAt = {});
/// The same messages as above, the summary before the first of them (putCondensed).
[[nodiscard]] std::vector<Message> branchMessages(const QString& system, const ReadBranch& branch);
/// The last message of the first `nTurns` turns (turnStarts); 0: there are not so many.
[[nodiscard]] MessageId endOfTurns(const ReadBranch& branch, std::size_t nTurns);

}  // namespace lares::app
