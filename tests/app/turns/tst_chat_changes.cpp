#include "app/chat/call_changes.h"
#include "tests/app/turns/desk.h"
#include "tests/tools/audit/audit_support.h"
#include "tools/journal/undo_journal.h"
#include "tools/policy/broker.h"

#include <QDir>
#include <QTemporaryDir>

#include <algorithm>

using namespace lares;
using namespace lares::app;
using lares::test::Desk;
using lares::test::kGreets;
using lares::test::kPatienceMs;

namespace {

constexpr int kPapers = 12;

/// Makes a folder in Papers and moves twelve files from `from` in Papers into it, then says so. The
/// files are made where they lie in Papers itself.
std::string moving(const QString& home, const char* into = "Sorted", const char* from = "") {
    for (int i = 0; i < kPapers && !*from; ++i) {
        QFile paper(QString("%1/Papers/%2.txt").arg(home).arg(i));
        (void)paper.open(QIODevice::WriteOnly);
    }
    const std::string papers = home.toStdString() + "/Papers/";
    const std::string target = papers + into;
    std::string script =
        R"([{"steps":[{"call":"make_folder","arguments":{"path":")" + target + R"("}})";
    for (int i = 0; i < kPapers; ++i) {
        script += R"(,{"call":"move","arguments":{"source":")" + papers + from + "/" +
                  std::to_string(i) + R"(.txt","destination":")" + target + R"("}})";
    }
    return script + R"(]},{"steps":[{"text":"Sorted."}]},{"steps":[{"text":"As you wish."}]}])";
}

}  // namespace

/// What an answer changes in files, asked for once and taken back.
class ChatChangesTest : public QObject {
    Q_OBJECT

private slots:
    void init();
    void aPlanIsAskedOnceAndUndoneWithOneKey();
    void changesAreUndoneAfterARestart();
    void whatSomebodyChangedSinceStays();
    void aChangeThatACrashHidIsUndoneToo();
    void stopWaitsForTheChangeThatIsBeingMade();
    void whatWasUndoneElsewhereIsFoundOut();
    void aGrantForChangesIsKept();

private:
    std::unique_ptr<QTemporaryDir> m_home;
    [[nodiscard]] QString folder() const { return m_home->path() + "/home"; }
};

void ChatChangesTest::init() {
    m_home = std::make_unique<QTemporaryDir>();
    QDir().mkpath(folder() + "/Papers");
    qputenv("HOME", folder().toUtf8());
}

void ChatChangesTest::aPlanIsAskedOnceAndUndoneWithOneKey() {
    Desk desk(moving(folder()).c_str(), m_home->path());
    QSignalSpy made(desk.controller.get(), &ChatController::changesMade);
    QSignalSpy undone(desk.controller.get(), &ChatController::changesUndone);
    desk.controller->send("Sort my papers.");
    QTRY_VERIFY_WITH_TIMEOUT(desk.controller->question(), kPatienceMs);
    const PermissionQuestion question = *desk.controller->question();
    QCOMPARE(question.verb + " " + question.object,
             "Move 12 items from Papers to Sorted, making 1 folder");
    QCOMPARE(question.changes.size(), std::size_t{13});
    QCOMPARE(question.changes[1].before, folder() + "/Papers/0.txt");
    QCOMPARE(question.changes[1].after, folder() + "/Papers/Sorted/0.txt");
    QVERIFY(!QFile::exists(folder() + "/Papers/Sorted"));
    desk.controller->answerQuestion(PermissionAnswer::Once);
    desk.waitForAnswer(2);
    QVERIFY(!desk.controller->question());
    QVERIFY(QFile::exists(folder() + "/Papers/Sorted/11.txt"));
    QCOMPARE(made.count(), 1);
    QCOMPARE(made.first()[1].toString(), "Made 13 changes to files");
    for (const Part& part : desk.last().parts) {
        if (part.kind == Part::Kind::ToolCall) QCOMPARE(part.data["allowedBy"].toString(), "once");
    }

    QCOMPARE(desk.controller->lastChanges(), desk.last().id);
    desk.controller->undoChanges(desk.controller->lastChanges());
    QTRY_COMPARE_WITH_TIMEOUT(undone.count(), 1, kPatienceMs);
    QCOMPARE(undone.first()[0].toString(), "Undid 13 changes to files");
    const std::string log = (m_home->path() + "/data/audit").toStdString();
    QCOMPARE(lares::test::entriesOf(log, AuditEntry::Kind::Undone), 1);
    QVERIFY(undone.first()[1].toString().isEmpty());
    QVERIFY(!QFile::exists(folder() + "/Papers/Sorted"));
    QVERIFY(QFile::exists(folder() + "/Papers/11.txt"));
    QCOMPARE(desk.controller->lastChanges(), MessageId{0});
    // The model must not believe that the files are still there.
    desk.controller->send("And now?");
    desk.waitForAnswer(4);
    const auto& messages = desk.source->lastRequest().conversation.messages;
    const auto told = std::count_if(messages.begin(), messages.end(), [](const Message& message) {
        return message.role == "tool" && message.content.ends_with("[undone by the user]");
    });
    QCOMPARE(told, 13);
}

