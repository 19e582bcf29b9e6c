// Conversations of which nothing stays.
#include "app/chat/conversation_list_model.h"
#include "tests/app/turns/desk.h"
#include "tests/app/turns/temporary_script.h"
#include "tests/support/files_with.h"
#include "tests/tools/audit/audit_support.h"
#include "tools/journal/undo_journal.h"

#include <QDir>
#include <QProcess>
#include <QTemporaryDir>

using namespace lares;
using namespace lares::test;

class ChatTemporaryTest : public QObject {
    Q_OBJECT

private slots:
    void init();
    void nothingOfItIsInAnyFile();
    void nothingOfItIsInAnyFileAfterAKill();
    void isThereAgainUntilItIsThrownAway();
    void anEmptyOneIsGoneWhenItIsLeft();
    void aDraftIsNoEmptyOne();
    void throwingAwayEndsWhatBelongsToIt();
    void throwingAwayStopsTheAnswer();
    void keepingStoresAllOfIt();
    void keepingWhileAnAnswerIsWritten();
    void keepingAnEmptyOneMakesANewOne();
    void whatCannotBeKeptStays();
    void isInNoBackupAndNoFolder();
    void staysInTheListWhenThatIsReadAgain();
    void whatItChangedInFilesStays();

private:
    [[nodiscard]] std::string script() const { return json_text(temporaryScript(home())); }
    [[nodiscard]] QString home() const { return m_folder->path(); }
    [[nodiscard]] QStringList found() const { return filesWith(home() + "/data", kMarker); }
    /// Draft, title, attachment, a question and its answer, with a call that is allowed for the
    /// conversation.
    static void use(const Desk& d);

    std::unique_ptr<QTemporaryDir> m_folder;
};

void ChatTemporaryTest::init() {
    m_folder = std::make_unique<QTemporaryDir>();
    qputenv("HOME", home().toUtf8());
    QDir().mkpath(home() + "/Papers");
}

void ChatTemporaryTest::use(const Desk& d) {
    ChatController& controller = *d.controller;
    const QString marker = kMarker;
    QDir().mkpath(d.m_folder + "/Papers/" + marker);
    controller.saveDraft("A draft of the " + marker);
    controller.saveDraftAttachments({pastedText("Pasted: " + marker)});
    controller.renameConversation(d.model().info().id, "On " + marker);
    controller.send("Where is the " + marker + "?", {pastedText("Pasted: " + marker)});
    QTRY_COMPARE_WITH_TIMEOUT(d.model().rowCount(), 2, kPatienceMs);
    QTRY_VERIFY_WITH_TIMEOUT(controller.question() || !controller.isAnswering(), kPatienceMs);
    if (controller.question()) controller.answerQuestion(PermissionAnswer::Conversation);
    d.waitForAnswer(2);
}

void ChatTemporaryTest::nothingOfItIsInAnyFile() {
    {
        const Desk d(script().c_str(), home());
        d.controller->newTemporaryConversation();
        use(d);
        QVERIFY(markdownOf(d.last()).contains(kMarker));
        QVERIFY(!d.controller->grants().empty());
        d.store->waitForDone();
        QCOMPARE(found(), QStringList());
        const AuditReport report = reportOf((home() + "/data/audit").toStdString());
        QCOMPARE(report.problem, std::string());
        QVERIFY(report.n_entry > 3);  // that tools ran is there
        const auto log = open_audit_files((home() + "/data/audit").toStdString());
        QCOMPARE(log.value().number("SELECT count(*) FROM private").value_or(-1), 0);
        d.controller->revokeGrant(d.controller->grants().front());
    }
    QCOMPARE(found(), QStringList());
    {
        const Desk d(script().c_str(), home());
        QCOMPARE(d.controller->conversations()->rowCount(), 0);
        QVERIFY(!d.model().info().isTemporary);
        // The same in an ordinary one is found, or the look at the files would show nothing.
        use(d);
    }
    const QStringList kept = found();
    for (const char* file : {"/data/lares.db", "/data/audit/calls.db"})
        QVERIFY2(kept.contains(home() + file), qPrintable(kept.join(' ')));
}

void ChatTemporaryTest::nothingOfItIsInAnyFileAfterAKill() {
    for (int kill = 0; kill < 6; ++kill) {
        QProcess chat;
        chat.start(TEMPORARY_UNTIL_KILLED, {home()});
        QVERIFY(chat.waitForStarted());
        QByteArray said;
        while (said.count("answered") < 1 + kill) {
            QVERIFY2(chat.waitForReadyRead(kPatienceMs), "no answer");
            said += chat.readAllStandardOutput();
        }
        chat.kill();
        QVERIFY(chat.waitForFinished());
        QCOMPARE(chat.exitStatus(), QProcess::CrashExit);
        QCOMPARE(found(), QStringList());  // as it was left, the log beside the database too
    }
    const Desk d(script().c_str(), home());
    QCOMPARE(d.controller->conversations()->rowCount(), 0);
    QCOMPARE(found(), QStringList());
}

