#pragma once

#include "app/chat/chat_message.h"

#include <QDateTime>
#include <QMetaType>
#include <QString>

#include <vector>

namespace lares::app {

using NoteId = qint64;      ///< 0: none yet
using NoteTextId = qint64;  ///< one wording of a note; never given out twice

/// Something that the user wants remembered: the model reads it at the beginning of new
/// conversations. Plain values.
struct Note {
    NoteId id = 0;
    NoteTextId textId = 0;
    QString text;                     ///< bounded: chat/note_text.h
    QString personaId;                ///< who reads it; empty: every persona
    ConversationId conversation = 0;  ///< where it comes from; 0: the user wrote it by itself
    MessageId message = 0;
    QDateTime createdAt;
    bool isOn = true;

    bool operator==(const Note&) const = default;
};

/// One wording. The newest one of a note is what it says; an earlier one stays as long as a
/// conversation began with it.
struct NoteText {
    NoteTextId id = 0;
    NoteId note = 0;
    QString text;

    bool operator==(const NoteText&) const = default;
};

/// What a conversation began with, in the order in which it is read. A wording that is nowhere any
/// more was forgotten.
struct BegunNotes {
    ConversationId conversation = 0;
    std::vector<NoteTextId> texts;

    bool operator==(const BegunNotes&) const = default;
};

/// All that the store has of notes, in order of the ids.
struct StoredNotes {
    std::vector<Note> notes;
    std::vector<NoteText> texts;
    std::vector<BegunNotes> begun;
};

/// What is needed to bring a note back that is on no disk any more.
struct ForgottenNote {
    Note note;
    std::vector<NoteText> texts;
};

}  // namespace lares::app

Q_DECLARE_METATYPE(lares::app::ForgottenNote)
