#include "app/approval/approval_card.h"
#include "app/chat/conversation_list_model.h"
#include "app/chat/conversation_model.h"
#include "app/desktop/answer_notices.h"
#include "app/desktop/autostart.h"
#include "app/desktop/desktop.h"
#include "app/desktop/desktop_section.h"
#include "app/desktop/tray.h"
#include "app/transcript/transcript_view.h"
#include "app/ui/banner.h"
#include "app/ui/chat_page.h"
#include "app/ui/composer.h"
#include "app/ui/quick_window.h"
#include "app/ui/settings_page.h"
#include "tests/app/ui/window_fixture.h"

#include <QAbstractButton>
#include <QApplication>
#include <QClipboard>
#include <QLabel>
#include <QMenu>
#include <QSignalSpy>
#include <QTest>

using namespace lares::app;
using lares::test::WindowFixture;

namespace {

constexpr const char* kAnswers = R"([
    {"when": "rivers", "steps": [{"text": "The Danube and"}, {"hold": true}]},
    {"when": "Documents", "steps": [
        {"call": "list_folder", "arguments": {"path": "~/Documents"}}]},
    {"steps": [{"text": "Hello."}]}])";

}  // namespace

/// What the desktop sees of Lares: notices, the quick window, the tray's menu, settings.
class DesktopTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { qputenv("XDG_CONFIG_HOME", m_config.path().toUtf8()); }
    void init();
    void cleanup();
    void theQuickWindowTakesTextOnly();
    void tellsOfALongAnswer();
    void tellsNothingWhileAWindowIsInFront();
    void tellsThatAPermissionIsNeeded();
    void tellsNothingWhereNotWanted();
    void aQuickQuestionLeavesTheWindowAsItIs();
    void aSecondQuestionGoesOn();
    void comingUpAgainBeginsAnew();
    void anAnswerThatIsWrittenIsThereAgain();
    void opensInLares();
    void aSourceOpensInLares();
    void saysWhyNobodyAnswers();
    void aPermissionLeadsToLares();
    void isOneConversationInBothWindows();
    void everythingInItHasAName();
    void theTraysMenu();
    void tellsNothingOfWhatIsTemporary();
    void quittingFromTheTrayAsksFirst();
    void settingsChooseAllOfIt();

private:
    void goAway() {
        f().window().hide();
        QTRY_VERIFY(QApplication::activeWindow() == nullptr);
    }
    void ask(const QString& question);
    void waitForAnswer() {
        QTRY_VERIFY(!quick().conversation() || quick().conversation()->rowCount() > 0);
        QTRY_VERIFY(!f().controller().isAnsweringIn(quick().conversation()->info().id));
    }
    [[nodiscard]] QString answer() {
        const ConversationModel& model = *quick().conversation();
        return markdownOf(model.messageAt(model.rowCount() - 1));
    }
    [[nodiscard]] QAbstractButton* button(const QString& text) {
        for (auto* button : quick().findChildren<QAbstractButton*>()) {
            if (button->isVisible() && button->text() == text) return button;
        }
        return nullptr;
    }
    [[nodiscard]] QString texts() {
        QStringList texts;
        for (const auto* label : quick().findChildren<QLabel*>()) texts << label->text();
        return texts.join('\n');
    }
    [[nodiscard]] WindowFixture& f() { return *m_fixture; }
    [[nodiscard]] QuickWindow& quick() { return *m_desktop->quick(); }

    QTemporaryDir m_config;
    std::unique_ptr<WindowFixture> m_fixture;
    std::unique_ptr<Desktop> m_desktop;
};

void DesktopTest::init() {
    m_fixture = std::make_unique<WindowFixture>(kAnswers);
    m_desktop =
        std::make_unique<Desktop>(&f().appearance(), &f().controller(), &f().window(), QString());
    QVERIFY(f().loadModel());
}

void DesktopTest::cleanup() {
    m_desktop.reset();
    m_fixture.reset();
}

void DesktopTest::ask(const QString& question) {
    m_desktop->showQuick();
    auto* text = quick().composer()->findChild<ComposerText*>();
    QTest::keyClicks(text, question);
    QTest::keyClick(text, Qt::Key_Return);
}