void ChatTemporaryTest::isThereAgainUntilItIsThrownAway() {
    const Desk d(kGreets, home());
    d.controller->send("Ordinary");
    d.waitForAnswer(2);
    const ConversationId ordinary = d.model().info().id;
    d.controller->newTemporaryConversation();
    d.controller->send("Secret");
    d.waitForAnswer(2);
    d.controller->saveDraft("and more");
    const ConversationId secret = d.model().info().id;
    const ConversationListModel& list = *d.controller->conversations();
    QCOMPARE(list.rowOf(secret), 0);
    QCOMPARE(list.index(0).data(ConversationListModel::GroupRole).toString(), QString("Temporary"));
    QCOMPARE(list.index(0).data(Qt::AccessibleTextRole).toString(), QString("Secret, temporary"));

    d.controller->openConversation(ordinary);
    QTRY_VERIFY(!d.controller->isConversationLoading());
    QCOMPARE(d.controller->temporaryConversations(), std::vector{secret});
    d.controller->openConversation(secret);
    QCOMPARE(d.model().rowCount(), 2);
    QCOMPARE(d.model().info().draft, QString("and more"));
    QVERIFY(d.model().info().isTemporary);

    d.controller->throwAway(secret);
    QCOMPARE(list.rowOf(secret), -1);
    QVERIFY(d.controller->temporaryConversations().empty());
    QCOMPARE(d.model().rowCount(), 0);
    QVERIFY(!d.model().info().isTemporary);
    QVERIFY(d.controller->trash().result().value().empty());
    d.controller->throwAway(ordinary);  // for ordinary ones there is the trash
    QVERIFY(list.rowOf(ordinary) >= 0);
}

void ChatTemporaryTest::anEmptyOneIsGoneWhenItIsLeft() {
    const Desk d(kGreets, home());
    d.controller->newTemporaryConversation();
    const ConversationId id = d.model().info().id;
    d.controller->newTemporaryConversation();
    QCOMPARE(d.model().info().id, id);  // it is one
    QCOMPARE(d.controller->conversations()->rowCount(), 1);
    QVERIFY(d.controller->temporaryConversations().empty());
    d.controller->newConversation();
    QCOMPARE(d.controller->conversations()->rowCount(), 0);
    QVERIFY(!d.model().info().isTemporary);
}

void ChatTemporaryTest::aDraftIsNoEmptyOne() {
    const Desk d(kGreets, home());
    d.controller->newTemporaryConversation();
    d.controller->saveDraft(kMarker);
    const ConversationId id = d.model().info().id;
    d.controller->newConversation();
    QCOMPARE(d.model().info().draft, QString());  // that of a new one is another
    QCOMPARE(d.controller->temporaryConversations(), std::vector{id});
    d.controller->openConversation(id);
    QCOMPARE(d.model().info().draft, QString(kMarker));
    d.store->waitForDone();
    QCOMPARE(found(), QStringList());
}

void ChatTemporaryTest::throwingAwayEndsWhatBelongsToIt() {
    const Desk d(script().c_str(), home());
    d.controller->newTemporaryConversation();
    const ConversationId id = d.model().info().id;
    use(d);
    QCOMPARE(d.source->lastRequest().owner, std::to_string(id));
    QVERIFY(d.source->lastRequest().is_temporary);
    QVERIFY(d.source->readAhead().back().is_temporary);
    QCOMPARE(d.controller->grants().size(), std::size_t{1});
    d.controller->throwAway(id);
    QVERIFY(d.controller->grants().empty());
    QCOMPARE(d.source->forgotten(), std::vector{std::to_string(id)});
}

void ChatTemporaryTest::throwingAwayStopsTheAnswer() {
    const Desk d(R"([{"steps":[{"text":"A"},{"hold":true}]},{"steps":[{"text":"Hello."}]}])",
                 home());
    d.controller->newTemporaryConversation();
    const ConversationId id = d.model().info().id;
    d.controller->send("Go on and on");
    QTRY_VERIFY_WITH_TIMEOUT(d.model().rowCount() == 2 && !d.last().parts.empty(), kPatienceMs);
    d.controller->throwAway(id);
    QTRY_VERIFY_WITH_TIMEOUT(!d.controller->isAnsweringIn(id), kPatienceMs);
    QCOMPARE(d.controller->conversations()->rowCount(), 0);
    d.controller->send("Ordinary");
    d.waitForAnswer(2);
    d.store->waitForDone();
    QCOMPARE(d.store->conversations().result().value().size(), std::size_t{1});
}

