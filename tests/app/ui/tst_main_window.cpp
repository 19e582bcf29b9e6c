#include "app/approval/approval_card.h"
#include "app/chat/conversation_list_model.h"
#include "app/chat/conversation_model.h"
#include "app/ui/banner.h"
#include "app/ui/chat_page.h"
#include "app/ui/composer.h"
#include "app/ui/conversation_list.h"
#include "app/ui/first_run_page.h"
#include "app/ui/network_proof.h"
#include "app/ui/settings_page.h"
#include "app/ui/title_field.h"
#include "app/ui/toast.h"
#include "tests/app/ui/window_fixture.h"

#include <QAbstractButton>
#include <QLineEdit>
#include <QSignalSpy>
#include <QTest>

using namespace lares::app;
using lares::test::WindowFixture;
using namespace std::chrono_literals;

namespace {

constexpr const char* kAsks = R"([
    {"steps": [{"call": "list_folder", "arguments": {"path": "~/Documents"}}]},
    {"steps": [{"text": "It is empty."}]}])";

}  // namespace

class MainWindowTest : public QObject {
    Q_OBJECT

private slots:
    void sendsWhatIsWritten();
    void explainsWhyNothingCanBeSent();
    void renamesInTheList();
    void undoesADeletion();
    void findsByTitle();
    void keepsADraftForEachConversation();
    void keepsADraftWhenAnExampleIsAsked();
    void editsTheLastMessage();
    void firstRunLeadsToTheChat();
    void asksInTheTranscriptAndRevokesInSettings();
    void showsEveryAnswerInANarrowWindow();
    void showsAFailureWithAWayOn();
    void keepsAnotherProblemWhenAModelIsThere();
    void choosesColoursAndSize();
    void aNoteIsAsWideAsItsText();
    void remembersItsSize();
    void countsItsSockets();
};

void MainWindowTest::sendsWhatIsWritten() {
    WindowFixture fixture;
    QVERIFY(fixture.loadModel());
    Composer* composer = fixture.window().chatPage()->composer();
    QTest::keyClicks(composer->findChild<ComposerText*>(), "Good morning");
    QTest::keyClick(composer->findChild<ComposerText*>(), Qt::Key_Return);
    QCOMPARE(composer->text(), QString());
    QTRY_COMPARE(fixture.controller().conversation()->rowCount(), 2);
    QTRY_VERIFY(!fixture.controller().isAnswering());
    QCOMPARE(fixture.controller().conversation()->index(1).data().toString(), "Hello.");
}

void MainWindowTest::explainsWhyNothingCanBeSent() {
    WindowFixture fixture;
    Composer* composer = fixture.window().chatPage()->composer();
    QTest::keyClicks(composer->findChild<ComposerText*>(), "Good morning");
    QTest::keyClick(composer->findChild<ComposerText*>(), Qt::Key_Return);
    QCOMPARE(composer->text(), "Good morning");
    QVERIFY(fixture.window().banner()->sentence().contains("No model is loaded"));
    QCOMPARE(fixture.controller().conversation()->rowCount(), 0);
    fixture.button("Try the demo model")->click();
    QTRY_COMPARE(fixture.controller().modelState(), ChatController::ModelState::Ready);
    QVERIFY(fixture.window().banner()->isHidden());
    QVERIFY(fixture.button("Demo model") != nullptr);
}

void MainWindowTest::renamesInTheList() {
    WindowFixture fixture;
    QVERIFY(fixture.loadModel() && fixture.converse("Old name"));
    QListView* view = fixture.window().list()->view();
    view->setFocus();
    QTest::keyClick(view, Qt::Key_F2);
    QTRY_VERIFY(view->viewport()->findChild<QLineEdit*>() != nullptr);
    auto* editor = view->viewport()->findChild<QLineEdit*>();
    QCOMPARE(editor->text(), "Old name");
    editor->selectAll();
    QTest::keyClicks(editor, "New name");
    QTest::keyClick(editor, Qt::Key_Return);
    QTRY_COMPARE(fixture.controller().conversation()->info().title, "New name");
    QCOMPARE(view->model()->index(0, 0).data().toString(), "New name");
    // A model's text can become a title: nothing in it turns the words around.
    fixture.controller().renameConversation(fixture.controller().conversation()->info().id,
                                            QString("txt.%1gpj").arg(QChar(0x202E)));
    QTRY_COMPARE(fixture.window().findChild<TitleField*>()->text(), "txt.[U+202E]gpj");
}

void MainWindowTest::undoesADeletion() {
    WindowFixture fixture;
    QVERIFY(fixture.loadModel() && fixture.converse("Keep me"));
    emit fixture.window().list()->deleteRequested(fixture.controller().conversation()->info().id);
    QCOMPARE(fixture.window().toast()->note(), "Deleted “Keep me”");
    QCOMPARE(fixture.controller().conversations()->rowCount(), 0);
    QTest::mouseClick(fixture.button("Undo"), Qt::LeftButton);
    QTRY_COMPARE(fixture.controller().conversations()->rowCount(), 1);
    QTRY_COMPARE(fixture.controller().conversation()->rowCount(), 2);
}

