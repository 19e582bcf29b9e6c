#include "app/start/notes_screenshots.h"

#include "app/chat/chat_controller.h"
#include "app/chat/conversation_model.h"
#include "app/chat/note_book.h"
#include "app/start/wait_until.h"
#include "app/ui/main_window.h"
#include "app/ui/note_editor.h"
#include "app/ui/notes_page.h"
#include "app/ui/settings_page.h"
#include "app/ui/toast.h"
#include "app/ui/window_commands.h"

#include <QAbstractButton>
#include <QScrollArea>

namespace lares::app {
namespace {

void addNote(NoteBook& book, const char* text, bool isOn = true, const QString& persona = {}) {
    Note note;
    note.text = text;
    note.isOn = isOn;
    note.personaId = persona;
    const std::size_t before = book.notes().size();
    book.save(note);
    waitUntil([&] { return book.notes().size() > before; });
}

/// What the model asks before it may have something remembered, and the line that stays.
bool takeProposal(MainWindow& window,
                  ChatController& controller,
                  const std::function<bool(const char* state)>& save) {
    controller.setMayProposeNotes(true);
    controller.newConversation();
    controller.send("Plan pancakes for us. We are eight, and one eats no nuts.");
    waitUntil([&] { return controller.question() != nullptr; });
    if (!controller.question()->note) controller.answerQuestion(PermissionAnswer::Once);
    waitUntil([&] { return controller.question() && controller.question()->note; });
    bool isSaved = save("note-question");
    controller.answerQuestion(PermissionAnswer::Once);
    waitUntil([&] { return !controller.isAnswering(); });
    isSaved &= save("note-remembered");
    controller.setMayProposeNotes(false);
    window.toast()->hide();
    return isSaved;
}

/// What was looked up in earlier conversations, and where it stands.
bool takePast(MainWindow& window,
              ChatController& controller,
              const std::function<bool(const char* state)>& save) {
    controller.setMaySearchPast(true);
    window.showNotes();
    bool isSaved = save("notes-past");
    window.showSettings();
    for (auto* button : window.findChildren<QAbstractButton*>()) {
        if (!button->isVisible() ||
            button->accessibleName() !=
                SettingsPage::tr("Revoke searching of earlier conversations"))
            continue;
        for (auto* area : window.findChildren<QScrollArea*>()) {
            if (area->isAncestorOf(button)) area->ensureWidgetVisible(button, 0, 200);
        }
    }
    isSaved &= save("settings-past");
    window.showChat();
    controller.newConversation();
    controller.send("What did we say earlier about the invoices?");
    waitUntil([&] { return controller.conversation()->rowCount() == 2; });
    waitUntil([&] { return !controller.isAnswering(); });
    isSaved &= save("past-sources");
    controller.setMaySearchPast(false);
    return isSaved;
}

}  // namespace

bool takeNotesScreenshots(MainWindow& window,
                          ChatController& controller,
                          const std::function<bool(const char* state)>& save) {
    NoteBook& book = *controller.notes();
    window.showNotes();
    window.toast()->hide();
    bool isSaved = save("notes-empty");
    addNote(book, "I cook for four, and one of us eats no nuts.");
    addNote(book, "Answer in British English, with metric units.", true,
            controller.personas().back().id);
    addNote(book, "The meeting of the allotment club is on the first Tuesday of the month.", false);
    window.showNotes();
    isSaved &= save("notes");
    window.showChat();
    controller.newConversation();
    controller.send("Name three rivers");
    waitUntil([&] { return controller.conversation()->rowCount() == 2; });
    controller.stop();
    waitUntil([&] { return !controller.isAnswering(); });
    window.run(WindowCommand::RememberThis);
    isSaved &= save("note-editor");
    emit window.notesPage()->editor()->left();
    book.forget(book.notes().front().id);
    waitUntil([&] { return controller.isWithoutForgottenNote(); });
    isSaved &= save("note-forgotten");
    window.toast()->hide();
    isSaved &= takeProposal(window, controller, save);
    isSaved &= takePast(window, controller, save);
    while (!book.notes().empty()) {
        const std::size_t before = book.notes().size();
        book.forget(book.notes().back().id);
        if (!waitUntil([&] { return book.notes().size() < before; })) break;
    }
    window.toast()->hide();
    return isSaved;
}

}  // namespace lares::app
