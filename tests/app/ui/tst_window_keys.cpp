#include "app/approval/approval_card.h"
#include "app/chat/conversation_model.h"
#include "app/panel/activity_model.h"
#include "app/panel/activity_page.h"
#include "app/panel/prompt_page.h"
#include "app/panel/side_panel.h"
#include "app/ui/banner.h"
#include "app/ui/chat_page.h"
#include "app/ui/composer.h"
#include "app/ui/conversation_list.h"
#include "app/ui/find_bar.h"
#include "app/ui/first_run_page.h"
#include "app/ui/persona_answers.h"
#include "app/ui/persona_editor.h"
#include "app/ui/personas_page.h"
#include "tests/app/ui/window_fixture.h"
#include "tests/support/test_data.h"

#include <QAbstractButton>
#include <QApplication>
#include <QClipboard>
#include <QDir>
#include <QLineEdit>
#include <QListView>
#include <QPlainTextEdit>
#include <QTest>

#include <functional>
#include <set>

using namespace lares::app;
using lares::Model;
using lares::test::WindowFixture;

namespace {

constexpr const char* kAsksTheTime =
    R"([{"steps": [{"call": "get_time"}]}, {"steps": [{"text": "Noon."}]}])";

bool isControl(const QWidget* widget) {
    return qobject_cast<const QAbstractButton*>(widget) != nullptr ||
           qobject_cast<const QLineEdit*>(widget) != nullptr ||
           qobject_cast<const QPlainTextEdit*>(widget) != nullptr ||
           qobject_cast<const QListView*>(widget) != nullptr;
}

QList<QWidget*> controlsOf(const QWidget& window) {
    QList<QWidget*> controls;
    for (QWidget* widget : window.findChildren<QWidget*>()) {
        const auto* field = qobject_cast<const QLineEdit*>(widget);
        const bool isTextOnly = field != nullptr && field->isReadOnly();
        if (isControl(widget) && widget->isVisible() && widget->isEnabled() && !isTextOnly)
            controls.push_back(widget);
    }
    return controls;
}

}  // namespace

class WindowKeysTest : public QObject {
    Q_OBJECT

private slots:
    void tabReachesEverything_data();
    void tabReachesEverything();
    void everythingHasAName_data() { tabReachesEverything_data(); }
    void everythingHasAName();
    void typingGoesToTheComposer();
    void keysOpenAndClosePages();
    void controlBHidesTheList();
    void controlTabGoesRound();
    void controlShiftCCopiesTheLastAnswer();
    void controlAltZUndoesWhatToolsChanged();
    void escapeStopsTheAnswer();

private:
    void prepare(WindowFixture& fixture, const QString& state);
    void preparePersonas(WindowFixture& fixture, const QString& state);
};

void WindowKeysTest::tabReachesEverything_data() {
    QTest::addColumn<QString>("state");
    for (const char* state :
         {"empty", "chat", "find", "settings", "keys", "personas", "persona editor",
          "persona parameters", "panel activity", "panel persona", "panel prompt", "failure",
          "first run 1", "first run 2", "first run 3"})
        QTest::newRow(state) << QString(state);
}

void WindowKeysTest::prepare(WindowFixture& fixture, const QString& state) {
    MainWindow& window = fixture.window();
    window.resize(1280, 900);
    if (state == "failure") {
        emit fixture.controller().modelFailed("It is broken. Choose another one.");
        return;
    }
    QVERIFY(fixture.loadModel());
    if (state.startsWith("panel ")) {
        const auto model =
            Model::load(lares::test::source_file("resources/mini_model/lares-mini.gguf"));
        QVERIFY(model);
        fixture.tokens().setPromptModel(*model);
        QVERIFY(fixture.converse("What time is it?") && fixture.converse("And now?"));
        fixture.controller().setParameter("topK", 7);
        window.setPanelOpen(true);
        window.panel()->showTab(state.mid(6));
        window.panel()->activity()->list()->setCurrentIndex(
            window.panel()->activity()->model()->index(0));
        if (state == "panel prompt") QTRY_VERIFY(window.panel()->prompt()->view());
    }
    if (state == "chat" || state == "find") QVERIFY(fixture.converse("Hello there"));
    if (state == "find") {
        window.chatPage()->findBar()->open();
        window.chatPage()->findBar()->field()->setText("hello");
    }
    if (state == "settings") window.showSettings();
    if (state == "keys") window.showKeys();
    if (state == "personas" || state.startsWith("persona ")) preparePersonas(fixture, state);
    if (state.startsWith("first run")) {
        window.showFirstRun();
        window.firstRun()->showStep(state.back().digitValue() - 1);
    }
    QTest::qWait(20);  // what was replaced on a page is deleted later
}

void WindowKeysTest::preparePersonas(WindowFixture& fixture, const QString& state) {
    fixture.controller().savePersona({"robin", "Rob", "You are Rob.", {}});
    fixture.controller().savePersona({{}, "Ada", "You are Ada.", {}});
    QTRY_COMPARE(fixture.controller().personas().size(), std::size_t{4});
    PersonasPage* page = fixture.window().personasPage();
    fixture.window().showPersonas();
    if (state == "personas") return;
    page->edit("robin");
    if (state != "persona parameters") return;
    for (auto* line : page->editor()->findChildren<QLineEdit*>()) {
        if (line->accessibleName() == "Name") QTest::keyClicks(line, "x");  // can be discarded
    }
    page->editor()->answers()->setUnfolded(true);
}

