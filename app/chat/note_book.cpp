#include "app/chat/note_book.h"

#include "app/chat/note_text.h"
#include "app/store/conversation_store.h"

#include <algorithm>

namespace lares::app {

NoteBook::NoteBook(ConversationStore* store, QObject* parent) : QObject(parent), m_store(store) {}

void NoteBook::load() {
    if (!m_store) return;
    m_store->notes().then(this, [this](const Result<StoredNotes>& stored) {
        if (!stored) {
            emit problem(tr("Your notes could not be read, so the model does not get them: %1")
                             .arg(QString::fromStdString(stored.error().message)));
            return;
        }
        m_notes = stored->notes;
        for (const NoteText& text : stored->texts) m_texts.insert(text.id, text);
        for (const BegunNotes& begun : stored->begun)
            m_begun.insert(begun.conversation, begun.texts);
        if (!m_notes.empty() || !m_begun.isEmpty()) emit changed();
    });
}

const Note* NoteBook::find(NoteId id) const {
    const auto found = std::find_if(m_notes.begin(), m_notes.end(),
                                    [&](const Note& note) { return note.id == id; });
    return found == m_notes.end() ? nullptr : &*found;
}

NoteBook::Reply NoteBook::refuse(const QString& sentence) const {
    return QtFuture::makeReadyFuture(
        Result<Note>(Error{ErrorCode::InvalidArgument, sentence.toStdString()}));
}

void NoteBook::take(const Note& note) {
    const auto at = std::lower_bound(m_notes.begin(), m_notes.end(), note.id,
                                     [](const Note& one, NoteId id) { return one.id < id; });
    if (at != m_notes.end() && at->id == note.id) {
        *at = note;
    } else {
        m_notes.insert(at, note);
    }
    m_texts.insert(note.textId, {note.textId, note.id, note.text});
}

NoteBook::Reply NoteBook::save(Note note) {
    note.text = tidiedNote(note.text);
    const int nOthers = note.id == 0 ? static_cast<int>(m_notes.size()) : 0;
    if (const QString fault = faultOfNote(note.text, nOthers); !fault.isEmpty())
        return refuse(fault);
    if (!m_store) {
        return refuse(
            tr("Nothing can be kept in this session, so the note was not saved. Make the "
               "folder for your data writable and start Lares again."));
    }
    if (!note.createdAt.isValid()) note.createdAt = QDateTime::currentDateTimeUtc();
    return m_store->save(note).then(this, [this](const Result<Note>& saved) {
        if (!saved) return saved;
        take(*saved);
        emit changed();
        return saved;
    });
}

void NoteBook::add(const Note& note) {
    take(note);
    emit changed();
}

NoteBook::Reply NoteBook::forget(NoteId id) {
    if (!m_store || !find(id)) return refuse(tr("This note is not there any more."));
    return m_store->forgetNote(id).then(this, [this, id](const Result<void>& done) -> Result<Note> {
        if (!done) return done.error();
        const Note* found = find(id);
        if (!found) return Error{ErrorCode::NotFound, "asked for twice"};
        ForgottenNote gone{*found, {}};
        for (const NoteText& text : m_texts) {
            if (text.note == id) gone.texts.push_back(text);
        }
        for (const NoteText& text : gone.texts) m_texts.remove(text.id);
        m_notes.erase(m_notes.begin() + (found - m_notes.data()));
        emit forgotten(gone);
        emit changed();
        return gone.note;
    });
}

NoteBook::Reply NoteBook::restore(const ForgottenNote& note) {
    if (!m_store) return refuse(tr("Nothing can be kept in this session."));
    return m_store->restoreNote(note).then(this,
                                           [this, note](const Result<void>& done) -> Result<Note> {
                                               if (!done) return done.error();
                                               for (const NoteText& text : note.texts)
                                                   m_texts.insert(text.id, text);
                                               take(note.note);
                                               emit changed();
                                               return note.note;
                                           });
}

std::vector<NoteTextId> NoteBook::presentTexts(const QString& personaId) const {
    std::vector<NoteTextId> texts;
    for (const Note& note : m_notes) {
        if (note.isOn && (note.personaId.isEmpty() || note.personaId == personaId))
            texts.push_back(note.textId);
    }
    return texts;
}

std::vector<NoteText> NoteBook::textsOf(const std::vector<NoteTextId>& ids) const {
    std::vector<NoteText> texts;
    for (const NoteTextId id : ids) {
        if (const auto text = m_texts.constFind(id); text != m_texts.constEnd())
            texts.push_back(*text);
    }
    return texts;
}

std::vector<NoteTextId> NoteBook::begunTexts(ConversationId id) const {
    return m_begun.value(id);
}

void NoteBook::begin(ConversationId id, std::vector<NoteTextId> texts) {
    if (m_begun.value(id) == texts) return;
    m_begun.insert(id, texts);
    if (m_store) m_store->saveBegunNotes({id, std::move(texts)});
}

bool NoteBook::hasForgotten(ConversationId id) const {
    const std::vector<NoteTextId> begun = begunTexts(id);
    return std::any_of(begun.begin(), begun.end(),
                       [this](NoteTextId text) { return !m_texts.contains(text); });
}

std::vector<ConversationId> NoteBook::begunWith(const ForgottenNote& note) const {
    std::vector<ConversationId> ids;
    for (auto begun = m_begun.begin(); begun != m_begun.end(); ++begun) {
        const bool isRead =
            std::any_of(note.texts.begin(), note.texts.end(), [&](const auto& text) {
                return std::find(begun->begin(), begun->end(), text.id) != begun->end();
            });
        if (isRead) ids.push_back(begun.key());
    }
    return ids;
}

}  // namespace lares::app
