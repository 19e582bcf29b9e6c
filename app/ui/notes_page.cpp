#include "app/ui/notes_page.h"

#include "app/chat/conversation_list_model.h"
#include "app/chat/note_book.h"
#include "app/chat/note_text.h"
#include "app/chat/text_match.h"
#include "app/ui/button.h"
#include "app/ui/flow_layout.h"
#include "app/ui/note_editor.h"
#include "app/ui/note_row.h"
#include "app/ui/search_field.h"

#include <QKeyEvent>
#include <QLocale>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace lares::app {

NotesPage::NotesPage(const Appearance* appearance, ChatController* controller, QWidget* parent)
    : EditorPage(appearance, tr("Memory"), parent)
    , m_controller(controller)
    , m_editor(new NoteEditor(appearance, column())) {
    setEditor(m_editor);
    buildList();
    connect(controller, &ChatController::notesChanged, this, &NotesPage::showRows);
    connect(controller, &ChatController::notesChanged, this, &NotesPage::showUse);
    connect(controller, &ChatController::settingChanged, this, &NotesPage::showUse);
    connect(controller, &ChatController::personasChanged, this, &NotesPage::showUse);
    connect(controller, &ChatController::personasChanged, this, &NotesPage::showRows);
    connect(controller, &ChatController::modelStateChanged, this, &NotesPage::showRows);
    connect(m_editor, &NoteEditor::saveRequested, this, &NotesPage::save);
    connect(m_editor, &NoteEditor::left, this, &NotesPage::leaveEditor);
    connect(m_editor, &NoteEditor::draftChanged, this, &NotesPage::keepDraft);
    connect(controller, &ChatController::ready, this, &NotesPage::takeUpDraft);
    showUse();
    showRows();
}

void NotesPage::buildList() {
    addToList(
        TextLabel::Kind::Secondary,
        tr("Short notes that the model reads at the beginning of each new conversation, after the "
           "persona's instructions. None is kept without you. A conversation keeps the notes that "
           "it began with; one that you forget is taken out of all of them, and off the disk. What "
           "was said in conversations stays there. Temporary conversations read no notes."));
    m_use = new Button(appearance(), Button::Kind::Choice, tr("Use notes"), list());
    m_leave = new Button(appearance(), Button::Kind::Choice, tr("Do not use them"), list());
    for (const auto& [button, isUsed] : {std::pair{m_use, true}, std::pair{m_leave, false}}) {
        button->setCheckable(true);
        connect(button, &Button::clicked, this, [this, use = isUsed] {
            m_controller->setUsesNotes(use);
            showUse();  // a click also unchecks what was chosen already
        });
    }
    listLayout()->addWidget(makeFlowRow(list(), 2, {m_use, m_leave}));
    addProposals();
    m_personasText = addToList(TextLabel::Kind::Secondary, tr("Personas that read them:"));
    m_personas = makeFlowRow(list(), 2);
    listLayout()->addWidget(m_personas);
    m_room = addToList(TextLabel::Kind::Secondary, {});
    addPast();
    m_failure = addToList(TextLabel::Kind::Note, {});
    m_failure->hide();
    listLayout()->addSpacing(4);
    m_new = new Button(appearance(), Button::Kind::Primary, tr("New note"), list());
    connect(m_new, &Button::clicked, this, [this] { editNew(); });
    listLayout()->addWidget(makeFlowRow(list(), 4, {m_new}));
    m_search = new SearchField(appearance(), list());
    m_search->setPlaceholderText(tr("Search notes"));
    m_search->setAccessibleName(tr("Search notes"));
    connect(m_search, &QLineEdit::textChanged, this, &NotesPage::showRows);
    listLayout()->addWidget(m_search);
    m_empty = addToList(TextLabel::Kind::Secondary, {});
    m_back = addRowsAndBack();
    connect(m_back, &Button::clicked, this, &NotesPage::closeRequested);
}

