#include "app/chat/conversation_list_model.h"
#include "tests/app/turns/desk.h"
#include "tests/support/file_size_limit.h"
#include "tests/tools/audit/audit_support.h"

#include <QAbstractItemModelTester>
#include <QDir>
#include <QPointer>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

using namespace lares;
using namespace lares::app;
using lares::test::Desk;
using lares::test::kGreets;
using lares::test::kPatienceMs;

namespace {

/// Lists the folder FOLDER, then says what the script says.
std::string listing(const QString& folder) {
    return R"([{"steps":[{"call":"list_folder","arguments":{"path":")" + folder.toStdString() +
           R"("}}]},{"steps":[{"text":"There is one file."}]}])";
}

}  // namespace

class ChatControllerTest : public QObject {
    Q_OBJECT

private slots:
    void init();
    void aQuestionIsAnsweredAndKept();
    void aToolWithoutFilesRunsUnasked();
    void aFolderIsAskedForOnce_data();
    void aFolderIsAskedForOnce();
    void aRefusalIsToldToTheModel();
    void alwaysOutlivesTheProgramUntilRevoked();
    void aWaitingQuestionOutlivesTheProgram();
    void anInterruptedAnswerIsKeptAndSaidSo();
    void stopKeepsWhatCame();
    void editAndRegenerateBranch();
    void deleteStopsAndUndoBringsBack();
    void theModelBeforeOutlivesTheChange();
    void answersGoOnInABackgroundConversation();
    void aFullDiskLosesNothing();
    void aDamagedDatabaseIsSaidAndKept();
    void withoutAStoreTheChatWorks();
    void withoutAModelTheMessageIsKept();

private:
    std::unique_ptr<QTemporaryDir> m_home;
    [[nodiscard]] QString folder() const { return m_home->path() + "/home"; }
};

void ChatControllerTest::init() {
    m_home = std::make_unique<QTemporaryDir>();
    QDir().mkpath(folder() + "/Papers");
    QFile file(folder() + "/Papers/note.txt");
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("twelve bytes");
    file.close();
    qputenv("HOME", folder().toUtf8());
}

void ChatControllerTest::aQuestionIsAnsweredAndKept() {
    MessageId id = 0;
    {
        Desk desk(kGreets, m_home->path());
        QAbstractItemModelTester list(desk.controller->conversations());
        desk.controller->send("  Hi there \n");
        desk.waitForAnswer(2);
        QCOMPARE(markdownOf(desk.model().messageAt(0)), QString("Hi there"));
        QCOMPARE(markdownOf(desk.last()), QString("Hello."));
        QCOMPARE(desk.part(Part::Kind::Thinking)->text, QString("A greeting."));
        QCOMPARE(desk.last().state, ChatMessage::State::Complete);
        QCOMPARE(desk.controller->conversations()->rowCount(), 1);
        QCOMPARE(desk.controller->conversations()->index(0).data().toString(), QString("Hi there"));
        const auto& asked = desk.source->lastRequest().conversation;
        QCOMPARE(asked.messages.size(), std::size_t{2});
        QCOMPARE(asked.messages[0].content, std::string("You are Lares."));
        QVERIFY(!asked.tools.empty());
        id = desk.last().id;
    }
    Desk again(kGreets, m_home->path());
    QTRY_COMPARE_WITH_TIMEOUT(again.model().rowCount(), 2, kPatienceMs);
    QCOMPARE(again.last().id, id);
    QCOMPARE(markdownOf(again.last()), QString("Hello."));
    again.controller->send("More");
    again.waitForAnswer(4);
    QCOMPARE(again.source->lastRequest().conversation.messages.size(), std::size_t{4});
}

void ChatControllerTest::aToolWithoutFilesRunsUnasked() {
    Desk desk(
        R"([{"steps":[{"thinking":"sum"},{"call":"calculate","arguments":{"expression":"17 * 23"}}]},
                  {"steps":[{"text":"It is 391."}]}])",
        m_home->path());
    desk.controller->send("What is 17 * 23?");
    desk.waitForAnswer(2);
    QCOMPARE(desk.part(Part::Kind::ToolCall)->callState, Part::CallState::Done);
    QCOMPARE(desk.part(Part::Kind::ToolResult)->text, QString("391"));
    QCOMPARE(markdownOf(desk.last()), QString("It is 391."));
    const auto& asked = desk.source->lastRequest().conversation.messages;
    QCOMPARE(asked.back().role, std::string("tool"));
    QCOMPARE(asked.back().content, std::string("391"));
}

