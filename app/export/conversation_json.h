#pragma once

#include "app/export/conversation_content.h"
#include "engine/base/result.h"

#include <QByteArray>
#include <QJsonObject>

namespace lares::app {

/// A conversation as JSON, with nothing left out: every version of every message, thinking, calls
/// with their results, what is attached, how answers are picked. A file of them
/// (conversation_file.h) is what Lares writes and reads again:
///
///   { "format": "lares-conversations", "version": 1, "conversations": [ {
///       "title", "preview", "folder", "persona", "draft": texts      "isPinned": bool
///       "createdAt", "updatedAt": "2026-05-28T20:26:40.123Z"         "activeMessage": a number
///       "parameters": {}   "draftAttachments": [ {"name", "text", "bytes", "tokens", "paste"} ]
///       "personas": [ {"id", "name", "system", "greeting", "parameters"} ]
///       "messages": [ {
///           "number": from 1, in order   "parent": the number of an earlier one; 0: the beginning
///           "role": "user", "assistant"  "state": "complete", "stopped", "failed"
///           "persona", "createdAt"       "stats": {}
///           "parts": [ { "kind": "text", "thinking", "tool_call", "tool_result", "notice",
///                        "attachment";  "text", "tool", "callState", "summary",
///                        "durationMs", "data": {} } ]
///           "readAs": {"summary", "isLeavingOut"}: for the model, up to here } ] } ],
///     "personas": [ … ]   "notes": [ … ]: those of the user, in a file of everything
///                                         (user_texts.h) }
///
/// What is empty is left out; what is not known is not read. Ids of this database, permissions and
/// what could be undone here are in no file. All functions: any thread.

inline constexpr int kConversationFileVersion = 1;
inline constexpr const char* kConversationFileFormat = "lares-conversations";

/// Bounds of what is read; a file is untrusted.
inline constexpr qint64 kMaxConversationBytes = 256 << 20;
inline constexpr int kMaxConversationValues = 10'000'000;
inline constexpr int kMaxConversationMessages = 100'000;
inline constexpr int kMaxMessageParts = 10'000;
inline constexpr int kMaxImportedTitle = 1'000;     ///< what is longer ends there
inline constexpr int kMaxImportedSummary = 10'000;  ///< of a call; the same

[[nodiscard]] QJsonObject toJson(const ConversationContent& content);
/// Whole and within the bounds, as history (settle), its messages numbered from 1 as their ids;
/// Corrupt where it is not, with the reason alone, to end a sentence with: "it holds no message".
[[nodiscard]] Result<ConversationContent> conversationFromJson(const QByteArray& json);

}  // namespace lares::app
