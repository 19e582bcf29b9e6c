#pragma once

#include "app/chat/note.h"
#include "app/store/database.h"

namespace lares::app {

/// Notes as rows. On the store's thread. What is taken away here is overwritten, and is in the
/// database's log no more when the call has succeeded.

/// Lets go of earlier wordings that no conversation began with, and reads the rest.
[[nodiscard]] Result<StoredNotes> loadNotes(Database& database);
/// Inserts where the id is 0, else replaces; answers the note with its ids. Another text is another
/// wording. InvalidArgument beyond the bounds (chat/note_text.h); NotFound: it was forgotten.
[[nodiscard]] Result<Note> saveNote(Database& database, const Note& note);
/// The note with every wording, wherever a conversation began with it. No error where there is
/// none.
[[nodiscard]] Result<void> forgetNote(Database& database, NoteId id);
/// As it was, with its ids.
[[nodiscard]] Result<void> restoreNote(Database& database, const ForgottenNote& note);
/// The note that is being written, in the settings under this key; an empty object: none any more.
inline constexpr const char* kNoteDraftKey = "noteDraft";
[[nodiscard]] Result<void> saveNoteDraft(Database& database, const QJsonObject& draft);
/// In place of what was there; no effect on a conversation that was never saved.
[[nodiscard]] Result<void> saveBegunNotes(Database& database, const BegunNotes& begun);

}  // namespace lares::app