void ChatControllerTest::aFolderIsAskedForOnce_data() {
    QTest::addColumn<PermissionAnswer>("answer");
    QTest::addColumn<bool>("asksAgain");
    QTest::addColumn<bool>("asksElsewhere");
    QTest::newRow("once") << PermissionAnswer::Once << true << true;
    QTest::newRow("this conversation") << PermissionAnswer::Conversation << false << true;
    QTest::newRow("always") << PermissionAnswer::Always << false << false;
}

void ChatControllerTest::aFolderIsAskedForOnce() {
    QFETCH(PermissionAnswer, answer);
    QFETCH(bool, asksAgain);
    QFETCH(bool, asksElsewhere);
    Desk desk(listing(folder() + "/Papers").c_str(), m_home->path());
    const auto ask = [&](bool isAsked, int rows) {
        desk.controller->send("What is in Papers?");
        if (isAsked) {
            QTRY_VERIFY_WITH_TIMEOUT(desk.controller->question(), kPatienceMs);
            QCOMPARE(desk.controller->question()->folders, QStringList(folder() + "/Papers"));
            QCOMPARE(desk.part(Part::Kind::ToolCall)->callState, Part::CallState::Waiting);
            QVERIFY(!desk.part(Part::Kind::ToolResult));
            desk.controller->answerQuestion(answer);
        }
        desk.waitForAnswer(rows);
        QVERIFY(!desk.controller->question());
        QCOMPARE(desk.part(Part::Kind::ToolResult)->text, QString("note.txt (12 B)"));
        QCOMPARE(markdownOf(desk.last()), QString("There is one file."));
    };
    ask(true, 2);
    ask(asksAgain, 4);
    desk.controller->newConversation();
    ask(asksElsewhere, 2);
}

void ChatControllerTest::aRefusalIsToldToTheModel() {
    Desk desk(listing(folder() + "/Papers").c_str(), m_home->path());
    desk.controller->send("What is in Papers?");
    QTRY_VERIFY_WITH_TIMEOUT(desk.controller->question(), kPatienceMs);
    desk.controller->answerQuestion(PermissionAnswer::No);
    desk.waitForAnswer(2);
    QCOMPARE(desk.part(Part::Kind::ToolCall)->callState, Part::CallState::Denied);
    QCOMPARE(desk.source->lastRequest().conversation.messages.back().content,
             std::string("error: refused by the user"));
    QVERIFY(desk.controller->grants().empty());
}

void ChatControllerTest::alwaysOutlivesTheProgramUntilRevoked() {
    {
        Desk desk(listing(folder() + "/Papers").c_str(), m_home->path());
        desk.controller->send("What is in Papers?");
        QTRY_VERIFY_WITH_TIMEOUT(desk.controller->question(), kPatienceMs);
        desk.controller->answerQuestion(PermissionAnswer::Always);
        desk.waitForAnswer(2);
        QCOMPARE(desk.controller->grants().size(), std::size_t{1});
    }
    {
        Desk desk(listing(folder() + "/Papers").c_str(), m_home->path());
        QTRY_COMPARE_WITH_TIMEOUT(desk.controller->grants().size(), std::size_t{1}, kPatienceMs);
        desk.controller->send("What is in Papers?");
        desk.waitForAnswer(4);
        QCOMPARE(desk.part(Part::Kind::ToolCall)->callState, Part::CallState::Done);
        desk.controller->revokeGrant(desk.controller->grants()[0]);
        QVERIFY(desk.controller->grants().empty());
    }
    const std::string log = (m_home->path() + "/data/audit").toStdString();
    QCOMPARE(lares::test::entriesOf(log, AuditEntry::Kind::Revoked), 1);
    Desk desk(listing(folder() + "/Papers").c_str(), m_home->path());
    desk.controller->send("What is in Papers?");
    QTRY_VERIFY_WITH_TIMEOUT(desk.controller->question(), kPatienceMs);
}

