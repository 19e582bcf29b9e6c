#pragma once

#include "app/chat/note.h"
#include "engine/base/result.h"

#include <QFuture>
#include <QHash>
#include <QObject>

#include <optional>
#include <vector>

namespace lares::app {

class ConversationStore;

/// What the user wants remembered, and what of it each conversation began with. What it shows is on
/// disk: a change is taken up when the store said so, and what could not be written changed
/// nothing. UI thread only; nothing waits.
class NoteBook : public QObject {
    Q_OBJECT

public:
    /// With the note as it was kept (or forgotten), or why it was not: a sentence.
    using Reply = QFuture<Result<Note>>;

    /// `store` may be null: then there are no notes, and none can be made.
    explicit NoteBook(ConversationStore* store, QObject* parent = nullptr);

    void load();  ///< `changed` follows where there is something on disk

    [[nodiscard]] const std::vector<Note>& notes() const { return m_notes; }  ///< by their ids
    [[nodiscard]] const Note* find(NoteId id) const;
    /// Makes a new one where the id is 0, of now where it has no time yet. The text is tidied and
    /// bounded (note_text.h).
    Reply save(Note note);
    /// One that was kept beside this book (note_desk.h): it is on disk already.
    void add(const Note& note);
    /// Off the disk, wherever a conversation began with it. `forgotten` follows: offer Undo.
    Reply forget(NoteId id);
    Reply restore(const ForgottenNote& note);  ///< Undo

    /// What a conversation with this persona would begin with now.
    [[nodiscard]] std::vector<NoteTextId> presentTexts(const QString& personaId) const;
    /// Those that are there still, in the same order.
    [[nodiscard]] std::vector<NoteText> textsOf(const std::vector<NoteTextId>& ids) const;

    /// What a conversation began with; none where nothing was noted of it.
    [[nodiscard]] std::vector<NoteTextId> begunTexts(ConversationId id) const;
    void begin(ConversationId id, std::vector<NoteTextId> texts);
    /// Something of it was forgotten since.
    [[nodiscard]] bool hasForgotten(ConversationId id) const;
    [[nodiscard]] std::vector<ConversationId> begunWith(const ForgottenNote& note) const;

signals:
    void changed();
    void forgotten(const lares::app::ForgottenNote& note);  ///< `changed` follows
    void problem(const QString& sentence);                  ///< notes could not be read

private:
    Reply refuse(const QString& sentence) const;
    void take(const Note& note);

    ConversationStore* m_store;
    std::vector<Note> m_notes;
    QHash<NoteTextId, NoteText> m_texts;
    QHash<ConversationId, std::vector<NoteTextId>> m_begun;
};

}  // namespace lares::app
