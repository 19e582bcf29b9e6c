// The activity of real calls: through the broker, on a home folder of its own.
#include "app/approval/approval_card.h"
#include "app/chat/conversation_model.h"
#include "app/panel/activity_model.h"
#include "app/panel/activity_page.h"
#include "app/panel/code_box.h"
#include "app/panel/side_panel.h"
#include "app/transcript/transcript_view.h"
#include "app/ui/chat_page.h"
#include "app/ui/text_label.h"
#include "tests/app/ui/window_fixture.h"

#include <QAbstractButton>
#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QListView>
#include <QSignalSpy>
#include <QTest>

using namespace lares::app;
using lares::test::WindowFixture;

namespace {

using State = ActivityEntry::State;

constexpr const char* kLooks =
    R"([{"steps": [{"call": "list_folder", "arguments": {"path": "~/Documents"}}]},
        {"steps": [{"text": "Nothing is in there."}]}])";
constexpr const char* kMakes =
    R"([{"steps": [{"call": "make_folder", "arguments": {"path": "~/Documents/Bills"}}]},
        {"steps": [{"text": "Made."}]}])";
constexpr const char* kWrites =
    R"([{"steps": [{"call": "write_file",
                    "arguments": {"path": "~/Documents/list.txt", "content": "bread\u202e"}}]},
        {"steps": [{"text": "Written."}]}])";

ActivityPage& open(WindowFixture& fixture) {
    fixture.window().setPanelOpen(true);
    fixture.window().panel()->showTab(SidePanel::Tab::Activity);
    return *fixture.window().panel()->activity();
}

bool says(const ActivityPage& page, const QString& words) {
    for (const TextLabel* label : page.findChildren<TextLabel*>()) {
        if (label->isVisible() && label->text().contains(words)) return true;
    }
    for (const CodeBox* box : page.findChildren<CodeBox*>()) {
        if (box->isVisible() && box->toPlainText().contains(words)) return true;
    }
    return false;
}

}  // namespace

class ActivityPageTest : public QObject {
    Q_OBJECT

private slots:
    void saysWhenThereIsNothing();
    void followsACallFromTheQuestionToItsEnd();
    void aRefusalStands();
    void aToolThatNeedsNoPermissionSaysSo();
    void anEarlierPermissionIsNamed();
    void whatWasChangedCanBeUndone();
    void whatAWriteComesToIsTold();
    void aLineLeadsToItsMessage();
    void filtersByClick();
    void staysAsItIsAfterARestart();
    void unseenItFollowsNothing();
};

void ActivityPageTest::unseenItFollowsNothing() {
    WindowFixture fixture(R"([{"steps": [{"call": "get_time"}]}, {"steps": [{"text": "Noon."}]}])");
    const ActivityPage& page = open(fixture);
    QVERIFY(fixture.loadModel() && fixture.converse("What time is it?"));
    page.list()->setCurrentIndex(page.model()->index(0));
    auto* panel = fixture.window().findChild<SidePanel*>();
    panel->showTab(SidePanel::Tab::Persona);
    QCOMPARE(page.model()->rowCount(), 0);
    panel->showTab(SidePanel::Tab::Activity);
    QCOMPARE(page.model()->rowCount(), 1);
    QCOMPARE(page.list()->currentIndex().row(), 0);  // what was chosen is chosen
    QTRY_VERIFY(says(page, "Tool: get_time"));
}

void ActivityPageTest::saysWhenThereIsNothing() {
    WindowFixture fixture;
    const ActivityPage& page = open(fixture);
    QTRY_VERIFY(says(page, "No tool was used in this conversation"));
    QVERIFY(!page.list()->isVisible());
}

void ActivityPageTest::followsACallFromTheQuestionToItsEnd() {
    WindowFixture fixture(kLooks);
    const ActivityPage& page = open(fixture);
    QVERIFY(fixture.loadModel());
    fixture.controller().send("What is in there?");
    QTRY_VERIFY(fixture.controller().question());
    QCOMPARE(page.model()->rowCount(), 1);
    QCOMPARE(page.model()->at(0).state, State::Waiting);
    page.list()->setCurrentIndex(page.model()->index(0));
    QTRY_VERIFY(says(page, "Tool: list_folder"));
    QTRY_VERIFY(says(page, "path: ~/Documents"));
    QVERIFY(!says(page, "Kept in its folders by"));

    fixture.controller().answerQuestion(PermissionAnswer::Once);
    QTRY_VERIFY(!fixture.controller().isAnswering());
    QCOMPARE(page.model()->at(0).state, State::Done);
    QVERIFY(page.model()->at(0).detail.contains("allowed once"));
    QTRY_VERIFY(says(page, "You allowed it, this once."));
    QTRY_VERIFY(says(page, QDir::homePath() + "/Documents"));
    QTRY_VERIFY(says(page, "Kept in its folders by"));
    const Part& call = fixture.controller().conversation()->messageAt(1).parts[0];
    QVERIFY(!call.data["layers"].toArray().isEmpty());
}

void ActivityPageTest::aRefusalStands() {
    WindowFixture fixture(kLooks);
    const ActivityPage& page = open(fixture);
    QVERIFY(fixture.loadModel());
    fixture.controller().send("What is in there?");
    QTRY_VERIFY(fixture.controller().question());
    fixture.controller().answerQuestion(PermissionAnswer::No);
    QTRY_VERIFY(!fixture.controller().isAnswering());
    QCOMPARE(page.model()->at(0).state, State::Refused);
    page.list()->setCurrentIndex(page.model()->index(0));
    QVERIFY(!says(page, "You allowed it"));
    QTRY_VERIFY(says(page, QDir::homePath() + "/Documents"));  // what it was about
}

