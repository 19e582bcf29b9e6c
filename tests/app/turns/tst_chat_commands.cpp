// When the model may ask to run a command, what the user is asked then, and what can be undone.

#include "tests/app/turns/desk.h"
#include "tests/support/plain_shell.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>

using namespace lares;
using namespace lares::test;

namespace {

constexpr const char* kRuns =
    R"([{"when": "file", "steps": [{"call": "run_command",
         "arguments": {"command": "echo one\necho new > n.txt", "folder": "~/docs"}}]},
        {"when": "file", "steps": [{"text": "Done."}]}])";

bool offersCommands(const Desk& desk) {
    for (const Json& tool : desk.source->lastRequest().conversation.tools) {
        if (tool["function"]["name"] == "run_command") return true;
    }
    return false;
}

void turnOn(const Desk& desk) {
    desk.controller->setRunsCommands(true);
    QTRY_VERIFY_WITH_TIMEOUT(!desk.controller->commands().isChecking, kPatienceMs);
}

}  // namespace

class ChatCommandsTest : public QObject {
    Q_OBJECT

private slots:
    void init();
    void isOffAtFirst();
    void withoutASandboxThereIsNothingToTurnOn();
    void isOfferedOnlyWhenTheSandboxHeld();
    void staysOnAfterARestart();
    void asksWithTheWholeCommand();
    void whatItChangedCanBeUndone();
    void refusedItDoesNotRun();

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<PlainShell> m_shell;
};

void ChatCommandsTest::init() {
    m_folder = std::make_unique<QTemporaryDir>();
    m_shell = std::make_unique<PlainShell>();
    qputenv("HOME", m_folder->path().toUtf8());
    QVERIFY(QDir(m_folder->path()).mkpath("docs"));
}

void ChatCommandsTest::isOffAtFirst() {
    const Desk d(kRuns, m_folder->path(), m_shell.get());
    QVERIFY(d.controller->commands().isOffered);
    QVERIFY(!d.controller->commands().isOn);
    d.controller->send("A file, please");
    d.waitForAnswer(2);
    QVERIFY(!offersCommands(d));
    QCOMPARE(d.part(Part::Kind::ToolCall)->callState, Part::CallState::Failed);
    QCOMPARE(m_shell->n_checked, 0);
    QVERIFY(m_shell->ran_in.empty());
}

void ChatCommandsTest::withoutASandboxThereIsNothingToTurnOn() {
    const Desk d(kRuns, m_folder->path());
    turnOn(d);
    QVERIFY(!d.controller->commands().isOffered);
    QVERIFY(!d.controller->commands().isOn);
    d.controller->send("A file, please");
    d.waitForAnswer(2);
    QVERIFY(!offersCommands(d));
}

void ChatCommandsTest::isOfferedOnlyWhenTheSandboxHeld() {
    m_shell->has_support = false;
    const Desk d(kRuns, m_folder->path(), m_shell.get());
    turnOn(d);
    QVERIFY(d.controller->commands().isOn);
    QCOMPARE(d.controller->commands().problem, QString("Commands are off: bubblewrap is missing"));
    d.controller->send("A file, please");
    d.waitForAnswer(2);
    QVERIFY(!offersCommands(d));
    QVERIFY(m_shell->ran_in.empty());

    m_shell->has_support = true;  // it was installed
    turnOn(d);
    QVERIFY(d.controller->commands().problem.isEmpty());
    d.controller->send("Another file");
    QTRY_VERIFY_WITH_TIMEOUT(d.controller->question() != nullptr, kPatienceMs);
    QVERIFY(offersCommands(d));
    d.controller->setRunsCommands(false);
    QVERIFY(!d.controller->commands().isOn);
    d.controller->answerQuestion(PermissionAnswer::No);
    d.waitForAnswer(4);
}

void ChatCommandsTest::staysOnAfterARestart() {
    {
        const Desk d(kRuns, m_folder->path(), m_shell.get());
        turnOn(d);
        QCOMPARE(m_shell->n_checked, 1);
    }
    const Desk d(kRuns, m_folder->path(), m_shell.get());
    QTRY_COMPARE_WITH_TIMEOUT(m_shell->n_checked, 2, kPatienceMs);
    QTRY_VERIFY_WITH_TIMEOUT(!d.controller->commands().isChecking, kPatienceMs);
    QVERIFY(d.controller->commands().isOn);
}

void ChatCommandsTest::asksWithTheWholeCommand() {
    const Desk d(kRuns, m_folder->path(), m_shell.get());
    turnOn(d);
    d.controller->send("A file, please");
    QTRY_VERIFY_WITH_TIMEOUT(d.controller->question() != nullptr, kPatienceMs);
    const PermissionQuestion question = *d.controller->question();
    QCOMPARE(question.verb + " " + question.object, QString("Run a command in docs"));
    QCOMPARE(question.path, m_folder->path() + "/docs");
    QCOMPARE(question.command, (QStringList{"echo one", "echo new > n.txt"}));
    QVERIFY(!question.canLast());
    QVERIFY(question.effect.contains("undo"));
    QVERIFY(m_shell->ran_in.empty());
    d.controller->stop();
    d.waitForAnswer(2);
}

void ChatCommandsTest::whatItChangedCanBeUndone() {
    const Desk d(kRuns, m_folder->path(), m_shell.get());
    turnOn(d);
    d.controller->send("A file, please");
    QTRY_VERIFY_WITH_TIMEOUT(d.controller->question() != nullptr, kPatienceMs);
    QSignalSpy undone(d.controller.get(), &ChatController::changesUndone);
    d.controller->answerQuestion(PermissionAnswer::Once);
    d.waitForAnswer(2);
    const QString file = m_folder->path() + "/docs/n.txt";
    QVERIFY(QFile::exists(file));
    QCOMPARE(d.part(Part::Kind::ToolCall)->summary,
             QString("Ran a command in docs: exit status 0, 1 change"));
    QVERIFY(d.part(Part::Kind::ToolResult)->text.startsWith("exit status 0\none"));
    QVERIFY(d.controller->lastChanges() != 0);
    d.controller->undoChanges(d.controller->lastChanges());
    QTRY_COMPARE_WITH_TIMEOUT(undone.count(), 1, kPatienceMs);
    QVERIFY(!QFile::exists(file));
    // Nothing is left of the copy that it worked in.
    QCOMPARE(QDir(m_folder->path() + "/data/work").entryList(QDir::Dirs | QDir::NoDotAndDotDot),
             QStringList());
}

void ChatCommandsTest::refusedItDoesNotRun() {
    const Desk d(kRuns, m_folder->path(), m_shell.get());
    turnOn(d);
    d.controller->send("A file, please");
    QTRY_VERIFY_WITH_TIMEOUT(d.controller->question() != nullptr, kPatienceMs);
    d.controller->answerQuestion(PermissionAnswer::No);
    d.waitForAnswer(2);
    QVERIFY(m_shell->ran_in.empty());
    QCOMPARE(d.part(Part::Kind::ToolCall)->callState, Part::CallState::Denied);
}

QTEST_MAIN(ChatCommandsTest)
#include "tst_chat_commands.moc"