void ChatControllerTest::aWaitingQuestionOutlivesTheProgram() {
    {
        Desk desk(listing(folder() + "/Papers").c_str(), m_home->path());
        desk.controller->send("What is in Papers?");
        QTRY_VERIFY_WITH_TIMEOUT(desk.controller->question(), kPatienceMs);
        // As it was on disk when the plug was pulled: the program ends without ending the turn.
    }
    Desk desk(R"([{"steps":[{"text":"There is one file."}]}])", m_home->path());
    QTRY_VERIFY_WITH_TIMEOUT(desk.controller->question(), kPatienceMs);
    QCOMPARE(desk.controller->question()->folders, QStringList(folder() + "/Papers"));
    desk.controller->answerQuestion(PermissionAnswer::Once);
    desk.waitForAnswer(2);
    QCOMPARE(desk.part(Part::Kind::ToolResult)->text, QString("note.txt (12 B)"));
    QCOMPARE(markdownOf(desk.last()), QString("There is one file."));
}

void ChatControllerTest::anInterruptedAnswerIsKeptAndSaidSo() {
    const char* script = R"([{"steps":[{"text":"Half of it"},{"hold":true}]}])";
    {
        Desk desk(script, m_home->path());
        desk.controller->send("Hi");
        QTRY_COMPARE_WITH_TIMEOUT(desk.model().rowCount(), 2, kPatienceMs);
        QTRY_COMPARE_WITH_TIMEOUT(markdownOf(desk.last()), QString("Half of it"), kPatienceMs);
        const MessageId id = desk.last().id;
        const ConversationId conversation = desk.model().info().id;
        // The flush comes by itself.
        QTRY_VERIFY_WITH_TIMEOUT(
            [&] {
                const auto stored = desk.store->messages(conversation).result();
                return stored && stored->back().id == id &&
                       markdownOf(stored->back()) == "Half of it";
            }(),
            kPatienceMs);
    }
    Desk desk(script, m_home->path());
    QTRY_COMPARE_WITH_TIMEOUT(desk.model().rowCount(), 2, kPatienceMs);
    QCOMPARE(markdownOf(desk.last()), QString("Half of it"));
    QTRY_COMPARE_WITH_TIMEOUT(desk.last().state, ChatMessage::State::Stopped, kPatienceMs);
    QVERIFY(desk.part(Part::Kind::Notice));
}

void ChatControllerTest::stopKeepsWhatCame() {
    Desk desk(R"([{"steps":[{"text":"Half"},{"hold":true}]}])", m_home->path());
    desk.controller->send("Hi");
    QTRY_COMPARE_WITH_TIMEOUT(desk.model().rowCount(), 2, kPatienceMs);
    QTRY_COMPARE_WITH_TIMEOUT(markdownOf(desk.last()), QString("Half"), kPatienceMs);
    QVERIFY(desk.controller->isAnswering());
    desk.controller->stop();
    desk.waitForAnswer(2);
    QCOMPARE(desk.last().state, ChatMessage::State::Stopped);
    QCOMPARE(markdownOf(desk.last()), QString("Half"));
}

void ChatControllerTest::editAndRegenerateBranch() {
    Desk desk(
        R"([{"steps":[{"text":"One."}]},{"steps":[{"text":"Two."}]},{"steps":[{"text":"Three."}]}])",
        m_home->path());
    desk.controller->send("First");
    desk.waitForAnswer(2);
    desk.controller->regenerate(desk.last().id);
    desk.waitForAnswer(2);
    QTRY_COMPARE_WITH_TIMEOUT(markdownOf(desk.last()), QString("Two."), kPatienceMs);
    QCOMPARE(desk.model().versionCountAt(1), 2);
    desk.controller->edit(desk.model().messageAt(0).id, "Edited");
    QTRY_COMPARE_WITH_TIMEOUT(desk.model().versionCountAt(0), 2, kPatienceMs);
    desk.waitForAnswer(2);
    QTRY_COMPARE_WITH_TIMEOUT(markdownOf(desk.last()), QString("Three."), kPatienceMs);
    desk.controller->showVersion(desk.model().messageAt(0).id, 0);
    QCOMPARE(markdownOf(desk.last()), QString("Two."));
    desk.controller->showVersion(desk.last().id, 0);
    QCOMPARE(markdownOf(desk.last()), QString("One."));
    desk.controller.reset();
    desk.store.reset();

    Desk again(kGreets, m_home->path());
    QTRY_COMPARE_WITH_TIMEOUT(again.model().rowCount(), 2, kPatienceMs);
    QCOMPARE(markdownOf(again.last()), QString("One."));
    QCOMPARE(again.model().versionCountAt(0), 2);
    QCOMPARE(again.model().versionCountAt(1), 2);
}

