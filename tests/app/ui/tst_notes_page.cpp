#include "app/approval/approval_card.h"
#include "app/chat/conversation_model.h"
#include "app/chat/note_book.h"
#include "app/transcript/transcript_view.h"
#include "app/ui/chat_page.h"
#include "app/ui/composer.h"
#include "app/ui/note_editor.h"
#include "app/ui/note_row.h"
#include "app/ui/notes_line.h"
#include "app/ui/notes_page.h"
#include "app/ui/search_field.h"
#include "app/ui/toast.h"
#include "tests/app/ui/window_fixture.h"
#include "tests/support/files_with.h"

#include <QAbstractButton>
#include <QApplication>
#include <QContextMenuEvent>
#include <QLabel>
#include <QMenu>
#include <QTest>

using namespace lares::app;
using lares::test::WindowFixture;

class NotesPageTest : public QObject {
    Q_OBJECT

private slots:
    void init() { m_fixture = std::make_unique<WindowFixture>(); }
    void cleanup() { m_fixture.reset(); }
    void opensFromSettings();
    void makesANoteByKeysAlone();
    void editsOne();
    void saysWhyItCannotBeSaved();
    void leavingLosesNothing();
    void whatIsWrittenIsThereAfterARestart_data();
    void whatIsWrittenIsThereAfterARestart();
    void anEditIsThereAfterARestart();
    void whatWasKeptOrDismissedIsNotThereAgain();
    void whatComesFromATemporaryConversationIsInNoDraft();
    void forgettingOffersUndo();
    void theAssistantMayProposeNotes();
    void aProposedNoteIsKeptAndForgotten();
    void turnsOneOff();
    void findsNotes();
    void saysWhichHaveNoRoom();
    void choosesWhoReadsThem();
    void remembersAMessage();
    void remembersWhatIsSelected();
    void aMessagesActionsHaveIt();
    void theMenuOfAMessageHasIt();
    void aTemporaryConversationLeavesNoTrace();
    void aConversationSaysWhatWasForgotten();

private:
    [[nodiscard]] NotesPage& page() const { return *m_fixture->window().notesPage(); }
    [[nodiscard]] NoteBook& book() const { return *m_fixture->controller().notes(); }
    [[nodiscard]] QWidget* field() const { return page().editor()->findChild<ComposerText*>(); }
    [[nodiscard]] QString labels() const {
        QStringList shown;
        for (const QLabel* label : page().findChildren<QLabel*>()) {
            if (label->isVisible()) shown << label->text();
        }
        return shown.join('\n');
    }
    [[nodiscard]] QStringList rows() const {
        QStringList texts;
        for (const NoteRow* row : page().findChildren<NoteRow*>()) {
            if (row->isVisible()) texts << row->accessibleName();
        }
        return texts;
    }
    void press(Qt::Key key, Qt::KeyboardModifiers modifiers = {}) const {
        QTest::keyClick(QApplication::focusWidget(), key, modifiers);
    }
    [[nodiscard]] NoteId add(const QString& text) const {
        Note note;
        note.text = text;
        const std::size_t before = book().notes().size();
        book().save(note);
        if (!QTest::qWaitFor([&] { return book().notes().size() > before; })) return 0;
        return book().notes().back().id;
    }
    [[nodiscard]] bool click(const QString& name) const {
        QAbstractButton* button = m_fixture->button(name);
        if (button) button->click();
        return button != nullptr;
    }

    std::unique_ptr<WindowFixture> m_fixture;
};

void NotesPageTest::opensFromSettings() {
    m_fixture->window().showSettings();
    QVERIFY(click("Edit memory…"));
    QVERIFY(page().isVisible());
    QVERIFY(labels().contains("There are no notes yet."));
    press(Qt::Key_Escape);
    QVERIFY(m_fixture->window().chatPage()->isVisible());
}

void NotesPageTest::makesANoteByKeysAlone() {
    m_fixture->window().run(WindowCommand::ShowNotes);
    for (int i = 0; i < 20 && QApplication::focusWidget() != m_fixture->button("New note"); ++i)
        press(Qt::Key_Tab);
    press(Qt::Key_Space);
    QCOMPARE(QApplication::focusWidget(), field());
    QTest::keyClicks(QApplication::focusWidget(), "I cook for four.");
    QVERIFY(labels().contains("16 of 500 characters"));
    press(Qt::Key_Return, Qt::ControlModifier);
    QTRY_COMPARE(rows(), QStringList{"I cook for four."});
    QCOMPARE(QApplication::focusWidget()->accessibleName(),
             QString("Edit the note I cook for four."));
    QVERIFY(labels().contains("A new conversation with Lares begins with about"));
}

