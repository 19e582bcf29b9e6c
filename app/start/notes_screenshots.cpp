#include "app/start/notes_screenshots.h"

#include "app/chat/chat_controller.h"
#include "app/chat/conversation_model.h"
#include "app/chat/note_book.h"
#include "app/start/wait_until.h"
#include "app/ui/main_window.h"
#include "app/ui/note_editor.h"
#include "app/ui/notes_page.h"
#include "app/ui/toast.h"
#include "app/ui/window_commands.h"

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
    while (!book.notes().empty()) {
        const std::size_t before = book.notes().size();
        book.forget(book.notes().back().id);
        if (!waitUntil([&] { return book.notes().size() < before; })) break;
    }
    window.toast()->hide();
    return isSaved;
}

}  // namespace lares::app