/// There is no room for files there: no clip, and a long text that is pasted stays text.
void DesktopTest::theQuickWindowTakesTextOnly() {
    m_desktop->showQuick();
    auto* text = quick().composer()->findChild<ComposerText*>();
    for (auto* button : quick().composer()->findChildren<QAbstractButton*>())
        QVERIFY(!button->isVisible() || button->accessibleName() != "Attach files");
    QGuiApplication::clipboard()->setText(QString(ComposerText::kLongPaste + 1, 'x'));
    text->paste();
    QCOMPARE(text->toPlainText().size(), ComposerText::kLongPaste + 1);
}

void DesktopTest::tellsOfALongAnswer() {
    AnswerNotices notices(&f().controller());
    QSignalSpy wanted(&notices, &AnswerNotices::wanted);
    QSignalSpy ended(&f().controller(), &ChatController::answerEnded);
    QVERIFY(f().converse(QString("A question %1of\nmany words").arg(QChar(0x202e)).repeated(5)));
    const ConversationId id = f().controller().conversation()->info().id;
    QCOMPARE(ended.count(), 1);
    QCOMPARE(ended[0][0].value<ConversationId>(), id);
    QVERIFY(ended[0][1].toLongLong() >= 0 && ended[0][1].toLongLong() < AnswerNotices::kLongMs);
    goAway();
    emit f().controller().answerEnded(id, AnswerNotices::kLongMs - 1);
    QCOMPARE(wanted.count(), 0);
    emit f().controller().answerEnded(id, AnswerNotices::kLongMs);
    QCOMPARE(wanted.count(), 1);
    QVERIFY(wanted[0][0].toString().startsWith("A question [U+202E]of many words"));
    QVERIFY(wanted[0][0].toString().size() < 90);
    QVERIFY(!wanted[0][1].toString().contains("Hello"));  // nothing of the answer
    QCOMPARE(wanted[0][2].value<ConversationId>(), id);
    emit f().controller().answerEnded(id + 1, AnswerNotices::kLongMs);  // deleted meanwhile
    QCOMPARE(wanted.count(), 1);
}

void DesktopTest::tellsNothingWhileAWindowIsInFront() {
    AnswerNotices notices(&f().controller());
    QSignalSpy wanted(&notices, &AnswerNotices::wanted);
    QVERIFY(f().converse("A question"));
    const ConversationId id = f().controller().conversation()->info().id;
    emit f().controller().answerEnded(id, AnswerNotices::kLongMs);
    goAway();
    m_desktop->showQuick();
    QTRY_VERIFY(QApplication::activeWindow() == m_desktop->quick());
    emit f().controller().answerEnded(id, AnswerNotices::kLongMs);
    QCOMPARE(wanted.count(), 0);
}

void DesktopTest::tellsThatAPermissionIsNeeded() {
    AnswerNotices notices(&f().controller());
    QSignalSpy wanted(&notices, &AnswerNotices::wanted);
    QSignalSpy ended(&f().controller(), &ChatController::answerEnded);
    goAway();
    f().controller().send("What is in Documents?");
    QTRY_COMPARE(wanted.count(), 1);
    QVERIFY(wanted[0][1].toString().contains("permission"));
    f().controller().stop();
    QTRY_VERIFY(!f().controller().isAnswering());
    QCOMPARE(ended.count(), 0);  // the user knows
    QCOMPARE(wanted.count(), 1);
}

void DesktopTest::tellsNothingWhereNotWanted() {
    AnswerNotices notices(&f().controller());
    QSignalSpy wanted(&notices, &AnswerNotices::wanted);
    QVERIFY(f().converse("A question"));
    goAway();
    f().controller().setSetting(AnswerNotices::kSetting, false);
    emit f().controller().answerEnded(f().controller().conversation()->info().id,
                                      AnswerNotices::kLongMs);
    QCOMPARE(wanted.count(), 0);
}

void DesktopTest::aQuickQuestionLeavesTheWindowAsItIs() {
    QVERIFY(f().converse("In the window"));
    const ConversationModel* shown = f().controller().conversation();
    ask("Good morning");
    waitForAnswer();
    QCOMPARE(answer(), QString("Hello."));
    QCOMPARE(f().controller().conversation(), shown);
    QCOMPARE(shown->rowCount(), 2);
    QCOMPARE(f().controller().setting("lastConversation"), QJsonValue());  // unread until a start
    QCOMPARE(f().controller().conversations()->rowCount(), 2);
    QVERIFY(quick().transcript()->isVisible());
    QVERIFY(!quick().grab().isNull());
    QTest::keyClick(quick().composer()->findChild<ComposerText*>(), Qt::Key_Escape);
    QVERIFY(quick().isHidden());
}

