// What the assistant remembers: which notes a conversation reads.
#include "app/chat/call_changes.h"
#include "app/chat/chat_controller_impl.h"
#include "app/store/note_tables.h"

#include <QJsonArray>

namespace lares::app {
namespace {

constexpr const char* kUseNotes = "useNotes";
constexpr const char* kNotesOff = "personasWithoutNotes";
constexpr const char* kProposeNotes = "proposeNotes";

}  // namespace

void ChatController::Impl::connectNotes() {
    connect(&notes, &NoteBook::problem, &controller,
            [this](const QString& sentence) { emit controller.problem(sentence, sentence); });
    connect(&notes, &NoteBook::changed, &controller, [this] {
        noteDesk.look();
        emit controller.notesChanged();
        readAhead();  // a new conversation begins with others now
    });
    connect(&notes, &NoteBook::forgotten, &controller,
            [this](const ForgottenNote& gone) { forgetNote(gone); });
}

/// What was read holds the note's tokens: of conversations, and what those of a persona share.
void ChatController::Impl::forgetNote(const ForgottenNote& gone) {
    std::vector<std::string> owners = {std::string()};
    for (const ConversationId id : notes.begunWith(gone)) owners.push_back(std::to_string(id));
    for (const std::string& owner : owners) tokens->forget(owner);
    lastAhead.clear();
    // An answer that is being written goes on with what it has read.
    if (!turns.empty())
        forgetAfterAnswer.insert(forgetAfterAnswer.end(), owners.begin(), owners.end());
}

void ChatController::Impl::forgetNotesRead() {
    if (forgetAfterAnswer.empty() || !turns.empty()) return;
    for (const std::string& owner : forgetAfterAnswer) tokens->forget(owner);
    forgetAfterAnswer.clear();
    lastAhead.clear();
}

std::vector<NoteTextId> ChatController::Impl::presentNotes(const QString& personaId) const {
    if (!controller.usesNotes() || !controller.usesNotes(personaId)) return {};
    return notes.presentTexts(personaId);
}

/// A conversation keeps what it began with, so that nothing is read again when a note is added. A
/// temporary one reads none: it knows nothing, and nothing is known of it.
std::vector<NoteText> ChatController::Impl::notesOf(const ConversationModel& model) const {
    const ConversationInfo& info = model.info();
    const bool isNew = model.rowCount() == 0 && !info.isTemporary;
    return notes.textsOf(isNew ? presentNotes(personas.personaOf(info.personaId).id)
                               : notes.begunTexts(info.id));
}

AnswerTurn::Settings ChatController::Impl::turnSettings(const QString& personaId,
                                                        const ConversationModel& model) const {
    AnswerTurn::Settings turn = turnSettings(personaId, model.info().parameters);
    turn.system = withNotes(turn.system, notesPart(notesOf(model), contextLength));
    return turn;
}

/// With the present notes, for a reason that has it read anew anyway, or at its first question.
void ChatController::Impl::beginNotes(const ConversationInfo& info) {
    if (info.isTemporary) return;
    notes.begin(info.id, presentNotes(personas.personaOf(info.personaId).id));
}

NoteBook* ChatController::notes() const {
    return &m_impl->notes;
}

bool ChatController::usesNotes() const {
    return m_impl->settings[kUseNotes].toBool(true);
}

void ChatController::setUsesNotes(bool isOn) {
    setSetting(kUseNotes, isOn);
    m_impl->offerNotes();
    emit notesChanged();
    m_impl->readAhead();
}

bool ChatController::mayProposeNotes() const {
    return m_impl->settings[kProposeNotes].toBool(false);
}

void ChatController::setMayProposeNotes(bool isOn) {
    if (mayProposeNotes() == isOn) return;
    setSetting(kProposeNotes, isOn);
    m_impl->offerNotes();
    emit notesChanged();
}

void ChatController::editProposedNote(const QString& text, bool isForAll) {
    if (AnswerTurn* turn = m_impl->turnOf(m_impl->shown->info().id)) turn->editNote(text, isForAll);
}

/// The program ended while a note was being kept, before the message could say so: the note knows
/// where it comes from, and can still be forgotten there.
void ChatController::Impl::findKeptNotes(ChatMessage& interrupted) const {
    const auto isKnown = [&](NoteId id) {
        return std::any_of(interrupted.parts.begin(), interrupted.parts.end(),
                           [&](const Part& part) { return keptNote(part) == id; });
    };
    for (Part& part : interrupted.parts) {
        if (!isNoteTool(part.toolName) || part.callState != Part::CallState::Running) continue;
        for (const Note& note : notes.notes()) {
            if (note.message != interrupted.id || isKnown(note.id)) continue;
            setKeptNote(part, note.id);
            part.callState = Part::CallState::Done;
            part.summary = tr("Remembered: %1").arg(note.text.simplified());
        }
    }
}

/// Nobody would read what is kept while no notes are used.
void ChatController::Impl::offerNotes() {
    const bool offers = controller.mayProposeNotes() && controller.usesNotes();
    if (offers == broker.offers_notes()) return;
    broker.offer_notes(offers);
    lastAhead.clear();  // the prompt has another tool now
    readAhead();
}

bool ChatController::usesNotes(const QString& personaId) const {
    return !m_impl->settings[kNotesOff].toArray().contains(personaId);
}

void ChatController::setUsesNotes(const QString& personaId, bool isOn) {
    if (usesNotes(personaId) == isOn) return;
    QJsonArray off;
    for (const QJsonValue& id : m_impl->settings[kNotesOff].toArray()) {
        if (id.toString() != personaId) off.append(id);
    }
    if (!isOn) off.append(personaId);
    setSetting(kNotesOff, off);
    emit notesChanged();
    m_impl->readAhead();
}

std::optional<NoteDraft> ChatController::noteDraft() const {
    return noteDraftFrom(m_impl->settings[kNoteDraftKey].toObject());
}

void ChatController::saveNoteDraft(const std::optional<NoteDraft>& draft) {
    const QJsonObject json = draft ? toJson(*draft) : QJsonObject();
    if (m_impl->settings[kNoteDraftKey].toObject() == json) return;
    m_impl->settings[kNoteDraftKey] = json;
    if (m_impl->store) m_impl->store->saveNoteDraft(json);
}

NotesPart ChatController::presentNotes(const QString& personaId) const {
    return notesPart(m_impl->notes.textsOf(m_impl->presentNotes(personaId)), m_impl->contextLength);
}

bool ChatController::isWithoutForgottenNote() const {
    return m_impl->shown->rowCount() > 0 && m_impl->notes.hasForgotten(m_impl->shown->info().id);
}

bool ChatController::canUsePresentNotes() const {
    const ConversationModel& model = *m_impl->shown;
    return model.rowCount() > 0 && m_impl->isShownStored && !isAnswering() &&
           !model.info().isTemporary &&
           m_impl->notes.begunTexts(model.info().id) != m_impl->presentNotes(persona().id);
}

void ChatController::usePresentNotes() {
    if (!canUsePresentNotes()) return;
    m_impl->beginNotes(m_impl->shown->info());
    emit notesChanged();
    m_impl->readAhead();
}

}  // namespace lares::app
