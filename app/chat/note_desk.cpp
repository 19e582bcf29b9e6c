#include "app/chat/note_desk.h"

#include "app/chat/call_changes.h"
#include "app/chat/note_book.h"
#include "app/chat/note_text.h"
#include "app/store/conversation_store.h"

#include <QMetaObject>

#include <algorithm>

namespace lares::app {
namespace {

/// Words for the model, so in the language that it reads best, whatever the window speaks.
Error cannotKeep(std::string why) {
    return {ErrorCode::InvalidArgument, std::move(why)};
}

}  // namespace

NoteDesk::NoteDesk(ConversationStore* store, NoteBook* book) : m_store(store), m_book(book) {}

void NoteDesk::look() {
    const std::lock_guard lock(m_mutex);
    m_notes = m_book->notes();
}

Result<std::string> NoteDesk::check(const std::string& text, const std::string& persona) const {
    const QString shown = shownNote(QString::fromStdString(text));
    if (shown.isEmpty()) return cannotKeep("empty note");
    if (shown.size() > kMaxNote)
        return cannotKeep("note too long (" + std::to_string(kMaxNote) + " characters at most)");
    const QString reader = QString::fromStdString(persona);
    const std::lock_guard lock(m_mutex);
    const bool isThere = std::any_of(m_notes.begin(), m_notes.end(), [&](const Note& note) {
        return (note.personaId.isEmpty() || note.personaId == reader) &&
               isSameNote(note.text, shown);
    });
    if (isThere) return cannotKeep("a note says this already");
    if (m_notes.size() >= kMaxNotes) {
        return cannotKeep("there are " + std::to_string(kMaxNotes) +
                          " notes, and no room for more until the user forgets one");
    }
    return shown.toStdString();
}

Result<std::int64_t> NoteDesk::keep(const NoteToKeep& wanted) {
    ASSIGN_OR_RETURN(const std::string text, check(wanted.text, wanted.persona));
    if (!m_store) return Error{ErrorCode::Unsupported, "nothing can be kept in this session"};
    Note note;
    note.text = QString::fromStdString(text);
    note.personaId = QString::fromStdString(wanted.persona);
    note.conversation = QString::fromStdString(wanted.conversation).toLongLong();
    note.message = messageOfTurn(wanted.turn);
    note.createdAt = QDateTime::currentDateTimeUtc();
    const Result<Note> saved = m_store->save(note).result();  // the store's thread does it
    if (!saved) return saved.error();
    {
        const std::lock_guard lock(m_mutex);
        m_notes.push_back(*saved);
    }
    // Before whoever asked for it goes on there.
    QMetaObject::invokeMethod(
        m_book, [book = m_book, kept = *saved] { book->add(kept); }, Qt::QueuedConnection);
    return saved->id;
}

}  // namespace lares::app