void ChatChangesTest::changesAreUndoneAfterARestart() {
    {
        Desk desk(moving(folder()).c_str(), m_home->path());
        desk.controller->send("Sort my papers.");
        QTRY_VERIFY_WITH_TIMEOUT(desk.controller->question(), kPatienceMs);
        desk.controller->answerQuestion(PermissionAnswer::Once);
        desk.waitForAnswer(2);
    }
    {
        Desk desk(kGreets, m_home->path());
        QSignalSpy undone(desk.controller.get(), &ChatController::changesUndone);
        desk.controller->undoChanges(desk.controller->lastChanges());
        QTRY_COMPARE_WITH_TIMEOUT(undone.count(), 1, kPatienceMs);
        QVERIFY(QFile::exists(folder() + "/Papers/11.txt"));
    }
    const Desk desk(kGreets, m_home->path());
    QCOMPARE(desk.controller->lastChanges(), MessageId{0});  // that it was undone is kept too
}

void ChatChangesTest::whatSomebodyChangedSinceStays() {
    Desk desk(moving(folder()).c_str(), m_home->path());
    QSignalSpy undone(desk.controller.get(), &ChatController::changesUndone);
    desk.controller->send("Sort my papers.");
    QTRY_VERIFY_WITH_TIMEOUT(desk.controller->question(), kPatienceMs);
    desk.controller->answerQuestion(PermissionAnswer::Once);
    desk.waitForAnswer(2);
    QFile mine(folder() + "/Papers/3.txt");
    QVERIFY(mine.open(QIODevice::WriteOnly));
    mine.write("mine");
    mine.close();
    desk.controller->undoChanges(desk.controller->lastChanges());
    QTRY_COMPARE_WITH_TIMEOUT(undone.count(), 1, kPatienceMs);
    QVERIFY2(undone.first()[0].toString().startsWith("Undid 11 of 13 changes. "),
             qPrintable(undone.first()[0].toString()));
    QVERIFY(undone.first()[1].toString().contains("something else is at"));
    QVERIFY(undone.first()[1].toString().contains("there is something in it"));
    QVERIFY(mine.open(QIODevice::ReadOnly));
    QCOMPARE(mine.readAll(), QByteArray("mine"));
    QVERIFY(QFile::exists(folder() + "/Papers/Sorted/3.txt"));
    QVERIFY(desk.controller->lastChanges() != 0);  // what stays can be tried again
}

void ChatChangesTest::aChangeThatACrashHidIsUndoneToo() {
    ChatMessage waiting;
    {
        Desk desk(moving(folder()).c_str(), m_home->path());
        desk.controller->send("Sort my papers.");
        QTRY_VERIFY_WITH_TIMEOUT(desk.controller->question(), kPatienceMs);
        waiting = desk.last();
    }
    {  // As if the program had ended right behind the first two changes.
        const auto journal =
            std::move(UndoJournal::open((m_home->path() + "/data/undo").toStdString()).value());
        GrantList grants{ProtectedFolders{}};
        Grant grant;
        grant.folder = folder().toStdString() + "/Papers";
        grant.access = Access::ReadWrite;
        grant.duration = GrantDuration::Always;
        QVERIFY(grants.add(grant));
        Broker::Options options;
        options.changes = journal.get();
        Broker broker(grants, options);
        const CallContext context{"1", {"make_folder", "move"}, journalTurnOf(waiting)};
        for (int i = 0, n = 0; n < 2; i += 1) {
            const Part& part = waiting.parts[static_cast<std::size_t>(i)];
            if (part.kind != Part::Kind::ToolCall) continue;
            Decision decision = broker.prepare(part.toolName.toStdString(),
                                               *parse_json(part.text.toStdString()), context);
            QVERIFY(!broker.run(std::move(std::get<PreparedCall>(decision))).is_error);
            ++n;
        }
    }
    Desk desk(R"([{"steps":[{"text":"Sorted."}]}])", m_home->path());
    QTRY_VERIFY_WITH_TIMEOUT(desk.controller->question(), kPatienceMs);
    QSignalSpy undone(desk.controller.get(), &ChatController::changesUndone);
    desk.controller->answerQuestion(PermissionAnswer::Once);
    desk.waitForAnswer(2);
    const auto known = [&desk] { return undoableChanges(desk.last()).size(); };
    QTRY_COMPARE_WITH_TIMEOUT(known(), std::size_t{13}, kPatienceMs);
    desk.controller->undoChanges(desk.controller->lastChanges());
    QTRY_COMPARE_WITH_TIMEOUT(undone.count(), 1, kPatienceMs);
    QVERIFY2(undone.first()[1].toString().isEmpty(), qPrintable(undone.first()[1].toString()));
    QVERIFY(!QFile::exists(folder() + "/Papers/Sorted"));
    QVERIFY(QFile::exists(folder() + "/Papers/0.txt"));
}

