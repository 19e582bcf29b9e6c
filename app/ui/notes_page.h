#pragma once

#include "app/chat/chat_controller.h"
#include "app/ui/editor_page.h"

#include <functional>
#include <optional>

namespace lares::app {

class NoteEditor;
class NoteRow;
class SearchField;

/// What the assistant remembers: the notes, and one of them in the editor, which takes the list's
/// place. What is being written stays there while the page is left. UI thread only.
class NotesPage : public EditorPage {
    Q_OBJECT

public:
    NotesPage(const Appearance* appearance, ChatController* controller, QWidget* parent = nullptr);

    void focusFirst();  ///< where the user was: in the editor, or at the top of the list
    void edit(NoteId id);
    /// A new note, with what is there already; not while another one is being written.
    enum class Back { ToList, ToConversation };
    /// InMemory: of a temporary conversation, so nothing of it is on disk before it is saved.
    enum class Draft { Kept, InMemory };
    void editNew(const Note& note = {}, Back back = Back::ToList, Draft draft = Draft::Kept);
    void flushDraft();  ///< before the window is gone
    [[nodiscard]] NoteEditor* editor() const { return m_editor; }
    [[nodiscard]] SearchField* search() const { return m_search; }

signals:
    void noted(const QString& note);
    void undoOffered(const QString& note, const std::function<void()>& undo);
    /// A note is in the editor that was being written when the program ended.
    void draftFound();
    void messageRequested(lares::app::ConversationId conversation, lares::app::MessageId message);
    void closeRequested();

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    void buildList();
    void addProposals();
    void addPast();
    void showUse();
    void showRows();
    void addRow(const Note& note, bool isLeftOut);
    void chainTabs();
    void focusRow(NoteId id);
    void beginEditing(const Note& note, const std::optional<Note>& draft = {});
    void takeUpDraft();
    void keepDraft();
    void endEditing();
    void leaveEditor();
    void save(const Note& note);
    void toggle(NoteId id, bool isOn);
    void forget(NoteId id);
    void showFailure(const Error& error);
    [[nodiscard]] QString aboutText(const Note& note, bool isLeftOut) const;
    [[nodiscard]] QString roomText() const;
    [[nodiscard]] QString personaName(const QString& id) const;

    ChatController* m_controller;
    NoteEditor* m_editor;
    Button* m_use = nullptr;
    Button* m_leave = nullptr;
    Button* m_propose = nullptr;
    Button* m_keepQuiet = nullptr;
    Button* m_searchPast = nullptr;
    Button* m_leavePast = nullptr;
    QWidget* m_personas = nullptr;
    TextLabel* m_personasText = nullptr;
    TextLabel* m_room = nullptr;
    TextLabel* m_failure = nullptr;
    Button* m_new = nullptr;
    SearchField* m_search = nullptr;
    TextLabel* m_empty = nullptr;
    Button* m_back = nullptr;
    std::vector<NoteRow*> m_rows;
    bool m_isFromMessage = false;  ///< the editor goes back to the conversation
    bool m_isInMemory = false;     ///< what is in the editor has no draft on disk
};

}  // namespace lares::app
