// The part of an assistant's turn that asks the user, and takes the answer.
#include "app/chat/answer_turn.h"
#include "app/chat/call_changes.h"
#include "app/chat/call_notes.h"
#include "app/chat/conversation_model.h"
#include "app/chat/message_saver.h"
#include "app/chat/note_text.h"
#include "app/chat/permission_question.h"
#include "app/chat/read_before.h"
#include "tools/policy/change_plan.h"

namespace lares::app {

const PermissionQuestion* AnswerTurn::question() const {
    return m_question ? &*m_question : nullptr;
}

void AnswerTurn::ask(const ToolTurn::AskUser& asked) {
    const std::vector<std::size_t> open = openCalls();
    if (open.empty() || asked.positions.back() >= open.size())
        return finish(ChatMessage::State::Failed, tr("A question without a call."));
    m_question = questionOf(plan_of(asked.requests));
    m_question->message = m_message.id;
    m_question->part = static_cast<int>(open.front());
    for (std::size_t i = 0; i < asked.requests.size(); ++i) {
        Part& call = m_message.parts[open[asked.positions[i]]];
        call.callState = Part::CallState::Waiting;
        call.summary =
            QString::fromStdString(asked.requests[i].verb + " " + asked.requests[i].object);
        noteRequest(call, asked.requests[i]);
    }
    if (m_question->note) fillNote(m_message.parts[open.front()]);
    show();
    m_tools.saver->put(m_message, m_conversation, MessageSaver::When::Now);
    emit questionChanged();
}

/// Beside what the broker asks: who would read it, where it may come from, and what the user had
/// made of it when the program ended.
void AnswerTurn::fillNote(Part& call) {
    ProposedNote& note = *m_question->note;
    note.personaId = m_message.personaId;
    note.personaName = m_settings.personaName;
    note.origin =
        readBefore(*m_conversation, m_message, static_cast<std::size_t>(m_question->part));
    if (const QJsonObject edited = call.data[kEditedNoteKey].toObject(); !edited.isEmpty()) {
        note.text = edited["text"].toString();
        note.isForAll = edited["forAll"].toBool();
    }
}

void AnswerTurn::editNote(const QString& text, bool isForAll) {
    if (!m_question || !m_question->note) return;
    m_question->note->text = text;
    m_question->note->isForAll = isForAll;
    Part& call = m_message.parts[static_cast<std::size_t>(m_question->part)];
    call.data[kEditedNoteKey] = QJsonObject{{"text", text}, {"forAll", isForAll}};
    show();
}

void AnswerTurn::answerQuestion(PermissionAnswer answer, const QString& reason) {
    if (!m_question) return;
    std::optional<NoteAnswer> note;
    if (m_question->note) {
        const ProposedNote& kept = *m_question->note;
        note = NoteAnswer{tidiedNote(kept.text).toStdString(),
                          kept.isForAll ? std::string() : kept.personaId.toStdString()};
        // It is a note now, or nothing.
        m_message.parts[static_cast<std::size_t>(m_question->part)].data.remove(kEditedNoteKey);
    }
    m_question.reset();
    emit questionChanged();
    runTools(answer, reason, note);
}

}  // namespace lares::app