void NotesPageTest::editsOne() {
    QVERIFY(add("A flat") != 0);
    m_fixture->window().showNotes();
    QVERIFY(click("Edit the note A flat"));
    press(Qt::Key_Return, Qt::ControlModifier);  // as it is
    QTRY_COMPARE(rows(), QStringList{"A flat"});
    QVERIFY(click("Edit the note A flat"));
    QTest::keyClicks(QApplication::focusWidget(), "A house");  // in place of what is selected
    press(Qt::Key_Return, Qt::ControlModifier);
    QTRY_COMPARE(rows(), QStringList{"A house"});
    QCOMPARE(book().notes().size(), std::size_t{1});
}

void NotesPageTest::saysWhyItCannotBeSaved() {
    m_fixture->window().showNotes();
    page().editNew();
    QVERIFY(!m_fixture->button("Remember")->isEnabled());
    static_cast<ComposerText*>(field())->setPlainText(QString(501, 'x'));
    QVERIFY(labels().contains("The note is too long: 501 of 500 characters."));
    QVERIFY(!m_fixture->button("Remember")->isEnabled());
    press(Qt::Key_Return, Qt::ControlModifier);
    QVERIFY(page().editor()->isOpen());
}

void NotesPageTest::leavingLosesNothing() {
    m_fixture->window().showNotes();
    page().editNew();
    QTest::keyClicks(QApplication::focusWidget(), "Half a note");
    m_fixture->window().showChat();
    m_fixture->window().showNotes();
    QCOMPARE(page().editor()->note().text, QString("Half a note"));
    press(Qt::Key_Escape);
    QVERIFY(!page().editor()->isOpen());
    QVERIFY(click("Undo"));
    QVERIFY(page().editor()->isOpen());
    QCOMPARE(page().editor()->note().text, QString("Half a note"));
}

void NotesPageTest::whatIsWrittenIsThereAfterARestart_data() {
    QTest::addColumn<WindowFixture::End>("end");
    QTest::newRow("closed at once") << WindowFixture::End::Closed;
    QTest::newRow("lost some time later") << WindowFixture::End::Lost;
}

void NotesPageTest::whatIsWrittenIsThereAfterARestart() {
    QFETCH(WindowFixture::End, end);
    QVERIFY(m_fixture->loadModel() && m_fixture->converse("Hello"));
    m_fixture->window().run(WindowCommand::RememberThis);
    QTest::keyClicks(QApplication::focusWidget(), "Half a note");
    if (end == WindowFixture::End::Lost) {
        QTRY_VERIFY(m_fixture->controller().noteDraft() &&
                    m_fixture->controller().noteDraft()->note.text == "Half a note");
    }
    m_fixture->restart(end);
    QVERIFY(m_fixture->window().chatPage()->isVisible());
    QVERIFY(m_fixture->window().toast()->isVisible());
    QVERIFY(click("Show"));
    QVERIFY(page().isVisible());
    QVERIFY(page().editor()->isOpen());
    QCOMPARE(QApplication::focusWidget(), field());
    QCOMPARE(page().editor()->note().text, QString("Half a note"));
    QVERIFY(page().editor()->note().message != 0);
    press(Qt::Key_Return, Qt::ControlModifier);
    QTRY_COMPARE(book().notes().size(), std::size_t{1});
    QVERIFY(m_fixture->window().chatPage()->isVisible());  // where it came from
    QVERIFY(!m_fixture->controller().noteDraft());
}

void NotesPageTest::anEditIsThereAfterARestart() {
    const NoteId id = add("A flat");
    QVERIFY(id != 0);
    m_fixture->window().showNotes();
    QVERIFY(click("Edit the note A flat"));
    QVERIFY(!m_fixture->controller().noteDraft());  // nothing is written yet
    QTest::keyClicks(QApplication::focusWidget(), "A house with");
    m_fixture->restart(WindowFixture::End::Closed);
    m_fixture->window().showNotes();
    QCOMPARE(page().editor()->note().text, QString("A house with"));
    QCOMPARE(page().editor()->note().id, id);
    // Forgotten meanwhile, what is written of it is a note all the same.
    book().forget(id);
    QTRY_VERIFY(book().notes().empty());
    m_fixture->restart(WindowFixture::End::Closed);
    m_fixture->window().showNotes();
    QCOMPARE(page().editor()->note().text, QString("A house with"));
    press(Qt::Key_Return, Qt::ControlModifier);
    QTRY_COMPARE(rows(), QStringList{"A house with"});
}

