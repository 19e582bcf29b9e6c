#pragma once

#include "app/chat/chat_message.h"
#include "app/chat/note.h"

#include <string>
#include <vector>

namespace lares::app {

/// The changes to files that a tool call made, by their ids in the undo journal, and the note that
/// it had kept: in `Part::data` of the ToolCall, so that they can be undone after a restart too.

/// The turn under which the journal knows what an answer changed.
[[nodiscard]] std::string journalTurnOf(const ChatMessage& answer);
/// The answer whose turn that is; 0: none's.
[[nodiscard]] MessageId messageOfTurn(const std::string& turn);
/// Gives the changes to the answer's calls, where it was interrupted before it knew them. True when
/// there was one that it did not know.
bool addForgottenChanges(ChatMessage& answer, const std::vector<qint64>& changes);

/// Of a call that waits with a note (Part::data): what the user has made of it, `text` and
/// `forAll`.
inline constexpr QLatin1String kEditedNoteKey("editedNote");

/// Whether a tool changes files.
[[nodiscard]] bool isChangeTool(const QString& name);
/// Whether a tool keeps notes.
[[nodiscard]] bool isNoteTool(const QString& name);
/// Whether a tool reads earlier conversations.
[[nodiscard]] bool isPastTool(const QString& name);

/// The note that a call had kept; 0: none.
[[nodiscard]] NoteId keptNote(const Part& call);
void setKeptNote(Part& call, NoteId note);

void addChange(Part& call, qint64 change);
/// Those that are not undone.
[[nodiscard]] std::vector<qint64> undoableChanges(const Part& call);
[[nodiscard]] std::vector<qint64> undoableChanges(const ChatMessage& message);
/// Marks those of these that the message made; true when it made any of them.
bool markUndone(ChatMessage& message, const std::vector<qint64>& changes);
/// Whether the call changed something, and all of it is undone.
[[nodiscard]] bool isUndone(const Part& call);

/// What the call changed, or had kept, is another message's to undo.
void forgetChanges(Part& call);

}  // namespace lares::app