void NotesPage::addProposals() {
    addToList(TextLabel::Kind::Secondary,
              tr("The assistant may propose notes of its own: it asks about each, and you can "
                 "change it before. A change here has conversations read anew."));
    m_propose = new Button(appearance(), Button::Kind::Choice,
                           tr("The assistant may propose notes"), list());
    m_keepQuiet = new Button(appearance(), Button::Kind::Choice, tr("Only I make notes"), list());
    for (const auto& [button, mayPropose] :
         {std::pair{m_propose, true}, std::pair{m_keepQuiet, false}}) {
        button->setCheckable(true);
        connect(button, &Button::clicked, this, [this, may = mayPropose] {
            m_controller->setMayProposeNotes(may);
            showUse();
        });
    }
    listLayout()->addWidget(makeFlowRow(list(), 2, {m_propose, m_keepQuiet}));
}

void NotesPage::addPast() {
    addToList(
        TextLabel::Kind::Secondary,
        tr("The assistant may search what was said before: in all conversations, by itself and "
           "without asking. It gets passages of what you and it said, which become part of "
           "the conversation that asked and stay there when the other one is deleted. Left "
           "out are temporary conversations, which cannot search either, the trash, attached "
           "files and what tools gave back. A change here has conversations read anew."));
    m_searchPast = new Button(appearance(), Button::Kind::Choice,
                              tr("It may search earlier conversations"), list());
    m_leavePast = new Button(appearance(), Button::Kind::Choice,
                             tr("Each conversation stands alone"), list());
    for (const auto& [button, maySearch] :
         {std::pair{m_searchPast, true}, std::pair{m_leavePast, false}}) {
        button->setCheckable(true);
        connect(button, &Button::clicked, this, [this, may = maySearch] {
            m_controller->setMaySearchPast(may);
            showUse();
        });
    }
    listLayout()->addWidget(makeFlowRow(list(), 2, {m_searchPast, m_leavePast}));
}

/// Buttons are made anew only where there are other personas: a click keeps its focus.
void NotesPage::showUse() {
    m_use->setChecked(m_controller->usesNotes());
    m_leave->setChecked(!m_controller->usesNotes());
    for (Button* button : {m_propose, m_keepQuiet}) {
        button->setChecked(m_controller->mayProposeNotes() == (button == m_propose));
        button->setEnabled(m_controller->usesNotes());
    }
    m_searchPast->setChecked(m_controller->maySearchPast());
    m_leavePast->setChecked(!m_controller->maySearchPast());
    const std::vector<Persona>& personas = m_controller->personas();
    QList<Button*> buttons = m_personas->findChildren<Button*>(Qt::FindDirectChildrenOnly);
    const bool isSame = std::equal(buttons.begin(), buttons.end(), personas.begin(), personas.end(),
                                   [](const Button* button, const Persona& persona) {
                                       return button->property("persona") == persona.id &&
                                              button->text() == persona.name;
                                   });
    if (!isSame) {
        qDeleteAll(buttons);
        buttons.clear();
        for (const Persona& persona : personas) {
            auto* button = new Button(appearance(), Button::Kind::Choice, persona.name, m_personas);
            button->setCheckable(true);
            button->setProperty("persona", persona.id);
            button->setAccessibleName(tr("%1 reads notes").arg(persona.name));
            connect(button, &Button::toggled, this,
                    [this, id = persona.id](bool isOn) { m_controller->setUsesNotes(id, isOn); });
            m_personas->layout()->addWidget(button);
            button->show();
            buttons << button;
        }
        chainTabs();
    }
    for (Button* button : buttons) {
        button->setChecked(m_controller->usesNotes(button->property("persona").toString()));
        button->setEnabled(m_controller->usesNotes());
    }
}

void NotesPage::showRows() {
    const int at = focusedRow();
    m_rows.clear();
    clearRows();
    const NotesPart part = m_controller->presentNotes(m_controller->persona().id);
    const std::vector<Note>& notes = m_controller->notes()->notes();
    const QString wanted = m_search->text().trimmed();
    const TextMatcher matcher(searchWords(wanted));
    for (auto note = notes.rbegin(); note != notes.rend(); ++note) {  // the newest first
        if (!matcher.areAllIn(note->text)) continue;
        const bool isLeftOut =
            std::find(part.left.begin(), part.left.end(), note->textId) != part.left.end();
        addRow(*note, isLeftOut);
    }
    m_search->setVisible(notes.size() > 1);
    m_empty->setText(notes.empty()
                         ? tr("There are no notes yet. Write one here, or choose “Remember this…” "
                              "on a message or on selected text.")
                         : tr("No note has these words."));
    m_empty->setVisible(m_rows.empty());
    m_room->setText(roomText());
    chainTabs();
    if (at < 0 || !isListShown()) return;
    const int last = static_cast<int>(m_rows.size()) - 1;
    focusRow(last < 0 ? 0 : m_rows[static_cast<std::size_t>(std::min(at, last))]->id());
}