void NotesPageTest::whatWasKeptOrDismissedIsNotThereAgain() {
    m_fixture->window().showNotes();
    page().editNew();
    QTest::keyClicks(QApplication::focusWidget(), "Kept");
    page().flushDraft();
    QVERIFY(m_fixture->controller().noteDraft());
    press(Qt::Key_Return, Qt::ControlModifier);
    QTRY_COMPARE(rows(), QStringList{"Kept"});
    QVERIFY(!m_fixture->controller().noteDraft());
    page().editNew();
    QTest::keyClicks(QApplication::focusWidget(), "flamingo-4711");
    page().flushDraft();
    press(Qt::Key_Escape);
    QVERIFY(!m_fixture->controller().noteDraft());
    m_fixture->restart(WindowFixture::End::Closed);
    QVERIFY(!page().editor()->isOpen());
    QVERIFY(lares::test::filesWith(m_fixture->dataFolder(), "flamingo-4711").isEmpty());
    // Undo has it written again, and so kept again.
    m_fixture->window().showNotes();
    page().editNew();
    QTest::keyClicks(QApplication::focusWidget(), "Another");
    press(Qt::Key_Escape);
    QVERIFY(click("Undo"));
    m_fixture->restart(WindowFixture::End::Lost);
    m_fixture->window().showNotes();
    QCOMPARE(page().editor()->note().text, QString("Another"));
}

void NotesPageTest::whatComesFromATemporaryConversationIsInNoDraft() {
    QVERIFY(m_fixture->loadModel());
    m_fixture->controller().newTemporaryConversation();
    m_fixture->controller().send("Hello");
    QTRY_COMPARE(m_fixture->controller().conversation()->rowCount(), 2);
    QTRY_VERIFY(!m_fixture->controller().isAnswering());
    m_fixture->window().run(WindowCommand::RememberThis);
    QTest::keyClicks(QApplication::focusWidget(), "flamingo-4711");
    page().flushDraft();
    QVERIFY(!m_fixture->controller().noteDraft());
    press(Qt::Key_Escape);
    QVERIFY(click("Undo"));
    QCOMPARE(page().editor()->note().text, QString("flamingo-4711"));
    m_fixture->restart(WindowFixture::End::Lost);
    QVERIFY(!page().editor()->isOpen());
    QVERIFY(lares::test::filesWith(m_fixture->dataFolder(), "flamingo-4711").isEmpty());
}

void NotesPageTest::theAssistantMayProposeNotes() {
    m_fixture->window().showNotes();
    QVERIFY(m_fixture->button("Only I make notes")->isChecked());
    QVERIFY(click("The assistant may propose notes"));
    QVERIFY(m_fixture->controller().mayProposeNotes());
    QVERIFY(!m_fixture->button("Only I make notes")->isChecked());
    QVERIFY(click("Do not use them"));  // then there is nothing to propose
    QVERIFY(!m_fixture->button("The assistant may propose notes")->isEnabled());
    QVERIFY(click("Use notes"));
    m_fixture->restart(WindowFixture::End::Closed);
    m_fixture->window().showNotes();
    QVERIFY(m_fixture->button("The assistant may propose notes")->isChecked());
}

void NotesPageTest::aProposedNoteIsKeptAndForgotten() {
    m_fixture = std::make_unique<WindowFixture>(
        R"([{"when": "tea", "steps": [{"call": "remember", "arguments": {"note": "I like tea."}}]},
            {"when": "tea", "steps": [{"text": "Done."}]}])");
    QVERIFY(m_fixture->loadModel());
    ChatController& controller = m_fixture->controller();
    ChatPage& chat = *m_fixture->window().chatPage();
    controller.setMayProposeNotes(true);
    controller.newConversation();
    controller.send("I like tea");
    QTRY_VERIFY(chat.card() != nullptr);
    auto* text = chat.card()->findChild<ComposerText*>();
    QCOMPARE(text->toPlainText(), QString("I like tea."));
    text->setPlainText("I like green tea.");
    // What was written is there when the conversation is.
    const ConversationId id = controller.conversation()->info().id;
    controller.newConversation();
    QTRY_VERIFY(chat.card() == nullptr);
    controller.openConversation(id);
    QTRY_VERIFY(chat.card() != nullptr);
    QCOMPARE(chat.card()->findChild<ComposerText*>()->toPlainText(), QString("I like green tea."));
    QTRY_VERIFY(chat.card()->isArmed());
    QVERIFY(click("Remember"));
    QTRY_COMPARE(book().notes().size(), std::size_t{1});
    QCOMPARE(book().notes()[0].text, QString("I like green tea."));
    QTRY_VERIFY(!controller.isAnswering());

    TranscriptView& transcript = *chat.transcript();
    const auto forget = [&]() -> TranscriptTarget {
        for (const TranscriptTarget& target : transcript.targets(1)) {
            if (target.kind == TranscriptTarget::Kind::Undo) return target;
        }
        return {};
    };
    QVERIFY(forget());
    QCOMPARE(transcript.targetName(forget()), QString("Forget"));
    transcript.activate(forget());
    QTRY_VERIFY(book().notes().empty());
    QVERIFY(!forget());
    QVERIFY(click("Undo"));
    QTRY_COMPARE(book().notes().size(), std::size_t{1});
    QVERIFY(forget());
}

