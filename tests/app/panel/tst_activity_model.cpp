#include "app/chat/call_changes.h"
#include "app/chat/conversation_model.h"
#include "app/panel/activity_model.h"

#include <QAbstractItemModelTester>
#include <QJsonArray>
#include <QSignalSpy>
#include <QTest>

using namespace lares::app;

namespace {

using State = ActivityEntry::State;
using CallState = Part::CallState;

Part call(const char* tool, CallState state, const char* summary) {
    Part part;
    part.kind = Part::Kind::ToolCall;
    part.toolName = tool;
    part.callState = state;
    part.summary = summary;
    part.text = R"({"path":"~/Documents"})";
    return part;
}

Part result(const QString& text) {
    Part part;
    part.kind = Part::Kind::ToolResult;
    part.text = text;
    return part;
}

ChatMessage answer(MessageId id, MessageId parent, std::vector<Part> parts) {
    ChatMessage message;
    message.id = id;
    message.conversation = 1;
    message.parent = parent;
    message.role = Role::Assistant;
    message.parts = std::move(parts);
    return message;
}

void show(ConversationModel& model, std::vector<ChatMessage> messages) {
    ConversationInfo info;
    info.id = 1;
    info.activeLeaf = messages.back().id;
    model.setMessages(info, std::move(messages));
}

}  // namespace

class ActivityModelTest : public QObject {
    Q_OBJECT

private slots:
    void statesHaveNames_data();
    void statesHaveNames();
    void undoneIsAState();
    void detailsTellHowItWasAllowed_data();
    void detailsTellHowItWasAllowed();
    void argumentsPathsAndResult();
    void hostileNamesAreWrittenOut();
    void whatIsNoJsonIsShownAsItIs();
    void followsAnAnswerThatIsWritten();
    void onlyTheShownBranch();
    void filters();
};

void ActivityModelTest::statesHaveNames_data() {
    QTest::addColumn<CallState>("stored");
    QTest::addColumn<QString>("name");
    QTest::newRow("none") << CallState::None << "running";
    QTest::newRow("waiting") << CallState::Waiting << "waiting for you";
    QTest::newRow("running") << CallState::Running << "running";
    QTest::newRow("done") << CallState::Done << "done";
    QTest::newRow("failed") << CallState::Failed << "failed";
    QTest::newRow("denied") << CallState::Denied << "not allowed";
}

void ActivityModelTest::statesHaveNames() {
    QFETCH(CallState, stored);
    QFETCH(QString, name);
    const auto entries = activityOf(answer(2, 1, {call("list_folder", stored, "List Documents")}));
    QCOMPARE(entries.size(), std::size_t{1});
    QCOMPARE(entries[0].title, "List Documents");
    QCOMPARE(entries[0].detail, name);
}

void ActivityModelTest::undoneIsAState() {
    ChatMessage message = answer(2, 1, {call("move", CallState::Done, "Moved a to b")});
    addChange(message.parts[0], 7);
    addChange(message.parts[0], 8);
    QCOMPARE(activityOf(message)[0].state, State::Done);
    QCOMPARE(detailsOf(message, 0).nUndoable, 2);
    QVERIFY(activityOf(message)[0].isChange);
    QVERIFY(markUndone(message, {7, 8}));
    QCOMPARE(activityOf(message)[0].state, State::Undone);
    QCOMPARE(activityOf(message)[0].detail, "undone");
    QCOMPARE(detailsOf(message, 0).nUndoable, 0);
}

void ActivityModelTest::detailsTellHowItWasAllowed_data() {
    QTest::addColumn<QString>("stored");
    QTest::addColumn<QString>("line");
    QTest::addColumn<QString>("sentence");
    QTest::newRow("nobody") << ""
                            << "done"
                            << "";
    QTest::newRow("once") << "once"
                          << "done · allowed once"
                          << "You allowed it, this once.";
    QTest::newRow("conversation") << "conversation"
                                  << "done · allowed for this conversation"
                                  << "You allowed it, and the like for this conversation.";
    QTest::newRow("always") << "always"
                            << "done · always allowed"
                            << "You allowed it, and the like from then on.";
    QTest::newRow("grant") << "grant"
                           << "done · allowed earlier"
                           << "A permission covered it that you gave before.";
    QTest::newRow("none") << "none"
                          << "done"
                          << "It needed no permission: it touches no files.";
}

void ActivityModelTest::detailsTellHowItWasAllowed() {
    QFETCH(QString, stored);
    Part part = call("list_folder", CallState::Done, "Listed");
    if (!stored.isEmpty()) part.data["allowedBy"] = stored;
    const ChatMessage message = answer(2, 1, {part});
    QTEST(activityOf(message)[0].detail, "line");
    QTEST(detailsOf(message, 0).allowed, "sentence");
}