void ChatTemporaryTest::keepingStoresAllOfIt() {
    ConversationId id = 0;
    std::vector<ChatMessage> all;
    {
        const Desk d(script().c_str(), home());
        QSignalSpy kept(d.controller.get(), &ChatController::kept);
        d.controller->newTemporaryConversation();
        id = d.model().info().id;
        use(d);
        d.controller->regenerate(d.last().id);  // another branch
        QTRY_VERIFY_WITH_TIMEOUT(!d.controller->isAnswering(), kPatienceMs);
        d.controller->saveDraft("More");
        d.controller->saveDraftAttachments({pastedText("Pasted")});
        const auto done = d.controller->keepConversation(id);
        QTRY_VERIFY_WITH_TIMEOUT(done.isFinished(), kPatienceMs);
        QVERIFY(done.result());
        QCOMPARE(kept.count(), 1);
        QVERIFY(!d.model().info().isTemporary);
        QVERIFY(d.controller->temporaryConversations().empty());
        QCOMPARE(d.controller->conversations()
                     ->index(0)
                     .data(ConversationListModel::GroupRole)
                     .toString(),
                 QString("Today"));
        // From now on it is as any other.
        d.controller->send("And now?");
        QTRY_COMPARE_WITH_TIMEOUT(d.model().rowCount(), 4, kPatienceMs);
        QTRY_VERIFY_WITH_TIMEOUT(d.controller->question() || !d.controller->isAnswering(),
                                 kPatienceMs);
        if (d.controller->question()) d.controller->answerQuestion(PermissionAnswer::Once);
        d.waitForAnswer(4);
        QVERIFY(!d.source->lastRequest().is_temporary);
        all = d.model().messages();
        QCOMPARE(all.size(), std::size_t{5});
        const auto twice = d.controller->keepConversation(id);
        QVERIFY(twice.isFinished() && twice.result());
    }
    const Desk d(kGreets, home());
    QCOMPARE(d.model().info().id, id);  // the last one that was open
    QCOMPARE(d.model().info().title, QString("On ") + kMarker);
    const auto stored = d.store->messages(id).result();
    QVERIFY(stored);
    QCOMPARE(stored->size(), all.size());
    for (std::size_t i = 0; i < all.size(); ++i) {
        QCOMPARE(stored->at(i).id, all[i].id);
        QVERIFY(stored->at(i).parts == all[i].parts);
    }
}

void ChatTemporaryTest::keepingWhileAnAnswerIsWritten() {
    ConversationId id = 0;
    {
        const Desk d(R"([{"steps":[{"text":"Begun"},{"hold":true}]}])", home());
        d.controller->newTemporaryConversation();
        id = d.model().info().id;
        d.controller->send("Go on");
        QTRY_VERIFY_WITH_TIMEOUT(d.model().rowCount() == 2 && !d.last().parts.empty(), kPatienceMs);
        const auto done = d.controller->keepConversation(id);
        d.controller->throwAway(id);  // too late
        QTRY_VERIFY_WITH_TIMEOUT(done.isFinished(), kPatienceMs);
        QVERIFY(done.result());
        d.controller->stop();
        d.waitForAnswer(2);
    }
    const Desk d(kGreets, home());
    QCOMPARE(d.model().info().id, id);
    QCOMPARE(d.model().rowCount(), 2);
    QCOMPARE(markdownOf(d.last()), QString("Begun"));
    QCOMPARE(d.last().state, ChatMessage::State::Stopped);
}

void ChatTemporaryTest::keepingAnEmptyOneMakesANewOne() {
    const Desk d(kGreets, home());
    d.controller->newTemporaryConversation();
    d.controller->setPersona("robin");
    const auto done = d.controller->keepConversation(d.model().info().id);
    QVERIFY(done.isFinished() && done.result());
    QVERIFY(!d.model().info().isTemporary);
    QCOMPARE(d.controller->persona().id, QString("robin"));
    QCOMPARE(d.controller->conversations()->rowCount(), 0);
    d.controller->send("Ordinary");
    d.waitForAnswer(2);
    QCOMPARE(d.controller->conversations()->rowCount(), 1);
    QCOMPARE(d.store->conversations().result().value().size(), std::size_t{1});
}