void NotesPageTest::forgettingOffersUndo() {
    QVERIFY(add("One") != 0 && add("Two") != 0);
    m_fixture->window().showNotes();
    m_fixture->button("Forget the note Two")->setFocus();
    press(Qt::Key_Space);
    QTRY_COMPARE(rows(), QStringList{"One"});
    QCOMPARE(m_fixture->window().toast()->note(), QString("Forgot the note"));
    QVERIFY(page().isAncestorOf(QApplication::focusWidget()));
    QVERIFY(click("Undo"));
    QTRY_COMPARE(rows(), (QStringList{"Two", "One"}));
}

void NotesPageTest::turnsOneOff() {
    QVERIFY(add("One") != 0);
    m_fixture->window().showNotes();
    QVERIFY(click("Turn off the note One"));
    QTRY_VERIFY(labels().contains("Off · Every persona"));
    QVERIFY(labels().contains("A new conversation with Lares begins without notes."));
    QVERIFY(click("Turn on the note One"));
    QTRY_VERIFY(!labels().contains("Off ·"));
}

void NotesPageTest::findsNotes() {
    QVERIFY(add("I cook for four.") != 0 && add("Metric units") != 0);
    m_fixture->window().showNotes();
    page().search()->setText("COOK four");
    QCOMPARE(rows(), QStringList{"I cook for four."});
    page().search()->setText("zebra");
    QVERIFY(rows().isEmpty() && labels().contains("No note has these words."));
    page().search()->clear();
    QCOMPARE(rows().size(), 2);
}

void NotesPageTest::saysWhichHaveNoRoom() {
    m_fixture->tokens().setContextLength(1024);
    QVERIFY(m_fixture->loadModel());
    QVERIFY(add(QString("1 ").repeated(240)) != 0 && add("Newest") != 0);
    m_fixture->window().showNotes();
    QTRY_COMPARE(labels().count("No room for it now"), 1);
    QVERIFY(labels().contains("There is no room for the 1 oldest"));
}

void NotesPageTest::choosesWhoReadsThem() {
    QVERIFY(add("One") != 0);
    ChatController& controller = m_fixture->controller();
    m_fixture->window().showNotes();
    QVERIFY(click("Robin reads notes"));
    QVERIFY(!controller.usesNotes("robin") && controller.usesNotes("lares"));
    QVERIFY(click("Robin reads notes"));
    QVERIFY(controller.usesNotes("robin"));
    QVERIFY(click("Do not use them"));
    QVERIFY(!controller.usesNotes());
    QVERIFY(!m_fixture->button("Robin reads notes")->isEnabled());
    QVERIFY(click("Use notes"));
    QVERIFY(controller.usesNotes());
    // One note for one persona.
    QVERIFY(click("Edit the note One"));
    QVERIFY(click("Read by every persona"));
    QTRY_VERIFY(QApplication::activePopupWidget());
    auto* menu = qobject_cast<QMenu*>(QApplication::activePopupWidget());
    menu->actions().back()->trigger();
    menu->close();
    press(Qt::Key_Return, Qt::ControlModifier);
    QTRY_COMPARE(book().notes()[0].personaId, QString("robin"));
    QVERIFY(labels().contains("Robin · "));
}

