// The part of the window about what the assistant remembers.
#include "app/chat/conversation_model.h"
#include "app/chat/note_book.h"
#include "app/transcript/transcript_view.h"
#include "app/ui/chat_page.h"
#include "app/ui/composer.h"
#include "app/ui/main_window.h"
#include "app/ui/notes_page.h"
#include "app/ui/settings_page.h"
#include "app/ui/toast.h"

#include <QStackedWidget>
#include <QTimer>

namespace lares::app {

void MainWindow::connectNotes() {
    connect(m_settings, &SettingsPage::notesRequested, this, &MainWindow::showNotes);
    connect(m_notes, &NotesPage::closeRequested, this, &MainWindow::showChat);
    connect(m_notes, &NotesPage::noted, this,
            [this](const QString& note) { m_toast->showNote(note); });
    connect(m_notes, &NotesPage::draftFound, this, [this] {
        m_toast->showNote(tr("The note that you were writing is still there."), tr("Show"),
                          [this] { showNotes(); });
    });
    connect(m_notes, &NotesPage::undoOffered, this,
            [this](const QString& note, const std::function<void()>& undo) {
                m_toast->showNote(note, tr("Undo"), [this, undo] {
                    showNotes();
                    undo();
                });
            });
    connect(m_notes, &NotesPage::messageRequested, this, [this](ConversationId id, MessageId at) {
        m_controller->openMessage(id, at);
        showChat();
    });
    connect(m_chat->transcript(), &TranscriptView::rememberRequested, this, &MainWindow::remember);
    // The line about a forgotten note comes and goes; the toast stands above it.
    connect(m_controller, &ChatController::notesChanged, this,
            [this] { QTimer::singleShot(0, this, &MainWindow::placeToast); });
    connect(m_controller->notes(), &NoteBook::forgotten, this, [this](const ForgottenNote& gone) {
        m_toast->showNote(tr("Forgot the note"), tr("Undo"), [this, gone] {
            m_controller->notes()->restore(gone).then(this, [this](const Result<Note>& back) {
                if (!back) showProblem(QString::fromStdString(back.error().message));
            });
        });
    });
}

void MainWindow::showNotes() {
    m_chat->leave();
    m_pages->setCurrentWidget(m_notes);
    m_notes->focusFirst();
    placeToast();
}

/// Opens the editor with this text, ready to be trimmed.
void MainWindow::remember(MessageId message, const QString& text) {
    Note note;
    note.text = text;
    auto draft = NotesPage::Draft::InMemory;
    // Of a temporary conversation nothing is kept but what the user writes down.
    if (const ConversationInfo& info = m_controller->conversation()->info(); !info.isTemporary) {
        draft = NotesPage::Draft::Kept;
        note.conversation = info.id;
        note.message = message;
    }
    showNotes();
    m_notes->editNew(note, NotesPage::Back::ToConversation, draft);
}

/// What is selected, else the message with the focus, else the last one.
void MainWindow::rememberShown() {
    TranscriptView* transcript = m_chat->transcript();
    const int focused = transcript->focusedTarget().row;
    const int last = m_controller->conversation()->rowCount() - 1;
    const int row = transcript->hasSelection() ? -1 : focused >= 0 ? focused : last;
    const auto [message, text] = transcript->toRemember(row);
    if (message == 0) return m_toast->showNote(tr("There is nothing here yet to remember."));
    remember(message, text);
}

void MainWindow::usePresentNotes() {
    if (!m_controller->canUsePresentNotes()) {
        return m_toast->showNote(
            m_controller->isAnswering()
                ? tr("An answer is being written; try again when it has ended.")
                : tr("This conversation reads the present notes already."));
    }
    m_controller->usePresentNotes();
    m_toast->showNote(
        tr("This conversation reads the present notes from here on; the model reads "
           "it anew for that."));
}

}  // namespace lares::app