void WindowKeysTest::tabReachesEverything() {
    QFETCH(QString, state);
    WindowFixture fixture(kAsksTheTime);
    prepare(fixture, state);
    const QList<QWidget*> controls = controlsOf(fixture.window());
    QVERIFY(controls.size() >= 2);
    std::set<QWidget*> reached;
    for (int i = 0; i < 100; ++i) {
        QWidget* focus = QApplication::focusWidget();
        if (focus == nullptr) focus = &fixture.window();
        QTest::keyClick(focus, Qt::Key_Tab);
        reached.insert(QApplication::focusWidget());
    }
    for (QWidget* control : controls) {
        QVERIFY2(reached.contains(control),
                 qPrintable(QString("%1 “%2”").arg(control->metaObject()->className(),
                                                   control->accessibleName())));
    }
}

void WindowKeysTest::everythingHasAName() {
    QFETCH(QString, state);
    WindowFixture fixture(kAsksTheTime);
    prepare(fixture, state);
    for (const QWidget* control : controlsOf(fixture.window()))
        QVERIFY2(!control->accessibleName().isEmpty(), control->metaObject()->className());
}

void WindowKeysTest::typingGoesToTheComposer() {
    WindowFixture fixture;
    QListView* view = fixture.window().list()->view();
    view->setFocus();
    QTest::keyClicks(view, "h");
    Composer* composer = fixture.window().chatPage()->composer();
    QVERIFY(composer->hasTextFocus());
    QCOMPARE(composer->text(), "h");
    auto* search = fixture.window().list()->findChild<QLineEdit*>();
    search->setFocus();
    QTest::keyClicks(search, "x");
    QCOMPARE(composer->text(), "h");
}

void WindowKeysTest::keysOpenAndClosePages() {
    WindowFixture fixture;
    MainWindow& window = fixture.window();
    QTest::keyClick(&window, Qt::Key_Comma, Qt::ControlModifier);
    QVERIFY(!window.chatPage()->isVisible());
    QTest::keyClick(window.focusWidget(), Qt::Key_Escape);
    QVERIFY(window.chatPage()->isVisible());
    QTest::keyClick(&window, Qt::Key_F1);
    QVERIFY(!window.chatPage()->isVisible());
    QTest::keyClick(&window, Qt::Key_L, Qt::ControlModifier);
    QVERIFY(window.chatPage()->composer()->hasTextFocus());
}

void WindowKeysTest::controlBHidesTheList() {
    WindowFixture fixture;
    QTest::keyClick(&fixture.window(), Qt::Key_B, Qt::ControlModifier);
    QVERIFY(!fixture.window().list()->isVisible());
    fixture.button("Show the conversations")->click();
    QVERIFY(fixture.window().list()->isVisible());
}

void WindowKeysTest::controlTabGoesRound() {
    WindowFixture fixture;
    QVERIFY(fixture.loadModel() && fixture.converse("One") && fixture.converse("Two"));
    const ConversationId two = fixture.controller().conversation()->info().id;
    QTest::keyClick(&fixture.window(), Qt::Key_Tab, Qt::ControlModifier);
    const ConversationId one = fixture.controller().conversation()->info().id;
    QVERIFY(one != two);
    QTest::keyClick(&fixture.window(), Qt::Key_Tab, Qt::ControlModifier);
    QCOMPARE(fixture.controller().conversation()->info().id, two);
}

void WindowKeysTest::controlShiftCCopiesTheLastAnswer() {
    WindowFixture fixture;
    QVERIFY(fixture.loadModel() && fixture.converse("One"));
    QTest::keyClick(&fixture.window(), Qt::Key_C, Qt::ControlModifier | Qt::ShiftModifier);
    QCOMPARE(QGuiApplication::clipboard()->text(), "Hello.");
}

void WindowKeysTest::controlAltZUndoesWhatToolsChanged() {
    WindowFixture fixture(R"([{"steps": [{"call": "make_folder",
        "arguments": {"path": "~/Documents/Bills"}}]}, {"steps": [{"text": "Made."}]}])");
    QVERIFY(fixture.loadModel());
    fixture.controller().send("Make a folder for bills");
    QTRY_VERIFY(fixture.controller().question());
    fixture.controller().answerQuestion(PermissionAnswer::Once);
    QTRY_VERIFY(!fixture.controller().isAnswering());
    const QString folder = QDir::homePath() + "/Documents/Bills";
    QVERIFY(QFile::exists(folder));
    QVERIFY(fixture.button("Undo"));  // of the note
    QTest::keyClick(&fixture.window(), Qt::Key_Z, Qt::ControlModifier | Qt::AltModifier);
    QTRY_VERIFY(!QFile::exists(folder));
    QTRY_COMPARE(fixture.controller().lastChanges(), MessageId{0});
    // And nothing more to undo: it says so, and nothing else happens.
    QTest::keyClick(&fixture.window(), Qt::Key_Z, Qt::ControlModifier | Qt::AltModifier);
}

void WindowKeysTest::escapeStopsTheAnswer() {
    WindowFixture fixture(R"([{"steps": [{"text": "Once"}, {"hold": true}]}])");
    QVERIFY(fixture.loadModel());
    fixture.controller().send("Tell a story");
    QTRY_VERIFY(fixture.controller().isAnswering());
    QTRY_COMPARE(fixture.controller().conversation()->rowCount(), 2);
    QTest::keyClick(fixture.window().focusWidget(), Qt::Key_Escape);
    QTRY_VERIFY(!fixture.controller().isAnswering());
}

QTEST_MAIN(WindowKeysTest)
#include "tst_window_keys.moc"