void ChatControllerTest::deleteStopsAndUndoBringsBack() {
    Desk desk(R"([{"steps":[{"text":"Half"},{"hold":true}]}])", m_home->path());
    desk.controller->send("Hi");
    QTRY_COMPARE_WITH_TIMEOUT(desk.model().rowCount(), 2, kPatienceMs);
    const ConversationId id = desk.model().info().id;
    QSignalSpy deleted(desk.controller.get(), &ChatController::deleted);
    desk.controller->deleteConversation(id);
    QCOMPARE(deleted.count(), 1);
    QCOMPARE(desk.controller->conversations()->rowCount(), 0);
    QCOMPARE(desk.model().rowCount(), 0);
    QTRY_VERIFY_WITH_TIMEOUT(!desk.controller->isBusyElsewhere(), kPatienceMs);
    desk.controller->restoreConversation(id);
    QTRY_COMPARE_WITH_TIMEOUT(desk.model().rowCount(), 2, kPatienceMs);
    QCOMPARE(desk.controller->conversations()->rowCount(), 1);
    QCOMPARE(desk.model().info().id, id);
}

/// The view let go of a model that was deleted already.
void ChatControllerTest::theModelBeforeOutlivesTheChange() {
    Desk desk(kGreets, m_home->path());
    desk.controller->send("Hi");
    desk.waitForAnswer(2);
    const QPointer<ConversationModel> before = desk.controller->conversation();
    bool isAlive = false;
    connect(desk.controller.get(), &ChatController::conversationChanged, this,
            [&] { isAlive = !before.isNull(); });
    desk.controller->newConversation();
    QVERIFY(isAlive);
    // The saver has it too, until the answer's last write is on the disk.
    QTRY_VERIFY_WITH_TIMEOUT(before.isNull(), kPatienceMs);
}

void ChatControllerTest::answersGoOnInABackgroundConversation() {
    Desk desk(R"([{"when":"slow","steps":[{"text":"Half"},{"hold":true}]},
                  {"when":"quick","steps":[{"text":"Quick."}]}])",
              m_home->path());
    desk.controller->send("slow");
    QTRY_COMPARE_WITH_TIMEOUT(desk.model().rowCount(), 2, kPatienceMs);
    const ConversationId slow = desk.model().info().id;
    desk.controller->newConversation();
    QVERIFY(desk.controller->isBusyElsewhere());
    desk.controller->send("quick");
    QTRY_COMPARE_WITH_TIMEOUT(desk.model().rowCount(), 2, kPatienceMs);
    QVERIFY(desk.last().parts.empty());  // it waits for the other one
    desk.controller->openConversation(slow);
    QTRY_COMPARE_WITH_TIMEOUT(markdownOf(desk.last()), QString("Half"), kPatienceMs);
    QVERIFY(desk.controller->isAnswering());
    desk.controller->stop();
    QTRY_VERIFY_WITH_TIMEOUT(!desk.controller->isAnswering(), kPatienceMs);
    QCOMPARE(desk.controller->conversations()->rowCount(), 2);
    const auto* list = desk.controller->conversations();
    for (int row = 0; row < 2; ++row) {
        const ConversationId id = list->at(row).id;
        if (id != slow) desk.controller->openConversation(id);
    }
    desk.waitForAnswer(2);
    QTRY_COMPARE_WITH_TIMEOUT(markdownOf(desk.last()), QString("Quick."), kPatienceMs);
}

