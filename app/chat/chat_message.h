#pragma once

#include <QDateTime>
#include <QJsonObject>
#include <QMetaType>
#include <QString>

#include <optional>
#include <vector>

namespace lares::app {

/// What the store keeps, the controller edits and the transcript paints: plain values, copied
/// freely (Qt shares their strings), used from any thread.

using ConversationId = qint64;  ///< 0: none
using MessageId = qint64;       ///< 0: none, and the parent of a conversation's first messages

enum class Role { User, Assistant };

/// One piece of a message, in the order in which it came. A whole turn of the assistant is one
/// message: thinking, text, a call, its result, thinking again, the final text. The prompt's
/// separate messages (role `tool` among them) are made from it when the prompt is rendered.
struct Part {
    enum class Kind {
        Text,        ///< text: Markdown
        Thinking,    ///< text: plain; never copied with the answer, never goes back into the prompt
        ToolCall,    ///< text: arguments as one JSON object; toolName, callState, summary, data.
                     ///< Without a toolName: a call that could not be read, text as the model wrote
                     ///< it
        ToolResult,  ///< text: what the model reads; follows its ToolCall
        Notice,      ///< text: a sentence of Lares to the user (stopped, trimmed, failed)
        Attachment,  ///< of the user, before the Text: text: its contents; data: its name, its size
                     ///< (chat/attachment.h)
        Lore,        ///< of the user, behind the Text: text: what the persona knows of what was
                     ///< named, as it was then; data: its title (chat/lore_match.h)
    };
    enum class CallState { None, Waiting, Running, Done, Failed, Denied };

    Kind kind = Kind::Text;
    QString text;
    QString toolName;
    CallState callState = CallState::None;
    QString summary;        ///< ToolCall: a sentence for people, "List the folder Documents"
    qint64 durationMs = 0;  ///< Thinking, ToolCall: how long it took
    /// What only one kind needs: the permission request that a waiting card shows (`path`,
    /// `folder`, `effect`), how the call was allowed (`allowedBy`: once, conversation, always;
    /// grant, by an earlier answer; setting, by one; none, it needed no permission), the real
    /// `paths` that it was about, the `sources` whose passages its result shows (call_sources.h),
    /// what its `change` comes to ("replaces 4.1 kB by 23 B"), the `layers` that kept it there, the
    /// `note` that it had kept (call_changes.h).
    QJsonObject data;

    bool operator==(const Part&) const = default;
};

/// What stands for a branch up to and with a message when the model reads a later one: all that was
/// said became too long for its context. The messages stay as they are.
struct BranchSummary {
    QString text;               ///< as the model wrote it; empty: what was said is left out
    bool isLeavingOut = false;  ///< some of it is in no summary

    bool operator==(const BranchSummary&) const = default;
};

/// One node of a conversation's tree. Messages with one parent are versions of each other: an
/// edited question, a regenerated answer.
struct ChatMessage {
    enum class State {
        Complete,
        Generating,  ///< found after a start: the program ended in mid-answer
        Stopped,     ///< by the user
        Failed,      ///< the last part is a Notice with the reason
    };

    MessageId id = 0;
    ConversationId conversation = 0;
    MessageId parent = 0;
    Role role = Role::User;
    State state = State::Complete;
    QString personaId;  ///< Assistant: who answered
    QDateTime createdAt;
    std::vector<Part> parts;
    QJsonObject stats;  ///< Assistant: GenerationStats by name, `finishReason`
    /// For branches that go on below it; of several on a branch, the last counts.
    std::optional<BranchSummary> summary = {};

    bool operator==(const ChatMessage&) const = default;
};

/// The Markdown of a message as it is copied: its Text parts, thinking and calls left out.
[[nodiscard]] QString markdownOf(const ChatMessage& message);

/// One conversation in the list.
struct ConversationInfo {
    ConversationId id = 0;
    QString title;    ///< empty: not named yet; the list shows the first words of the first message
    QString preview;  ///< the beginning of the first message
    QString personaId;  ///< whose persona answers the next message
    QDateTime createdAt;
    QDateTime updatedAt;  ///< of the last message; the list groups by it
    bool isPinned = false;
    MessageId activeLeaf = 0;       ///< the end of the path that is shown
    QString draft;                  ///< what the composer held
    bool hasAttachedDraft = false;  ///< ConversationStore::draftAttachments has something
    QJsonObject parameters = {};    ///< how its answers are picked: chat/answer_parameters.h
    QString folder = {};            ///< chat/folder_name.h; empty: in none
    /// Lives in memory alone: nothing of it is stored, and it ends with the program.
    bool isTemporary = false;

    bool operator==(const ConversationInfo&) const = default;
};

/// In which folder a conversation is; empty: in none.
struct FolderPlace {
    ConversationId conversation = 0;
    QString folder;

    bool operator==(const FolderPlace&) const = default;
};

/// One that was deleted and can still be brought back.
struct TrashedConversation {
    ConversationId id = 0;
    QString title;  ///< or how it begins
    QDateTime deletedAt;

    bool operator==(const TrashedConversation&) const = default;
};

}  // namespace lares::app

Q_DECLARE_METATYPE(lares::app::ChatMessage)
Q_DECLARE_METATYPE(lares::app::ConversationInfo)