void ChatTemporaryTest::whatCannotBeKeptStays() {
    ScriptedTokenSource source(*parse_json(kGreets));
    ChatController controller(
        {nullptr, &source, {{"lares", "Lares", "You are Lares.", "Hi."}}, "/demo.gguf", {}});
    controller.loadModel({});
    controller.start();
    QTRY_COMPARE_WITH_TIMEOUT(controller.modelState(), ChatController::ModelState::Ready,
                              kPatienceMs);
    controller.newTemporaryConversation();
    const ConversationId id = controller.conversation()->info().id;
    controller.send("Hello");
    QTRY_COMPARE_WITH_TIMEOUT(controller.conversation()->rowCount(), 2, kPatienceMs);
    QTRY_VERIFY_WITH_TIMEOUT(!controller.isAnswering(), kPatienceMs);
    const auto done = controller.keepConversation(id);
    QVERIFY(done.isFinished() && !done.result());
    QVERIFY(QString::fromStdString(done.result().error().message).contains("Nothing can be kept"));
    QVERIFY(controller.conversation()->info().isTemporary);
    QCOMPARE(controller.temporaryConversations(), std::vector{id});
}

void ChatTemporaryTest::isInNoBackupAndNoFolder() {
    const Desk d(kGreets, home());
    d.controller->newTemporaryConversation();
    const ConversationId id = d.model().info().id;
    d.controller->send(kMarker);
    d.waitForAnswer(2);
    const auto all = d.controller->exportAll(home() + "/all.json");
    QTRY_VERIFY_WITH_TIMEOUT(all.isFinished(), kPatienceMs);
    QCOMPARE(all.result().value(), 0);
    d.controller->moveToFolder(id, "Folder");
    d.controller->pinConversation(id, true);
    QVERIFY(d.controller->folders().isEmpty());
    QVERIFY(!d.controller->conversations()->at(0).isPinned);
    const auto copy = d.controller->duplicateConversation(id);
    QTRY_VERIFY_WITH_TIMEOUT(copy.isFinished(), kPatienceMs);
    QVERIFY(!copy.result());
    d.store->waitForDone();
    QCOMPARE(found(), QStringList());
    // A file that the user asks for is another matter.
    const auto one = d.controller->exportConversation(id, home() + "/one.md", {});
    QTRY_VERIFY_WITH_TIMEOUT(one.isFinished(), kPatienceMs);
    QVERIFY(one.result());
    QCOMPARE(filesWith(home(), kMarker), QStringList(home() + "/one.md"));
}

void ChatTemporaryTest::staysInTheListWhenThatIsReadAgain() {
    const Desk d(kGreets, home());
    d.controller->send("Ordinary");
    d.waitForAnswer(2);
    const ConversationId ordinary = d.model().info().id;
    d.controller->newTemporaryConversation();
    const ConversationId id = d.model().info().id;
    d.controller->send("Secret");
    d.waitForAnswer(2);
    d.controller->deleteConversation(ordinary);
    d.controller->restoreConversation(ordinary);
    QTRY_COMPARE_WITH_TIMEOUT(d.controller->conversations()->rowCount(), 2, kPatienceMs);
    QCOMPARE(d.controller->conversations()->rowOf(id), 0);
    d.controller->deleteConversation(id);  // from where no question is asked
    QCOMPARE(d.controller->conversations()->rowCount(), 1);
    QVERIFY(d.controller->trash().result().value().empty());
}

void ChatTemporaryTest::whatItChangedInFilesStays() {
    const QString made = home() + "/Papers/Made";
    const std::string make = R"([{"steps":[{"call":"make_folder","arguments":{"path":")" +
                             made.toStdString() + R"("}}]},{"steps":[{"text":"Made."}]}])";
    {
        const Desk d(make.c_str(), home());
        if (!QDir("/proc/self").exists()) QSKIP("no file tools on this system");
        d.controller->newTemporaryConversation();
        d.controller->send("Make it");
        QTRY_VERIFY_WITH_TIMEOUT(d.controller->question(), kPatienceMs);
        d.controller->answerQuestion(PermissionAnswer::Once);
        d.waitForAnswer(2);
        QVERIFY(d.controller->lastChanges() != 0);
        d.controller->throwAway(d.model().info().id);
    }
    QVERIFY(QDir(made).exists());
    auto journal = UndoJournal::open((home() + "/data/undo").toStdString());
    QVERIFY(journal);
    const auto changes = (*journal)->changes(10);
    QCOMPARE(changes.value().size(), std::size_t{1});
    QVERIFY((*journal)->undo(std::vector{changes->front().id}));
    QVERIFY(!QDir(made).exists());
}

QTEST_GUILESS_MAIN(ChatTemporaryTest)
#include "tst_chat_temporary.moc"