QString NotesPage::roomText() const {
    const Persona& persona = m_controller->persona();
    const NotesPart part = m_controller->presentNotes(persona.id);
    const QLocale locale;
    if (part.text.isEmpty() && part.left.empty())
        return tr("A new conversation with %1 begins without notes.").arg(persona.name);
    QString text =
        tr("A new conversation with %1 begins with about %2 tokens of notes, of at most "
           "%3 or an eighth of what the model can read.")
            .arg(persona.name, locale.toString(part.nTokens), locale.toString(kMaxNoteTokens));
    if (!part.left.empty()) {
        text += ' ' + tr("There is no room for the %n oldest: shorten or forget some, or turn "
                         "some off.",
                         nullptr, static_cast<int>(part.left.size()));
    }
    return text;
}

QString NotesPage::personaName(const QString& id) const {
    for (const Persona& persona : m_controller->personas()) {
        if (persona.id == id) return persona.name;
    }
    return tr("a removed persona");
}

QString NotesPage::aboutText(const Note& note, bool isLeftOut) const {
    QStringList parts;
    if (!note.isOn) parts << tr("Off");
    if (isLeftOut) parts << tr("No room for it now");
    parts << (note.personaId.isEmpty() ? tr("Every persona") : personaName(note.personaId));
    parts << QLocale().toString(note.createdAt.toLocalTime().date(), QLocale::ShortFormat);
    if (note.message != 0) parts << tr("From a conversation");
    return parts.join(QStringLiteral(" · "));
}

void NotesPage::addRow(const Note& note, bool isLeftOut) {
    const bool canShow =
        note.message != 0 && m_controller->conversations()->rowOf(note.conversation) >= 0;
    auto* row = new NoteRow(appearance(), note, aboutText(note, isLeftOut), canShow, list());
    connect(row, &NoteRow::editRequested, this, &NotesPage::edit);
    connect(row, &NoteRow::toggled, this, &NotesPage::toggle);
    connect(row, &NoteRow::forgetRequested, this, &NotesPage::forget);
    connect(row, &NoteRow::showRequested, this, [this](NoteId id) {
        if (const Note* from = m_controller->notes()->find(id))
            emit messageRequested(from->conversation, from->message);
    });
    placeRow(row);
    m_rows.push_back(row);
}

/// Rows are made after the buttons around them, and Tab goes as they stand.
void NotesPage::chainTabs() {
    QWidget* before = m_leave;
    const auto next = [&before](QWidget* widget) {
        setTabOrder(before, widget);
        before = widget;
    };
    next(m_propose);
    next(m_keepQuiet);
    for (Button* button : m_personas->findChildren<Button*>(Qt::FindDirectChildrenOnly))
        next(button);
    next(m_searchPast);
    next(m_leavePast);
    next(m_new);
    next(m_search);
    for (const NoteRow* row : m_rows) {
        for (Button* button : row->buttons()) next(button);
    }
    next(m_back);
}

void NotesPage::focusRow(NoteId id) {
    for (NoteRow* row : m_rows) {
        if (row->id() != id) continue;
        return focusOn(row, row->buttons().front());
    }
    m_new->setFocus(Qt::OtherFocusReason);
}

void NotesPage::focusFirst() {
    if (m_editor->isOpen()) return m_editor->focusText();
    showRows();  // a conversation may be gone, or another persona shown
    Page::focusFirst();
}

void NotesPage::edit(NoteId id) {
    const Note* note = m_controller->notes()->find(id);
    if (!note) return;
    beginEditing(*note);
    m_editor->focusText();
}

void NotesPage::editNew(const Note& note, Back back, Draft draft) {
    if (m_editor->isOpen() && (m_editor->isChanged() || !m_editor->note().text.isEmpty())) {
        m_editor->focusText();
        return emit noted(tr("A note is being written here. Save or cancel it first."));
    }
    beginEditing(note);
    m_isFromMessage = back == Back::ToConversation;
    m_isInMemory = draft == Draft::InMemory;
    m_editor->focusText();
}

