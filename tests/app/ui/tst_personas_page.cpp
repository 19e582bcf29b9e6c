#include "app/approval/approval_card.h"
#include "app/panel/parameter_field.h"
#include "app/panel/parameter_list.h"
#include "app/transcript/transcript_view.h"
#include "app/ui/banner.h"
#include "app/ui/chat_page.h"
#include "app/ui/composer.h"
#include "app/ui/header_bar.h"
#include "app/ui/persona_answers.h"
#include "app/ui/persona_editor.h"
#include "app/ui/persona_row.h"
#include "app/ui/personas_page.h"
#include "app/ui/toast.h"
#include "tests/app/ui/personas_page_ground.h"

#include <QAbstractButton>
#include <QApplication>
#include <QMenu>
#include <QTest>

#ifndef Q_OS_WIN
#include "tests/support/file_size_limit.h"
#endif

using namespace lares::app;
using lares::test::PersonasPageGround;

class PersonasPageTest : public QObject, private PersonasPageGround {
    Q_OBJECT

private slots:
    void init() { openPage(); }
    void cleanup() { m_fixture.reset(); }
    void opensFromTheHeaderAndFromSettings();
    void makesAPersonaByKeysAlone();
    void anEditIsShownAtOnce();
    void saysWhyItCannotBeSaved();
    void countsWhatIsWritten();
    void escapeLeavesWhereNothingChanged();
    void whatIsLeftIsKeptAsADraft();
    void aNewOneIsKeptAsADraftToo();
    void theDraftIsOnDiskWithoutLeaving();
    void discardingCanBeUndone();
    void saysHowAPersonaAnswers();
    void theDraftStaysWhileThePageIsLeft();
    void removingOffersUndo();
    void resettingOffersUndo();
    void theFocusStaysInTheList();
    void tabGoesAsTheRowsStand();
    void duplicatesAPersona();
    void theTextStaysWhereTheDiskIsFull();
    void growsWithItsLines();
};

void PersonasPageTest::opensFromTheHeaderAndFromSettings() {
    MainWindow& window = m_fixture->window();
    window.showChat();
    QVERIFY(!page().isVisible());
    m_fixture->button("Who answers: Lares")->click();
    auto* menu = window.header()->findChild<QMenu*>();
    QVERIFY(menu != nullptr);
    QCOMPARE(menu->actions().back()->text(), "Edit personas…");
    menu->actions().back()->trigger();
    menu->close();
    QVERIFY(page().isVisible());
    press(Qt::Key_Escape);
    QVERIFY(window.chatPage()->isVisible());
    window.showSettings();
    m_fixture->button("Edit personas…")->click();
    QVERIFY(page().isVisible());
    QCOMPARE(focused(), "New persona");
}

void PersonasPageTest::makesAPersonaByKeysAlone() {
    press(Qt::Key_Return);  // New persona has the focus
    QCOMPARE(QApplication::focusWidget(), name());
    type("Ada & Eve");
    press(Qt::Key_Return);
    QCOMPARE(focused(), "Instructions");
    type("You are Ada.");
    press(Qt::Key_Return);
    type("You count.");
    press(Qt::Key_Tab);
    QCOMPARE(focused(), "Greeting");
    type("Hello.");
    press(Qt::Key_Return, Qt::ControlModifier);
    QTRY_COMPARE(m_fixture->controller().personas().size(), std::size_t{4});
    QCOMPARE(last().name, "Ada & Eve");
    QCOMPARE(last().system, "You are Ada.\nYou count.");
    QCOMPARE(last().greeting, "Hello.");
    QTRY_VERIFY(!editor().isVisible());
    QCOMPARE(focused(), "Edit Ada & Eve");
    QCOMPARE(m_fixture->window().toast()->note(), "Saved “Ada & Eve”");
    m_fixture->button("Who answers: Lares")->click();
    auto* menu = m_fixture->window().header()->findChild<QMenu*>();
    QCOMPARE(menu->actions()[3]->text(), "Ada && Eve");
    menu->close();
}

