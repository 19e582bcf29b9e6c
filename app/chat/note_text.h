#pragma once

#include "app/chat/note.h"

#include <QString>

#include <vector>

namespace lares::app {

inline constexpr int kMaxNote = 500;          ///< characters of one, as QString counts them
inline constexpr int kMaxNotes = 100;         ///< in all
inline constexpr int kMaxNoteTokens = 1'500;  ///< of a prompt, guessed (aboutTokens)

/// As it is kept: without blanks around it and without hidden characters (personas/persona_text.h).
[[nodiscard]] QString tidiedNote(const QString& text);
/// The same of a text that the user did not write: what hides in it is written out, so that it can
/// be seen (transcript/visible_text.h).
[[nodiscard]] QString shownNote(const QString& text);
/// Whether they say the same, but for blanks and capitals.
[[nodiscard]] bool isSameNote(const QString& one, const QString& other);
/// Why this text (tidied) cannot be kept beside `nOthers` notes: a sentence with the next step;
/// empty: it can.
[[nodiscard]] QString faultOfNote(const QString& text, int nOthers);

/// The part of the instructions that holds notes.
struct NotesPart {
    QString text;                       ///< a heading and a list; empty: there are none
    int nTokens = 0;                    ///< about
    std::vector<NoteTextId> left = {};  ///< out, for lack of room, the oldest
};
/// `contextLength`: tokens that the model can read; 0: not known. Notes take an eighth of it and
/// kMaxNoteTokens at most: the newest stay.
[[nodiscard]] NotesPart notesPart(const std::vector<NoteText>& notes, int contextLength);
/// The persona's text with the notes behind it; byte for byte the text where there are none.
[[nodiscard]] QString withNotes(const QString& system, const NotesPart& part);

}  // namespace lares::app