void ActivityModelTest::argumentsPathsAndResult() {
    Part part = call("read_file", CallState::Done, "Read notes.txt");
    part.text = R"({"path":"~/notes.txt","lines":[1,2],"text":"two\nlines"})";
    part.durationMs = 1234;
    part.data["paths"] = QJsonArray{"/home/me/notes.txt"};
    part.data["layers"] = QJsonArray{"openat2", "landlock"};
    const ChatMessage message = answer(2, 1, {part, result("grüße")});
    const ActivityDetails details = detailsOf(message, 0);
    QCOMPARE(details.tool, "read_file");
    QCOMPARE(details.arguments, "lines: [1,2]\npath: ~/notes.txt\ntext:\ntwo\nlines");
    QCOMPARE(details.paths, QStringList{"/home/me/notes.txt"});
    QCOMPARE(details.layers, "openat2, landlock");
    QCOMPARE(details.result, "grüße");
    QCOMPARE(details.resultBytes, qsizetype{7});
    QVERIFY(activityOf(message)[0].detail.contains("1.2 s"));
    QCOMPARE(detailsOf(answer(2, 1, {part}), 0).resultBytes, qsizetype{-1});
}

void ActivityModelTest::hostileNamesAreWrittenOut() {
    Part part = call("list\u202Efolder", CallState::Done, "Read evil\u202Etxt.exe\nand more");
    part.text = QString(R"({"pa\u202Eth":"a\u0007b\u200Bc"})");
    part.data["paths"] = QJsonArray{"/home/\u202Etxt"};
    const ChatMessage message = answer(2, 1, {part, result("x\u202Ey\tz\nnext\rline")});
    const ActivityDetails details = detailsOf(message, 0);
    QCOMPARE(activityOf(message)[0].title, "Read evil\\u{202e}txt.exe\\u{a}and more");
    QCOMPARE(details.tool, "list\\u{202e}folder");
    QCOMPARE(details.arguments, "pa\\u{202e}th: a\\u{7}b\\u{200b}c");
    QCOMPARE(details.paths, QStringList{"/home/\\u{202e}txt"});
    QCOMPARE(details.result, "x\\u{202e}y\tz\nnext\\u{d}line");
}

void ActivityModelTest::whatIsNoJsonIsShownAsItIs() {
    Part part = call("", CallState::Failed, "");
    part.text = "<tool_call>{broken\u202E";
    const ChatMessage message = answer(2, 1, {part});
    QVERIFY(!activityOf(message)[0].title.isEmpty());
    QCOMPARE(detailsOf(message, 0).arguments, "<tool_call>{broken\\u{202e}");
}

void ActivityModelTest::followsAnAnswerThatIsWritten() {
    ConversationModel conversation;
    ActivityModel model;
    const QAbstractItemModelTester tester(&model,
                                          QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setConversation(&conversation);
    ChatMessage message = answer(2, 0, {call("list_folder", CallState::Waiting, "List A")});
    conversation.append(message);
    QCOMPARE(model.rowCount(), 1);
    QCOMPARE(model.at(0).state, State::Waiting);

    QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
    QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
    message.parts[0].callState = CallState::Running;
    conversation.update(message);
    QCOMPARE(changed.count(), 1);
    QCOMPARE(model.at(0).state, State::Running);
    Part text;
    text.text = "More and more text";
    message.parts.push_back(text);
    conversation.update(message);  // nothing new about the call
    QCOMPARE(changed.count(), 1);

    message.parts[0].callState = CallState::Done;
    message.parts.push_back(call("move", CallState::Running, "Move B"));
    conversation.update(message);
    QCOMPARE(model.rowCount(), 2);
    QCOMPARE(model.at(0).state, State::Done);
    QCOMPARE(reset.count(), 0);  // so the list keeps its place
    QCOMPARE(model.data(model.index(1), Qt::AccessibleTextRole).toString(), "Move B, running");
}

void ActivityModelTest::onlyTheShownBranch() {
    ConversationModel conversation;
    show(conversation, {answer(1, 0, {call("list_folder", CallState::Done, "One")}),
                        answer(2, 1, {call("list_folder", CallState::Done, "Two")}),
                        answer(3, 1, {call("list_folder", CallState::Done, "Three")})});
    ActivityModel model;
    model.setConversation(&conversation);
    QCOMPARE(model.rowCount(), 2);
    QCOMPARE(model.at(1).title, "Three");
    conversation.showVersion(1, 0);
    QCOMPARE(model.rowCount(), 2);
    QCOMPARE(model.at(1).title, "Two");
    model.setConversation(nullptr);
    QCOMPARE(model.rowCount(), 0);
}

void ActivityModelTest::filters() {
    ConversationModel conversation;
    show(conversation, {answer(1, 0,
                               {call("list_folder", CallState::Done, "Listed"),
                                call("move", CallState::Done, "Moved"),
                                call("move", CallState::Denied, "Refused: move"),
                                call("read_file", CallState::Denied, "Refused: read")})});
    ActivityModel model;
    const QAbstractItemModelTester tester(&model,
                                          QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setConversation(&conversation);
    QCOMPARE(model.rowCount(), 4);
    model.setFilter(ActivityModel::Filter::Changes);
    QCOMPARE(model.rowCount(), 2);
    model.setFilter(ActivityModel::Filter::Refused);
    QCOMPARE(model.rowCount(), 2);
    QCOMPARE(model.at(1).title, "Refused: read");
    model.setFilter(ActivityModel::Filter::All);
    QCOMPARE(model.rowCount(), 4);
}

QTEST_GUILESS_MAIN(ActivityModelTest)
#include "tst_activity_model.moc"
