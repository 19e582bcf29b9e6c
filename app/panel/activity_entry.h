#pragma once

#include "app/chat/chat_message.h"

#include <QString>
#include <QStringList>

#include <cstddef>
#include <utility>
#include <vector>

namespace lares::app {

/// One tool call as a line of the activity. Plain values; texts are ready to be shown.
struct ActivityEntry {
    enum class State { Waiting, Running, Done, Refused, Failed, Undone };

    MessageId message = 0;
    std::size_t part = 0;  ///< of the ToolCall in that message
    State state = State::Done;
    QString title;          ///< "Listed Documents: 12 entries"
    QString detail;         ///< "done · 14 ms · allowed once"
    bool isChange = false;  ///< its tool changes files

    [[nodiscard]] std::pair<MessageId, std::size_t> key() const { return {message, part}; }
    bool operator==(const ActivityEntry&) const = default;
};

/// Every call of a message, in order.
[[nodiscard]] std::vector<ActivityEntry> activityOf(const ChatMessage& message);
/// "waiting for you", "running", "done", "not allowed", "failed", "undone"
[[nodiscard]] QString stateName(ActivityEntry::State state);

/// The rest of what is known about a call.
struct ActivityDetails {
    QString tool;       ///< its name; empty: a call that could not be read
    QString allowed;    ///< a sentence: how it came to be allowed; empty: it was not, or not yet
    QString arguments;  ///< one a line or more: "path: ~/Documents"
    QStringList paths;  ///< real ones
    QString change;     ///< what it comes to: "replaces 4.1 kB by 23 B"; empty: the title says it
    QString layers;     ///< what kept it in its folders; empty: it touched none, or unknown
    QString result;     ///< what the model read of it
    qsizetype resultBytes = -1;  ///< -1: there is none (yet)
    int nUndoable = 0;           ///< changes to files that can be undone
};
/// Precondition: the part is a ToolCall of the message.
[[nodiscard]] ActivityDetails detailsOf(const ChatMessage& message, std::size_t part);

/// Text of any origin, line by line: characters that cannot be seen or that turn the text around
/// are written out, as the permission card does it.
[[nodiscard]] QString shownText(const QString& text);

}  // namespace lares::app