void NotesPageTest::remembersAMessage() {
    QVERIFY(m_fixture->loadModel() && m_fixture->converse("Who are you?"));
    const ConversationModel& shown = *m_fixture->controller().conversation();
    m_fixture->window().run(WindowCommand::RememberThis);
    QVERIFY(page().isVisible());
    QCOMPARE(page().editor()->note().text, QString("Hello."));
    press(Qt::Key_Return, Qt::ControlModifier);
    QTRY_COMPARE(book().notes().size(), std::size_t{1});
    QCOMPARE(book().notes()[0].message, shown.messageAt(1).id);
    QCOMPARE(book().notes()[0].conversation, shown.info().id);
    QVERIFY(m_fixture->window().chatPage()->isVisible());  // back where it was
    m_fixture->controller().newConversation();
    m_fixture->window().showNotes();
    QVERIFY(click("Where the note Hello. comes from"));
    QTRY_COMPARE(m_fixture->controller().conversation()->rowCount(), 2);
    QVERIFY(m_fixture->window().chatPage()->isVisible());
}

void NotesPageTest::remembersWhatIsSelected() {
    QVERIFY(m_fixture->loadModel() && m_fixture->converse("Who are you?"));
    TranscriptView* transcript = m_fixture->window().chatPage()->transcript();
    transcript->selectAll();
    const QString selected = transcript->selectedText().trimmed();
    QVERIFY(selected.contains("Who are you?") && selected.contains("Hello."));
    m_fixture->window().run(WindowCommand::RememberThis);
    QCOMPARE(page().editor()->note().text, selected);
    // While that is open, another one does not take its place.
    m_fixture->window().showChat();
    transcript->clearSelection();
    m_fixture->window().run(WindowCommand::RememberThis);
    QCOMPARE(page().editor()->note().text, selected);
    press(Qt::Key_Escape);
    QVERIFY(m_fixture->window().chatPage()->isVisible());
    QVERIFY(book().notes().empty());
}

void NotesPageTest::aMessagesActionsHaveIt() {
    QVERIFY(m_fixture->loadModel() && m_fixture->converse("Who are you?"));
    TranscriptView* transcript = m_fixture->window().chatPage()->transcript();
    QVERIFY(transcript->offerOf(0).canRemember && transcript->offerOf(1).canRemember);
    transcript->act(0, MessageActions::Action::Remember);
    QVERIFY(page().isVisible());
    QCOMPARE(page().editor()->note().text, QString("Who are you?"));
}

void NotesPageTest::theMenuOfAMessageHasIt() {
    QVERIFY(m_fixture->loadModel() && m_fixture->converse("Who are you?"));
    QWidget* viewport = m_fixture->window().chatPage()->transcript()->viewport();
    const QPoint onQuestion(viewport->width() / 2, 30);
    QContextMenuEvent event(QContextMenuEvent::Mouse, onQuestion,
                            viewport->mapToGlobal(onQuestion));
    QApplication::sendEvent(viewport, &event);
    QTRY_VERIFY(QApplication::activePopupWidget());
    auto* menu = qobject_cast<QMenu*>(QApplication::activePopupWidget());
    QCOMPARE(menu->actions().back()->text(), QString("Remember this…"));
    menu->actions().back()->trigger();
    menu->close();
    QCOMPARE(page().editor()->note().text, QString("Who are you?"));
    QVERIFY(page().editor()->isOpen());
}

void NotesPageTest::aTemporaryConversationLeavesNoTrace() {
    QVERIFY(m_fixture->loadModel());
    m_fixture->controller().newTemporaryConversation();
    m_fixture->controller().send("Hello");
    QTRY_COMPARE(m_fixture->controller().conversation()->rowCount(), 2);
    QTRY_VERIFY(!m_fixture->controller().isAnswering());
    m_fixture->window().run(WindowCommand::RememberThis);
    press(Qt::Key_Return, Qt::ControlModifier);
    QTRY_COMPARE(book().notes().size(), std::size_t{1});
    QCOMPARE(book().notes()[0].text, QString("Hello."));
    QCOMPARE(book().notes()[0].message, 0);
    QCOMPARE(book().notes()[0].conversation, 0);
    QVERIFY(m_fixture->window().chatPage()->isVisible());
}

void NotesPageTest::aConversationSaysWhatWasForgotten() {
    const NoteId id = add("One");
    QVERIFY(m_fixture->loadModel() && m_fixture->converse("Hello"));
    auto* line = m_fixture->window().chatPage()->findChild<NotesLine*>();
    QVERIFY(!line->isVisible());
    book().forget(id);
    QTRY_VERIFY(line->isVisible());
    QVERIFY(click("Use the present notes here"));
    QVERIFY(!line->isVisible());
    // A conversation that did not begin with it says nothing.
    m_fixture->controller().newConversation();
    QVERIFY(!line->isVisible());
}

QTEST_MAIN(NotesPageTest)
#include "tst_notes_page.moc"