void PersonasPageTest::anEditIsShownAtOnce() {
    QVERIFY(m_fixture->loadModel() && m_fixture->converse("Hi"));
    m_fixture->window().showPersonas();
    m_fixture->button("Edit Lares")->click();
    name()->selectAll();
    type("Ares");
    m_fixture->button("Save")->click();
    QTRY_VERIFY(m_fixture->button("Who answers: Ares") != nullptr);
    const auto rows = page().findChildren<PersonaRow*>();
    QVERIFY(std::any_of(rows.begin(), rows.end(), [](const PersonaRow* row) {
        return row->isVisible() && row->accessibleName() == "Ares, Built in, changed by you";
    }));
    QVERIFY(
        m_fixture->window().chatPage()->composer()->findChild<ComposerText*>()->placeholderText() ==
        "Write to Ares");
}

void PersonasPageTest::saysWhyItCannotBeSaved() {
    press(Qt::Key_Return);
    QAbstractButton* save = m_fixture->button("Save");
    QVERIFY(!save->isEnabled());
    QVERIFY(labels(editor()).contains("needs a name"));
    type("x");
    QVERIFY(save->isEnabled());
    QVERIFY(!labels(editor()).contains("needs a name"));
    name()->setText(QString(81, 'x'));
    QVERIFY(!save->isEnabled());
    QVERIFY(labels(editor()).contains("81 of 80"));
    press(Qt::Key_Return, Qt::ControlModifier);  // nor by its key
    QVERIFY(editor().isVisible());
    name()->setText("Ada");
    press(Qt::Key_Return, Qt::ControlModifier);
    QTRY_VERIFY(!editor().isVisible());
    QCOMPARE(m_fixture->controller().personas().size(), std::size_t{4});
    QCOMPARE(last().name, "Ada");
}

void PersonasPageTest::countsWhatIsWritten() {
    page().edit("lares");
    QVERIFY(labels(editor()).contains("14 of 20,000 characters"));
    QTest::keyClicks(text("Instructions"), "!!");
    QVERIFY(labels(editor()).contains("16 of 20,000 characters"));
}

void PersonasPageTest::escapeLeavesWhereNothingChanged() {
    for (const char* field : {"Name", "Instructions", "Greeting"}) {
        page().edit("clerk");
        for (auto* widget : editor().findChildren<QWidget*>()) {
            if (widget->accessibleName() == field) widget->setFocus();
        }
        QCOMPARE(focused(), field);
        press(Qt::Key_Escape);
        QVERIFY(!editor().isVisible());
        QVERIFY(page().isVisible());
        QCOMPARE(focused(), "Edit The Clerk");
    }
    press(Qt::Key_Escape);
    QVERIFY(!page().isVisible());
}

void PersonasPageTest::whatIsLeftIsKeptAsADraft() {
    page().edit("clerk");
    text("Instructions")->setFocus();
    type("Really. ");
    press(Qt::Key_Escape);
    QVERIFY(!editor().isVisible());
    QCOMPARE(focused(), "Edit The Clerk");
    QVERIFY(m_fixture->window().toast()->note().contains("is kept"));
    QVERIFY(!m_fixture->controller().isChangedPersona("clerk"));
    QVERIFY(hasRow("The Clerk, Built in; changes not saved"));
    page().edit("robin");  // another one has none
    QCOMPARE(text("Instructions")->toPlainText(), "You are Robin.");
    press(Qt::Key_Escape);
    page().edit("clerk");
    QCOMPARE(text("Instructions")->toPlainText(), "Really. You are the Clerk.");
    QVERIFY(labels(editor()).contains("is not saved yet"));
    press(Qt::Key_Return, Qt::ControlModifier);
    QTRY_VERIFY(m_fixture->controller().isChangedPersona("clerk"));
    QTRY_VERIFY(hasRow("The Clerk, Built in, changed by you"));
    page().edit("clerk");
    QVERIFY(!labels(editor()).contains("is not saved yet"));
}

void PersonasPageTest::aNewOneIsKeptAsADraftToo() {
    press(Qt::Key_Return);
    type("Ada");
    press(Qt::Key_Escape);
    QCOMPARE(focused(), "Go on with the new persona");
    QVERIFY(m_fixture->button("Go on with the new persona") != nullptr);
    m_fixture->button("Go on with the new persona")->click();
    QCOMPARE(name()->text(), "Ada");
    name()->clear();  // written back to what it was: nothing to keep
    press(Qt::Key_Escape);
    QVERIFY(m_fixture->button("New persona") != nullptr);
}