void MainWindowTest::findsByTitle() {
    WindowFixture fixture;
    QVERIFY(fixture.loadModel() && fixture.converse("Apples") && fixture.converse("Pears"));
    QListView* view = fixture.window().list()->view();
    auto* search = fixture.window().list()->findChild<QLineEdit*>();
    QCOMPARE(view->model()->rowCount(), 2);
    QTest::keyClicks(search, "apP");
    QCOMPARE(view->model()->rowCount(), 1);
    QCOMPARE(view->model()->index(0, 0).data().toString(), "Apples");
    QTest::keyClick(search, Qt::Key_Escape);
    QCOMPARE(view->model()->rowCount(), 2);
}

void MainWindowTest::keepsADraftForEachConversation() {
    WindowFixture fixture;
    QVERIFY(fixture.loadModel() && fixture.converse("Apples"));
    const ConversationId first = fixture.controller().conversation()->info().id;
    Composer* composer = fixture.window().chatPage()->composer();
    QTest::keyClicks(composer->findChild<ComposerText*>(), "half a tho");
    fixture.button("New conversation")->click();
    QCOMPARE(composer->text(), QString());
    emit fixture.window().list()->openRequested(first);
    QTRY_COMPARE(composer->text(), "half a tho");
}

void MainWindowTest::keepsADraftWhenAnExampleIsAsked() {
    WindowFixture fixture;
    QVERIFY(fixture.loadModel());
    const QString example = fixture.controller().examples().front();
    QTest::keyClicks(fixture.window().chatPage()->composer()->findChild<ComposerText*>(), "Half");
    fixture.window().chatPage()->composer()->flushDraft();
    fixture.button(example)->click();
    QTRY_COMPARE(fixture.controller().conversation()->rowCount(), 2);
    QTRY_VERIFY(!fixture.controller().isAnswering());
    QCOMPARE(fixture.window().chatPage()->composer()->text(), QString("Half"));
    fixture.restart(WindowFixture::End::Closed);
    QTRY_COMPARE(fixture.controller().conversation()->rowCount(), 2);
    QCOMPARE(fixture.window().chatPage()->composer()->text(), QString("Half"));
}

void MainWindowTest::editsTheLastMessage() {
    WindowFixture fixture;
    QVERIFY(fixture.loadModel() && fixture.converse("How tall is it"));
    Composer* composer = fixture.window().chatPage()->composer();
    auto* text = composer->findChild<ComposerText*>();
    QTest::keyClick(text, Qt::Key_Up);
    QCOMPARE(composer->text(), "How tall is it");
    QVERIFY(fixture.button("Cancel editing") != nullptr);
    QTest::keyClicks(text, "?");
    QTest::keyClick(text, Qt::Key_Return);
    QTRY_COMPARE(fixture.controller().conversation()->index(0).data().toString(),
                 "How tall is it?");
    QCOMPARE(fixture.controller().conversation()->versionCountAt(0), 2);
    QTRY_VERIFY(!fixture.controller().isAnswering());
}

void MainWindowTest::firstRunLeadsToTheChat() {
    WindowFixture fixture;
    fixture.window().showFirstRun();
    FirstRunPage* page = fixture.window().firstRun();
    QTest::keyClick(fixture.window().focusWidget(), Qt::Key_Return);  // Continue has the focus
    QCOMPARE(page->step(), 1);
    QTRY_VERIFY(fixture.button("Try the demo model") != nullptr);
    fixture.button("Try the demo model")->setFocus();
    QTest::keyClick(fixture.window().focusWidget(), Qt::Key_Space);
    QCOMPARE(page->step(), 2);
    QTRY_COMPARE(fixture.controller().modelState(), ChatController::ModelState::Ready);
    QTRY_VERIFY(fixture.button("Robin") != nullptr);
    fixture.button("Robin")->setFocus();
    QTest::keyClick(fixture.window().focusWidget(), Qt::Key_Return);
    QVERIFY(!page->isVisible());
    QCOMPARE(fixture.controller().persona().id, "robin");
    QVERIFY(fixture.controller().setting("firstRunDone").toBool());
}