/// However the moment of the stop falls, every change that was made can be undone.
void ChatChangesTest::stopWaitsForTheChangeThatIsBeingMade() {
    Desk desk(moving(folder()).c_str(), m_home->path());
    desk.controller->send("Sort my papers.");
    QTRY_VERIFY_WITH_TIMEOUT(desk.controller->question(), kPatienceMs);
    desk.controller->answerQuestion(PermissionAnswer::Once);
    const auto nMoved = [this] { return QDir(folder() + "/Papers/Sorted").count(); };
    QTRY_VERIFY_WITH_TIMEOUT(nMoved() > 0, kPatienceMs);
    desk.controller->stop();
    desk.waitForAnswer(2);
    QCOMPARE(desk.last().state, ChatMessage::State::Stopped);
    QSignalSpy undone(desk.controller.get(), &ChatController::changesUndone);
    desk.controller->undoChanges(desk.controller->lastChanges());
    QTRY_COMPARE_WITH_TIMEOUT(undone.count(), 1, kPatienceMs);
    QVERIFY2(undone.first()[1].toString().isEmpty(), qPrintable(undone.first()[1].toString()));
    QVERIFY(!QFile::exists(folder() + "/Papers/Sorted"));
    for (int i = 0; i < kPapers; ++i)
        QVERIFY(QFile::exists(QString("%1/Papers/%2.txt").arg(folder()).arg(i)));
}

void ChatChangesTest::whatWasUndoneElsewhereIsFoundOut() {
    Desk desk(moving(folder()).c_str(), m_home->path());
    desk.controller->send("Sort my papers.");
    QTRY_VERIFY_WITH_TIMEOUT(desk.controller->question(), kPatienceMs);
    desk.controller->answerQuestion(PermissionAnswer::Once);
    desk.waitForAnswer(2);
    {  // lares-cli undo, say
        const auto journal =
            std::move(UndoJournal::open((m_home->path() + "/data/undo").toStdString()).value());
        const std::vector<qint64> made = undoableChanges(desk.last());
        QVERIFY(journal->undo(std::vector<ChangeId>(made.begin(), made.end()))->is_complete());
    }
    QSignalSpy undone(desk.controller.get(), &ChatController::changesUndone);
    desk.controller->undoChanges(desk.controller->lastChanges());
    QTRY_COMPARE_WITH_TIMEOUT(undone.count(), 1, kPatienceMs);
    QCOMPARE(undone.first()[0].toString(), "These changes were undone before.");
    QCOMPARE(desk.controller->lastChanges(), MessageId{0});
}

void ChatChangesTest::aGrantForChangesIsKept() {
    {
        Desk desk(moving(folder()).c_str(), m_home->path());
        desk.controller->send("Sort my papers.");
        QTRY_VERIFY_WITH_TIMEOUT(desk.controller->question(), kPatienceMs);
        desk.controller->answerQuestion(PermissionAnswer::Always);
        desk.waitForAnswer(2);
    }
    Desk desk(moving(folder(), "Sorted2", "Sorted").c_str(), m_home->path());
    QTRY_COMPARE_WITH_TIMEOUT(desk.controller->grants().size(), std::size_t{1}, kPatienceMs);
    QVERIFY(desk.controller->grants().front().isForChanges);
    desk.controller->send("Again.");
    desk.waitForAnswer(4);
    QVERIFY(QFile::exists(folder() + "/Papers/Sorted2/11.txt"));
}

QTEST_GUILESS_MAIN(ChatChangesTest)
#include "tst_chat_changes.moc"