void ChatControllerTest::aFullDiskLosesNothing() {
    Desk desk(R"([{"steps":[{"text":"Hello."}]},{"steps":[{"text":"Half "},{"hold":true}]}])",
              m_home->path());
    QSignalSpy notSent(desk.controller.get(), &ChatController::notSent);
    QSignalSpy problem(desk.controller.get(), &ChatController::problem);
    {
        const lares::test::FileSizeLimit full(1);
        desk.controller->send("Hi");
        QTRY_COMPARE_WITH_TIMEOUT(notSent.count(), 1, kPatienceMs);
        QCOMPARE(notSent[0][0].toString(), QString("Hi"));
        // The undo journal may be opened just now, and has its own to say.
        const auto isSaid = [&] {
            return std::any_of(problem.begin(), problem.end(), [](const auto& one) {
                return one.front().toString().contains("full");
            });
        };
        QTRY_VERIFY_WITH_TIMEOUT(isSaid(), kPatienceMs);
        QCOMPARE(desk.model().rowCount(), 0);  // it is not shown as sent
    }
    QSignalSpy solved(desk.controller.get(), &ChatController::problemSolved);
    desk.controller->send("Hi");
    desk.waitForAnswer(2);
    QTRY_COMPARE_WITH_TIMEOUT(solved.count(), 1, kPatienceMs);

    // The disk fills up while an answer is written: the answer goes on, and is kept in the end.
    desk.controller->send("More");
    QTRY_COMPARE_WITH_TIMEOUT(desk.model().rowCount(), 4, kPatienceMs);
    {
        const lares::test::FileSizeLimit full(1);
        QTRY_COMPARE_WITH_TIMEOUT(markdownOf(desk.last()), QString("Half "), kPatienceMs);
        desk.controller->stop();
        desk.waitForAnswer(4);
        QTest::qWait(600);  // longer than a flush takes to come
    }
    const auto isStored = [&] {
        const auto stored = desk.store->messages(desk.model().info().id).result();
        return stored && stored->size() == 4 &&
               stored->back().state == ChatMessage::State::Stopped &&
               markdownOf(stored->back()) == "Half ";
    };
    QTRY_VERIFY_WITH_TIMEOUT(isStored(), kPatienceMs);
    QTRY_COMPARE_WITH_TIMEOUT(solved.count(), 2, kPatienceMs);

    // What is changed meanwhile is kept too, and that all is well again is said.
    const ConversationId id = desk.model().info().id;
    {
        const lares::test::FileSizeLimit full(1);
        problem.clear();
        desk.controller->renameConversation(id, "Greetings");
        QTRY_COMPARE_WITH_TIMEOUT(problem.count(), 1, kPatienceMs);
    }
    QTRY_COMPARE_WITH_TIMEOUT(solved.count(), 3, kPatienceMs);
    QCOMPARE(solved.back()[0], problem[0][0]);
    QCOMPARE(desk.store->conversations().result()->front().title, QString("Greetings"));
}

void ChatControllerTest::aDamagedDatabaseIsSaidAndKept() {
    {
        Desk desk(kGreets, m_home->path());
        desk.controller->send("Hi");
        desk.waitForAnswer(2);
    }
    const QDir data(m_home->path() + "/data");
    QFile database(data.filePath("lares.db"));
    QVERIFY(database.open(QIODevice::ReadWrite));
    database.write(QByteArray(4096, 'x'));
    database.close();
    Desk desk(kGreets, m_home->path());
    QVERIFY(desk.store);
    desk.controller->send("Hi again");
    desk.waitForAnswer(2);
    QVERIFY(data.entryList(QDir::Files).filter("lares").size() > 1);  // the old one beside the new
}

void ChatControllerTest::withoutAStoreTheChatWorks() {
    ScriptedTokenSource source(*parse_json(kGreets));
    ChatController controller({nullptr, &source, {}, "/demo.gguf", {}});
    controller.loadModel({});
    controller.start();
    QTRY_COMPARE(controller.modelState(), ChatController::ModelState::Ready);
    controller.send("Hi");
    QTRY_COMPARE_WITH_TIMEOUT(controller.conversation()->rowCount(), 2, kPatienceMs);
    QTRY_VERIFY_WITH_TIMEOUT(!controller.isAnswering(), kPatienceMs);
    QCOMPARE(markdownOf(controller.conversation()->messageAt(1)), QString("Hello."));
}

void ChatControllerTest::withoutAModelTheMessageIsKept() {
    ScriptedTokenSource source(*parse_json(kGreets));
    ChatController controller({nullptr, &source, {}, "/demo.gguf", {}});
    controller.start();
    controller.send("Hi");
    QTRY_COMPARE_WITH_TIMEOUT(controller.conversation()->rowCount(), 2, kPatienceMs);
    QTRY_VERIFY_WITH_TIMEOUT(!controller.isAnswering(), kPatienceMs);
    const ChatMessage answer = controller.conversation()->messageAt(1);
    QCOMPARE(answer.state, ChatMessage::State::Failed);
    QVERIFY(answer.parts.back().text.contains("Settings"));
    controller.loadModel({});
    QTRY_COMPARE(controller.modelState(), ChatController::ModelState::Ready);
    controller.regenerate(answer.id);
    QTRY_COMPARE_WITH_TIMEOUT(markdownOf(controller.conversation()->messageAt(1)),
                              QString("Hello."), kPatienceMs);
}

QTEST_GUILESS_MAIN(ChatControllerTest)
#include "tst_chat_controller.moc"