void MainWindowTest::asksInTheTranscriptAndRevokesInSettings() {
#ifdef Q_OS_WIN
    QSKIP("tools that read files are off there, so nothing asks");
#endif
    WindowFixture fixture(kAsks);
    fixture.window().chatPage()->setArmingDelay(0ms);
    QVERIFY(fixture.loadModel());
    fixture.controller().send("What is in ~/Documents?");
    QTRY_VERIFY(fixture.window().chatPage()->card() != nullptr);
    ApprovalCard* card = fixture.window().chatPage()->card();
    QVERIFY(card->isVisible());
    QVERIFY(card->hasFocus());
    QTRY_VERIFY(card->isArmed());
    QTest::keyClick(card, Qt::Key_W);  // the card's key, and no letter for the composer
    QVERIFY(fixture.window().chatPage()->composer()->text().isEmpty());
    QVERIFY(card->findChild<QLineEdit*>()->hasFocus());
    QTest::keyClick(card->findChild<QLineEdit*>(), Qt::Key_Escape);
    QTRY_VERIFY(card->isArmed());  // anew, since it has the focus again
    fixture.button("Always allow")->click();
    QTRY_VERIFY(!fixture.controller().isAnswering());
    QVERIFY(fixture.controller().question() == nullptr);
    QTRY_COMPARE(fixture.controller().grants().size(), std::size_t{1});

    fixture.window().showSettings();
    QAbstractButton* revoke =
        fixture.button("Revoke reading of " + fixture.controller().grants().front().folder);
    QVERIFY(revoke != nullptr);
    revoke->click();
    QTRY_VERIFY(fixture.controller().grants().empty());
}

void MainWindowTest::showsEveryAnswerInANarrowWindow() {
#ifdef Q_OS_WIN
    QSKIP("tools that read files are off there, so nothing asks");
#endif
    WindowFixture fixture(kAsks);
    QVERIFY(fixture.loadModel());
    fixture.controller().send("What is in ~/Documents?");
    QTRY_VERIFY(fixture.window().chatPage()->card() != nullptr);
    const ApprovalCard* card = fixture.window().chatPage()->card();
    QTRY_VERIFY(card->isVisible());
    QTRY_COMPARE(card->height(), card->heightForWidth(card->width()));
    const int wide = card->width();
    fixture.window().resize(fixture.window().minimumSize());
    QTRY_VERIFY(card->width() < wide);
    QTRY_COMPARE(card->height(), card->heightForWidth(card->width()));
    const QAbstractButton* deny = fixture.button("Deny");
    QVERIFY(deny != nullptr);
    QVERIFY(card->rect().contains(deny->geometry()));
}

void MainWindowTest::showsAFailureWithAWayOn() {
    WindowFixture fixture;
    emit fixture.controller().modelFailed("The file is cut short. Get it again.");
    QVERIFY(fixture.window().banner()->isVisible());
    QVERIFY(fixture.button("Choose a file…") != nullptr);
    QVERIFY(fixture.button("Copy details") != nullptr);
    fixture.button("Try the demo model")->click();
    QTRY_VERIFY(fixture.window().banner()->isHidden());
}

/// It comes at the start, a moment before the model is there.
void MainWindowTest::keepsAnotherProblemWhenAModelIsThere() {
    WindowFixture fixture;
    emit fixture.controller().problem("The database was damaged.", "details");
    QSignalSpy changes(&fixture.controller(), &ChatController::modelStateChanged);
    fixture.controller().loadModel({});
    QTRY_VERIFY(!changes.isEmpty() &&
                fixture.controller().modelState() == ChatController::ModelState::Ready);
    QVERIFY(fixture.window().banner()->isVisible());
    QCOMPARE(fixture.window().banner()->sentence(), QString("The database was damaged."));
}

void MainWindowTest::choosesColoursAndSize() {
    WindowFixture fixture;
    fixture.window().showSettings();
    fixture.button("Dark")->click();
    QCOMPARE(fixture.appearance().theme().scheme, Theme::Scheme::Dark);
    fixture.button("High contrast")->click();
    QCOMPARE(fixture.appearance().theme().scheme, Theme::Scheme::HighContrast);
    fixture.button("Larger text")->click();
    QCOMPARE(fixture.appearance().fontScale(), 1.1);
    QTest::keyClick(&fixture.window(), Qt::Key_0, Qt::ControlModifier);
    QCOMPARE(fixture.appearance().fontScale(), 1.0);
}

void MainWindowTest::aNoteIsAsWideAsItsText() {
    WindowFixture f;
    auto* toast = f.window().findChild<Toast*>();
    QVERIFY(toast);
    toast->showNote("Undid 15 changes to files");
    const int width = toast->width();
    for (const double scale : {2.0, 0.8, 1.0}) {
        f.controller().setSetting("fontScale", scale);
        QTRY_COMPARE(toast->width() == width, scale == 1.0);
    }
    toast->showNote("Copied");
    QVERIFY(toast->width() < width);
}

void MainWindowTest::remembersItsSize() {
    WindowFixture fixture;
    fixture.window().resize(900, 600);
    fixture.window().close();
    const QJsonObject layout = fixture.controller().setting("window").toObject();
    QCOMPARE(layout["width"].toInt(), 900);
    fixture.window().resize(1000, 700);
    fixture.window().restore();
    QCOMPARE(fixture.window().size(), QSize(900, 600));
}

void MainWindowTest::countsItsSockets() {
    const auto sockets = countOpenSockets();
    if (!sockets) QSKIP("this system has no /proc/self/net");
    QCOMPARE(sockets->network, 0);
    QVERIFY(describeSockets(sockets).contains("none"));
    QVERIFY(describeSockets(OpenSockets{2, 0, 0}).contains("2"));
}

QTEST_MAIN(MainWindowTest)
#include "tst_main_window.moc"