void DesktopTest::aSecondQuestionGoesOn() {
    ask("Good morning");
    waitForAnswer();
    ask("And now?");
    QTRY_COMPARE(quick().conversation()->rowCount(), 4);
    waitForAnswer();
    QCOMPARE(f().controller().conversations()->rowCount(), 1);
}

void DesktopTest::comingUpAgainBeginsAnew() {
    ask("Good morning");
    waitForAnswer();
    quick().close();
    m_desktop->showQuick();
    QCOMPARE(quick().conversation(), nullptr);
    QVERIFY(!quick().transcript()->isVisible());
    ask("Another");
    waitForAnswer();
    QCOMPARE(f().controller().conversations()->rowCount(), 2);
}

void DesktopTest::anAnswerThatIsWrittenIsThereAgain() {
    ask("About rivers");
    QTRY_COMPARE(quick().conversation()->rowCount(), 2);
    QTRY_VERIFY(answer().contains("Danube"));
    quick().close();
    m_desktop->showQuick();
    QTRY_VERIFY(answer().contains("Danube"));
    QVERIFY(quick().transcript()->isVisible());
    auto* text = quick().composer()->findChild<ComposerText*>();
    QTest::keyClick(text, Qt::Key_Escape);  // stops, as in the window, and closes after that
    QTRY_VERIFY(!f().controller().isAnsweringIn(quick().conversation()->info().id));
    QVERIFY(quick().isVisible());
    QTest::keyClick(text, Qt::Key_Escape);
    QVERIFY(quick().isHidden());
}

void DesktopTest::opensInLares() {
    ask("Good morning");
    waitForAnswer();
    const ConversationId id = quick().conversation()->info().id;
    f().window().hide();
    button("Open in Lares")->click();
    QVERIFY(quick().isHidden());
    QVERIFY(f().window().isVisible());
    QCOMPARE(f().controller().conversation()->info().id, id);
    QTRY_COMPARE(f().controller().conversation()->rowCount(), 2);
}

/// Of an earlier conversation: at the message, with what is in the main window kept.
void DesktopTest::aSourceOpensInLares() {
    QVERIFY(f().converse("Good morning"));
    const ConversationId said = f().controller().conversation()->info().id;
    const MessageId message = f().controller().conversation()->messageAt(0).id;
    QVERIFY(f().converse("Good evening"));
    const ConversationId other = f().controller().conversation()->info().id;
    const Composer* composer = f().window().chatPage()->composer();
    QTest::keyClicks(composer->findChild<ComposerText*>(), "A draft");
    goAway();
    ask("Good night");
    waitForAnswer();
    emit quick().transcript()->messageActivated(said + 1000, 1);  // gone since
    QVERIFY(quick().isVisible());
    QVERIFY(texts().contains("was deleted"));
    QSignalSpy shown(&f().controller(), &ChatController::messageFound);
    emit quick().transcript()->messageActivated(said, message);
    QTRY_COMPARE(shown.count(), 1);
    QCOMPARE(shown[0][0].value<MessageId>(), message);
    QCOMPARE(f().controller().conversation()->info().id, said);
    QVERIFY(f().window().isVisible());
    QVERIFY(!quick().isVisible());
    f().controller().openConversation(other);
    QTRY_COMPARE(composer->text(), QString("A draft"));
}

void DesktopTest::saysWhyNobodyAnswers() {
    cleanup();
    m_fixture = std::make_unique<WindowFixture>(kAnswers);  // no model
    m_desktop =
        std::make_unique<Desktop>(&f().appearance(), &f().controller(), &f().window(), QString());
    ask("Good morning");
    QVERIFY(texts().contains("No model is loaded"));
    QCOMPARE(quick().composer()->text(), QString("Good morning"));
    QCOMPARE(quick().conversation(), nullptr);
}

void DesktopTest::aPermissionLeadsToLares() {
    ask("What is in Documents?");
    QTRY_VERIFY(texts().contains("A permission is needed"));
    button("Open in Lares")->click();
    QTRY_VERIFY(f().controller().question() != nullptr);
    f().controller().stop();
    QTRY_VERIFY(!f().controller().isAnswering());
}