void PersonasPageTest::theDraftIsOnDiskWithoutLeaving() {
    page().edit("clerk");
    type("My ");
    QTRY_VERIFY(m_fixture->controller().setting("personaDrafts").toObject().contains("clerk"));
    type("own");
    m_fixture->window().close();  // in the middle of typing
    QCOMPARE(m_fixture->controller()
                 .setting("personaDrafts")
                 .toObject()["clerk"]
                 .toObject()["name"]
                 .toString(),
             name()->text());
}

void PersonasPageTest::discardingCanBeUndone() {
    page().edit("clerk");
    QVERIFY(m_fixture->button("Discard changes") == nullptr);
    type("x");
    const QString written = name()->text();
    m_fixture->button("Discard changes")->click();
    QCOMPARE(name()->text(), "The Clerk");
    QVERIFY(m_fixture->button("Discard changes") == nullptr);
    press(Qt::Key_Escape);
    makeAda();  // behind whatever was asked for before
    QVERIFY(!m_fixture->controller().isChangedPersona("clerk"));
    page().edit("clerk");
    QCOMPARE(name()->text(), "The Clerk");
    name()->setText(written);
    m_fixture->button("Discard changes")->click();
    QTest::mouseClick(m_fixture->button("Undo"), Qt::LeftButton);
    QVERIFY(editor().isVisible());
    QCOMPARE(name()->text(), written);
}

void PersonasPageTest::saysHowAPersonaAnswers() {
    page().edit("clerk");
    QVERIFY(labels(editor()).contains("As usual."));
    ParameterList& list = *editor().answers()->list();
    QVERIFY(!list.isVisible());
    text("Greeting")->setFocus();
    press(Qt::Key_Tab);
    QCOMPARE(focused(), "Add an entry");  // of the lore, which has none
    press(Qt::Key_Tab);
    QCOMPARE(focused(), "Show the parameters");
    press(Qt::Key_Space);
    QVERIFY(list.isVisible());
    press(Qt::Key_Tab);
    QCOMPARE(focused(), "Thinking as usual");
    ParameterField& temperature = *list.fields().front();
    QCOMPARE(temperature.usualText(), "0.6");
    temperature.setFocus();
    type("0.2");
    press(Qt::Key_Return);
    m_fixture->button("Thinking off")->click();
    QVERIFY(labels(editor()).contains("Thinking off · Temperature 0.2"));
    temperature.setFocus();
    press(Qt::Key_Return, Qt::ControlModifier);
    QTRY_VERIFY(m_fixture->controller().isChangedPersona("clerk"));
    QCOMPARE(find("clerk").parameters, (QJsonObject{{"temperature", 0.2}, {"thinking", false}}));
    page().edit("clerk");
    m_fixture->button("Show the parameters")->click();
    m_fixture->button("Thinking as usual")->click();
    temperature.selectAll();
    temperature.setFocus();
    press(Qt::Key_Delete);
    press(Qt::Key_Return, Qt::ControlModifier);
    QTRY_VERIFY(!m_fixture->controller().isChangedPersona("clerk"));
}

void PersonasPageTest::theDraftStaysWhileThePageIsLeft() {
    MainWindow& window = m_fixture->window();
    page().editNew();
    type("Ada");
    QTest::keyClick(&window, Qt::Key_N, Qt::ControlModifier);
    QVERIFY(window.chatPage()->isVisible());
    window.showPersonas();
    QVERIFY(editor().isVisible());
    QCOMPARE(name()->text(), "Ada");
    QCOMPARE(QApplication::focusWidget(), name());
}

void PersonasPageTest::removingOffersUndo() {
    makeAda();
    ChatController& controller = m_fixture->controller();
    const Persona ada = last();
    controller.setPersona(ada.id);
    QVERIFY(m_fixture->button("Who answers: Ada") != nullptr);
    m_fixture->button("Remove Ada")->click();
    QTRY_COMPARE(controller.personas().size(), std::size_t{3});
    QVERIFY(m_fixture->button("Who answers: Lares") != nullptr);
    QCOMPARE(m_fixture->window().toast()->note(), "Removed “Ada”");
    QTRY_VERIFY(m_fixture->button("Edit Ada") == nullptr);
    QTest::mouseClick(m_fixture->button("Undo"), Qt::LeftButton);
    QTRY_COMPARE(controller.personas().size(), std::size_t{4});
    QCOMPARE(last(), ada);
    QVERIFY(m_fixture->button("Who answers: Ada") != nullptr);
}