void ActivityPageTest::aToolThatNeedsNoPermissionSaysSo() {
    WindowFixture fixture(R"([{"steps": [{"call": "get_time"}]}, {"steps": [{"text": "Noon."}]}])");
    const ActivityPage& page = open(fixture);
    QVERIFY(fixture.loadModel() && fixture.converse("What time is it?"));
    QCOMPARE(page.model()->rowCount(), 1);
    page.list()->setCurrentIndex(page.model()->index(0));
    QTRY_VERIFY(says(page, "It needed no permission"));
}

void ActivityPageTest::anEarlierPermissionIsNamed() {
    WindowFixture fixture(kLooks);
    const ActivityPage& page = open(fixture);
    QVERIFY(fixture.loadModel());
    fixture.controller().send("What is in there?");
    QTRY_VERIFY(fixture.controller().question());
    fixture.controller().answerQuestion(PermissionAnswer::Conversation);
    QTRY_VERIFY(!fixture.controller().isAnswering());
    fixture.controller().send("And now?");
    QTRY_COMPARE(fixture.controller().conversation()->rowCount(), 4);
    QTRY_VERIFY(!fixture.controller().isAnswering());
    QCOMPARE(page.model()->rowCount(), 2);
    QVERIFY(page.model()->at(0).detail.contains("allowed for this conversation"));
    QVERIFY(page.model()->at(1).detail.contains("allowed earlier"));
}

void ActivityPageTest::whatWasChangedCanBeUndone() {
    WindowFixture fixture(kMakes);
    const ActivityPage& page = open(fixture);
    QVERIFY(fixture.loadModel());
    fixture.controller().send("Make a folder for bills");
    QTRY_VERIFY(fixture.controller().question());
    fixture.controller().answerQuestion(PermissionAnswer::Once);
    QTRY_VERIFY(!fixture.controller().isAnswering());
    page.list()->setCurrentIndex(page.model()->index(0));
    QVERIFY(QFile::exists(QDir::homePath() + "/Documents/Bills"));
    QTRY_VERIFY(fixture.button("Undo 1 change of this answer"));
    fixture.button("Undo 1 change of this answer")->click();
    QTRY_COMPARE(page.model()->at(0).state, State::Undone);
    QVERIFY(!QFile::exists(QDir::homePath() + "/Documents/Bills"));
    QTRY_VERIFY(!fixture.button("Undo 1 change of this answer"));
}

void ActivityPageTest::whatAWriteComesToIsTold() {
    WindowFixture fixture(kWrites);
    const ActivityPage& page = open(fixture);
    QVERIFY(fixture.loadModel());
    fixture.controller().send("Write a list");
    QTRY_VERIFY(fixture.controller().question());
    const QString note = fixture.controller().question()->changes.front().note;
    QVERIFY(!note.isEmpty());
    page.list()->setCurrentIndex(page.model()->index(0));
    QTRY_VERIFY(says(page, "On the disk: " + note));
    QTRY_VERIFY(says(page, QDir::homePath() + "/Documents/list.txt"));
    QTRY_VERIFY(says(page, "content: bread\\u{202e}"));
    fixture.controller().answerQuestion(PermissionAnswer::No);
    QTRY_VERIFY(!fixture.controller().isAnswering());
}

void ActivityPageTest::aLineLeadsToItsMessage() {
    WindowFixture fixture(R"([{"steps": [{"call": "get_time"}]}, {"steps": [{"text": "Noon."}]}])");
    const ActivityPage& page = open(fixture);
    QVERIFY(fixture.loadModel() && fixture.converse("What time is it?"));
    QSignalSpy asked(&page, &ActivityPage::messageRequested);
    const QRect line = page.list()->visualRect(page.model()->index(0));
    QTest::mouseClick(page.list()->viewport(), Qt::LeftButton, {}, line.center());
    QCOMPARE(asked.count(), 1);
    QCOMPARE(asked[0][0].toLongLong(), fixture.controller().conversation()->messageAt(1).id);
    page.list()->setFocus();
    QTest::keyClick(page.list(), Qt::Key_Return);
    QCOMPARE(asked.count(), 2);
}

void ActivityPageTest::filtersByClick() {
    WindowFixture fixture(R"([{"steps": [{"call": "get_time"}]}, {"steps": [{"text": "Noon."}]}])");
    const ActivityPage& page = open(fixture);
    QVERIFY(fixture.loadModel() && fixture.converse("What time is it?"));
    fixture.button("Show what changed files")->click();
    QTRY_VERIFY(says(page, "Nothing was changed on your disk"));
    fixture.button("Show what was not allowed")->click();
    QTRY_VERIFY(says(page, "Nothing was refused"));
    fixture.button("Show all tool calls")->click();
    QCOMPARE(page.model()->rowCount(), 1);
}

void ActivityPageTest::staysAsItIsAfterARestart() {
    WindowFixture fixture(kLooks);
    const ActivityPage& page = open(fixture);
    QVERIFY(fixture.loadModel());
    fixture.controller().send("What is in there?");
    QTRY_VERIFY(fixture.controller().question());
    fixture.controller().answerQuestion(PermissionAnswer::Once);
    QTRY_VERIFY(!fixture.controller().isAnswering());
    const ActivityEntry before = page.model()->at(0);
    const ConversationId id = fixture.controller().conversation()->info().id;
    fixture.controller().newConversation();
    QCOMPARE(page.model()->rowCount(), 0);
    fixture.controller().openConversation(id);  // as the disk has it
    QTRY_COMPARE(page.model()->rowCount(), 1);
    QCOMPARE(page.model()->at(0), before);
    page.list()->setCurrentIndex(page.model()->index(0));
    QTRY_VERIFY(says(page, "Kept in its folders by"));
}

QTEST_MAIN(ActivityPageTest)
#include "tst_activity_page.moc"