/// Opened from the list while the quick window is there: what is asked in either is in both.
void DesktopTest::isOneConversationInBothWindows() {
    ask("Good morning");
    waitForAnswer();
    f().controller().openConversation(quick().conversation()->info().id);
    QCOMPARE(f().controller().conversation(), quick().conversation());
    f().controller().send("From the window");
    QTRY_COMPARE(quick().conversation()->rowCount(), 4);
    waitForAnswer();
    f().controller().renameConversation(quick().conversation()->info().id, "Named");
    f().controller().newConversation();
    ask("From the quick window");
    QTRY_COMPARE(quick().conversation()->rowCount(), 6);
    waitForAnswer();
    QCOMPARE(quick().conversation()->info().title, QString("Named"));
    // Deleted, it is not written to any more.
    f().controller().deleteConversation(quick().conversation()->info().id);
    ask("Once more");
    QTRY_COMPARE(quick().conversation()->rowCount(), 2);
    waitForAnswer();
    QCOMPARE(f().controller().conversations()->rowCount(), 1);
}

void DesktopTest::everythingInItHasAName() {
    ask("Good morning");
    waitForAnswer();
    for (const auto* button : quick().findChildren<QAbstractButton*>()) {
        if (button->isVisible())
            QVERIFY(!button->accessibleName().isEmpty() || !button->text().isEmpty());
    }
    QCOMPARE(quick().accessibleName(), QString("Quick question"));
}

void DesktopTest::theTraysMenu() {
    QVERIFY(f().converse("Good morning"));
    const auto choose = [&](const QString& text) {
        for (QAction* action : m_desktop->tray()->menu()->actions()) {
            if (action->text() == text) return action->trigger();
        }
        QFAIL(qPrintable(text));
    };
    goAway();
    choose("Show Lares");
    QVERIFY(f().window().isVisible());
    goAway();
    choose("New conversation");
    QVERIFY(f().window().isVisible());
    QCOMPARE(f().controller().conversation()->rowCount(), 0);
    goAway();
    choose("New temporary conversation");
    QVERIFY(f().window().isVisible());
    QVERIFY(f().controller().conversation()->info().isTemporary);
    choose("Quick question");
    QVERIFY(quick().isVisible());
    // No desktop here has a tray: nothing is hidden where nobody would find it.
    f().controller().setSetting(Desktop::kTraySetting, true);
    QCOMPARE(m_desktop->tray()->isShown(), Tray::isAvailable());
    QCOMPARE(QApplication::quitOnLastWindowClosed(), !Tray::isAvailable());
    m_desktop->tray()->notify("Title", "Text", 1);
}

/// A desktop may keep what it shows.
void DesktopTest::tellsNothingOfWhatIsTemporary() {
    AnswerNotices notices(&f().controller());
    QSignalSpy wanted(&notices, &AnswerNotices::wanted);
    f().controller().newTemporaryConversation();
    f().controller().send("What is in Documents?");
    QTRY_VERIFY(f().controller().isAnswering());
    goAway();
    QTRY_COMPARE(wanted.count(), 1);
    QCOMPARE(wanted.first()[0].toString(), QString("A temporary conversation"));
}

void DesktopTest::quittingFromTheTrayAsksFirst() {
    f().controller().newTemporaryConversation();
    f().controller().send("Good morning");
    QTRY_COMPARE(f().controller().conversation()->rowCount(), 2);
    QTRY_VERIFY(!f().controller().isAnswering());
    goAway();
    emit m_desktop->tray()->quitRequested();
    QVERIFY(f().window().isVisible());
    QVERIFY(!f().window().banner()->sentence().isEmpty());
    QCOMPARE(f().controller().temporaryConversations().size(), std::size_t{1});
}

void DesktopTest::settingsChooseAllOfIt() {
    f().window().showSettings();
    auto* section = f().window().settingsPage()->findChild<DesktopSection*>();
    QVERIFY(section);
    QVERIFY(f().button("Say when a long answer ends")->isChecked());
    f().button("Say nothing")->click();
    QVERIFY(!AnswerNotices::isOn(f().controller()));
    QVERIFY(!f().button("Say when a long answer ends")->isChecked());
    QVERIFY(f().button("Start nothing")->isChecked());
    f().button("Start Lares")->click();
    QVERIFY(isAutostarting());
    QVERIFY(setAutostarting(false));  // by the desktop's own settings
    f().window().showChat();
    f().window().showSettings();
    QVERIFY(f().button("Start nothing")->isChecked());
    QCOMPARE(f().button("Show the icon")->isEnabled(), Tray::isAvailable());
    f().button("Copy the command")->click();
    QCOMPARE(QGuiApplication::clipboard()->text(),
             QString("\"%1\" --quick").arg(QCoreApplication::applicationFilePath()));
}

QTEST_MAIN(DesktopTest)
#include "tst_desktop.moc"