void PersonasPageTest::resettingOffersUndo() {
    ChatController& controller = m_fixture->controller();
    controller.savePersona({"robin", "Rob", "You are Rob.", {}});
    QTRY_VERIFY(controller.isChangedPersona("robin"));
    QVERIFY(m_fixture->button("Remove Rob") == nullptr);
    m_fixture->button("Reset Rob to how it came")->click();
    QTRY_COMPARE(last().name, "Robin");
    QCOMPARE(m_fixture->window().toast()->note(), "“Rob” is as it came");
    QTest::mouseClick(m_fixture->button("Undo"), Qt::LeftButton);
    QTRY_COMPARE(last().name, "Rob");
}

void PersonasPageTest::theFocusStaysInTheList() {
    makeAda();
    m_fixture->button("Remove Ada")->setFocus();
    press(Qt::Key_Return);
    QTRY_COMPARE(m_fixture->controller().personas().size(), std::size_t{3});
    QCOMPARE(focused(), "Edit Robin");  // the row that is last now
}

void PersonasPageTest::tabGoesAsTheRowsStand() {
    makeAda();  // the rows are made anew
    m_fixture->button("Import a persona")->setFocus();
    QStringList reached;
    for (int i = 0; i < 14; ++i) {
        press(Qt::Key_Tab);
        reached << focused();
    }
    QCOMPARE(reached.front(), "Edit Lares");
    QCOMPARE(reached[3], "Edit The Clerk");
    QCOMPARE(reached[12], "Remove Ada");
    QCOMPARE(reached.back(), "Back to the conversation");
}

void PersonasPageTest::duplicatesAPersona() {
    m_fixture->button("Duplicate Robin")->setFocus();
    press(Qt::Key_Space);
    QTRY_COMPARE(m_fixture->controller().personas().size(), std::size_t{4});
    QCOMPARE(last().name, "Robin 2");
    QCOMPARE(last().greeting, "Hi there!");
    QTRY_COMPARE(focused(), "Edit Robin 2");
    QCOMPARE(m_fixture->window().toast()->note(), "Made “Robin 2”");
}

void PersonasPageTest::theTextStaysWhereTheDiskIsFull() {
#ifdef Q_OS_WIN
    QSKIP("there is no limit on a file's size to fill a disk with");
#else
    page().edit("robin");
    text("Instructions")->setPlainText(QString(20'000, 'x'));
    {
        const lares::test::FileSizeLimit full(1);
        m_fixture->button("Save")->click();
        QTRY_VERIFY(labels(editor()).contains("Not saved"));
    }
    QTRY_VERIFY(m_fixture->window().banner()->sentence().contains("full"));
    QCOMPARE(text("Instructions")->toPlainText().size(), 20'000);
    QVERIFY(!text("Instructions")->isReadOnly());
    QVERIFY(!m_fixture->controller().isChangedPersona("robin"));
    QVERIFY(m_fixture->window().toast()->note().isEmpty());
    m_fixture->button("Save")->click();
    QTRY_VERIFY(m_fixture->controller().isChangedPersona("robin"));
    QTRY_VERIFY(!editor().isVisible());
#endif
}

void PersonasPageTest::growsWithItsLines() {
    page().edit("robin");
    ComposerText* field = text("Instructions");
    QCoreApplication::processEvents();
    const int few = field->height();
    field->setPlainText(QString("line\n").repeated(9));
    QTRY_VERIFY(field->height() > few);
    const int more = field->height();
    field->setPlainText(QString("line\n").repeated(500));
    QTRY_VERIFY(field->height() > more);
    QVERIFY2(field->height() < 500, qPrintable(QString::number(field->height())));
    field->setPlainText("line");
    QTRY_COMPARE(field->height(), few);
}

QTEST_MAIN(PersonasPageTest)
#include "tst_personas_page.moc"