void NotesPage::beginEditing(const Note& note, const std::optional<Note>& draft) {
    const auto nNotes = static_cast<int>(m_controller->notes()->notes().size());
    m_isFromMessage = false;
    m_isInMemory = false;
    m_failure->hide();
    m_editor->begin(note, m_controller->personas(), note.id == 0 ? nNotes : 0, draft);
    showEditor();
}

/// What was being written when the program ended. Of a note that is gone it becomes a new one; what
/// was kept at the last moment is not asked for again.
void NotesPage::takeUpDraft() {
    std::optional<NoteDraft> draft = m_controller->noteDraft();
    if (!draft || m_editor->isOpen()) return;
    const std::vector<Note>& notes = m_controller->notes()->notes();
    const bool isKept = std::any_of(notes.begin(), notes.end(), [&](const Note& note) {
        return note.text == draft->note.text && note.personaId == draft->note.personaId;
    });
    if (isKept) return m_controller->saveNoteDraft({});
    const Note* begun = m_controller->notes()->find(draft->note.id);
    if (!begun) draft->note.id = 0;
    Note base = begun ? *begun : draft->note;
    if (!begun) base.text.clear();
    beginEditing(base, draft->note);
    m_isFromMessage = draft->isFromMessage;
    emit draftFound();
}

void NotesPage::keepDraft() {
    const Note note = m_editor->note();
    const bool isWritten =
        m_editor->isOpen() && (note.id == 0 ? !note.text.isEmpty() : m_editor->isChanged());
    if (isWritten && !m_isInMemory) {
        m_controller->saveNoteDraft(NoteDraft{note, m_isFromMessage});
    } else {
        m_controller->saveNoteDraft({});
    }
}

void NotesPage::flushDraft() {
    m_editor->flushDraft();
}

void NotesPage::endEditing() {
    m_editor->end();
    m_controller->saveNoteDraft({});
    showRows();
    showList();
}

void NotesPage::leaveEditor() {
    const Note begun = m_editor->begun();
    const Note written = m_editor->note();
    const bool isInMemory = m_isInMemory;
    const bool isChanged = m_editor->isChanged();
    const bool isFromMessage = std::exchange(m_isFromMessage, false);
    endEditing();
    if (isFromMessage) {
        emit closeRequested();
    } else {
        focusRow(written.id);
    }
    if (!isChanged) return;
    emit undoOffered(tr("Left the note without saving it"), [=, this] {
        if (m_editor->isOpen()) return;
        beginEditing(begun, written);
        m_isFromMessage = isFromMessage;
        m_isInMemory = isInMemory;
        keepDraft();
        m_editor->focusText();
    });
}

void NotesPage::save(const Note& note) {
    m_editor->setSaving(true);
    m_controller->notes()->save(note).then(this, [this](const Result<Note>& saved) {
        m_editor->setSaving(false);
        if (!saved) return m_editor->showNotSaved(QString::fromStdString(saved.error().message));
        const bool isFromMessage = std::exchange(m_isFromMessage, false);
        endEditing();
        if (isFromMessage) {
            emit closeRequested();
        } else {
            focusRow(saved->id);
        }
        emit noted(tr("Noted. New conversations begin with it."));
    });
}

void NotesPage::toggle(NoteId id, bool isOn) {
    const Note* found = m_controller->notes()->find(id);
    if (!found) return;
    Note note = *found;
    note.isOn = isOn;
    m_controller->notes()->save(note).then(this, [this](const Result<Note>& saved) {
        if (!saved) showFailure(saved.error());
    });
}

void NotesPage::forget(NoteId id) {
    m_failure->hide();
    m_controller->notes()->forget(id).then(this, [this](const Result<Note>& gone) {
        if (!gone && gone.error().code != ErrorCode::NotFound) showFailure(gone.error());
    });
}

void NotesPage::showFailure(const Error& error) {
    m_failure->setText(QString::fromStdString(error.message));
    m_failure->show();
}

void NotesPage::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Escape && m_editor->isOpen()) return leaveEditor();
    Page::keyPressEvent(event);
}

}  // namespace lares::app
