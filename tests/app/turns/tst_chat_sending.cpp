// What the user does between pressing Enter and the moment when the message is on the disk, which a
// fast disk ends before `send` returns.
#include "app/chat/conversation_list_model.h"
#include "tests/app/turns/desk.h"

#include <QTemporaryDir>
#include <QTest>

using namespace lares;
using namespace lares::app;
using lares::test::Desk;
using lares::test::kGreets;
using lares::test::kPatienceMs;

class ChatSendingTest : public QObject {
    Q_OBJECT

private slots:
    void init();
    void whatIsSentNextWaits();
    void stopStopsTheAnswerToCome();
    void aNewConversationBeginsAtOnce();
    void whatIsDeletedMeanwhileStaysDeleted();
    void comingBackIsTheSameConversation();
    void theBranchEndsWithTheMessageWhateverIsChanged();
    void aDraftWrittenMeanwhileStays();
    void whatIsKeptMeanwhileKeepsTheQuestion();
    void aDraftWhileItIsOpenedDoesNotMoveItsEnd();
    void whatIsBegunInANewConversationIsThereAfterAStart();
    void anOlderListDoesNotMoveTheEndOfWhatIsBroughtBack();
    void whatIsBegunStaysWhereAnotherTextIsSent();
    void whatIsBegunInTheNextOneStaysThere();

private:
    std::unique_ptr<QTemporaryDir> m_home;
};

void ChatSendingTest::init() {
    m_home = std::make_unique<QTemporaryDir>();
}

void ChatSendingTest::whatIsSentNextWaits() {
    const Desk desk(kGreets, m_home->path());
    desk.controller->send("One");
    QVERIFY(desk.controller->isAnswering());
    desk.controller->send("Two");  // the window refuses it, with its text
    desk.waitForAnswer(2);
    QCOMPARE(markdownOf(desk.model().messageAt(0)), QString("One"));
    QCOMPARE(desk.model().versionCountAt(0), 1);
}

void ChatSendingTest::stopStopsTheAnswerToCome() {
    const Desk desk(kGreets, m_home->path());
    desk.controller->send("One");
    desk.controller->stop();
    desk.waitForAnswer(2);
    QCOMPARE(desk.last().state, ChatMessage::State::Stopped);
    QVERIFY(markdownOf(desk.last()).isEmpty());
}

void ChatSendingTest::aNewConversationBeginsAtOnce() {
    const Desk desk(kGreets, m_home->path());
    desk.controller->saveDraft("One");
    const ConversationId first = desk.model().info().id;
    desk.controller->send("One");
    desk.controller->newConversation();
    QVERIFY(desk.model().info().id != first);
    QCOMPARE(desk.model().info().draft, QString());  // not what was just sent
    QTRY_COMPARE_WITH_TIMEOUT(desk.controller->conversations()->rowCount(), 1, kPatienceMs);
    QTRY_VERIFY_WITH_TIMEOUT(!desk.controller->isBusyElsewhere(), kPatienceMs);
    desk.controller->openConversation(first);
    QTRY_COMPARE_WITH_TIMEOUT(desk.model().rowCount(), 2, kPatienceMs);
}

void ChatSendingTest::whatIsDeletedMeanwhileStaysDeleted() {
    const Desk desk(kGreets, m_home->path());
    desk.controller->send("One");
    desk.waitForAnswer(2);
    const ConversationId id = desk.model().info().id;
    desk.controller->send("Two");
    desk.controller->deleteConversation(id);
    QTRY_VERIFY_WITH_TIMEOUT(!desk.controller->isBusyElsewhere(), kPatienceMs);
    QCOMPARE(desk.controller->conversations()->rowCount(), 0);
    QCOMPARE(desk.store->conversations().result()->size(), std::size_t{0});
    desk.controller->restoreConversation(id);
    QTRY_VERIFY_WITH_TIMEOUT(desk.model().rowCount() >= 3, kPatienceMs);
    QCOMPARE(markdownOf(desk.model().messageAt(2)), QString("Two"));
    // Nobody answers it, unless the disk was so fast that an answer had begun.
    QVERIFY(desk.model().rowCount() == 3 || desk.last().state == ChatMessage::State::Stopped);
}

void ChatSendingTest::comingBackIsTheSameConversation() {
    const Desk desk(kGreets, m_home->path());
    desk.controller->send("One");
    desk.waitForAnswer(2);
    const ConversationId id = desk.model().info().id;
    desk.controller->send("Two");
    desk.controller->newConversation();
    desk.controller->openConversation(id);
    desk.waitForAnswer(4);
    QCOMPARE(markdownOf(desk.model().messageAt(2)), QString("Two"));
}

void ChatSendingTest::theBranchEndsWithTheMessageWhateverIsChanged() {
    {
        const Desk desk(kGreets, m_home->path());
        desk.controller->send("One");
        desk.waitForAnswer(2);
        desk.controller->send("Two");
        desk.controller->renameConversation(desk.model().info().id, "Greetings");
    }  // before the program has heard that it is stored
    const Desk desk(kGreets, m_home->path());
    QVERIFY(desk.model().rowCount() >= 3);
    QCOMPARE(markdownOf(desk.model().messageAt(2)), QString("Two"));
    QCOMPARE(desk.model().info().title, QString("Greetings"));
}

void ChatSendingTest::aDraftWrittenMeanwhileStays() {
    ConversationId id = 0;
    {
        const Desk desk(kGreets, m_home->path());
        desk.controller->saveDraft("One");
        desk.controller->send("One");
        desk.controller->saveDraft("and what I");
        desk.waitForAnswer(2);
        id = desk.model().info().id;
        QCOMPARE(desk.model().info().draft, QString("and what I"));
        QTRY_COMPARE_WITH_TIMEOUT(desk.store->conversations().result()->front().draft,
                                  QString("and what I"), kPatienceMs);
        QVERIFY(desk.controller->setting("newDraft").toString().isEmpty());
    }
    const Desk desk(kGreets, m_home->path());
    QCOMPARE(desk.model().info().id, id);
}

void ChatSendingTest::whatIsKeptMeanwhileKeepsTheQuestion() {
    ConversationId id = 0;
    {
        const Desk desk(kGreets, m_home->path());
        desk.controller->newTemporaryConversation();
        desk.controller->send("One");
        desk.waitForAnswer(2);
        id = desk.model().info().id;
        desk.controller->send("Two");
        auto kept = desk.controller->keepConversation(id);
        QTRY_VERIFY_WITH_TIMEOUT(kept.isFinished(), kPatienceMs);
        desk.waitForAnswer(4);
    }
    const Desk desk(kGreets, m_home->path());
    desk.controller->openConversation(id);
    QTRY_COMPARE_WITH_TIMEOUT(desk.model().rowCount(), 4, kPatienceMs);
    QCOMPARE(markdownOf(desk.model().messageAt(2)), QString("Two"));
}

void ChatSendingTest::aDraftWhileItIsOpenedDoesNotMoveItsEnd() {
    const Desk desk(kGreets, m_home->path());
    desk.controller->send("One");
    desk.waitForAnswer(2);
    const ConversationId id = desk.model().info().id;
    const MessageId first = desk.last().id;
    desk.controller->regenerate(first);
    desk.waitForAnswer(2);
    desk.controller->showVersion(desk.last().id, 0);
    desk.controller->newConversation();
    // Nothing of it is on its way any more, so it is read from the disk.
    QTRY_VERIFY_WITH_TIMEOUT(
        [&] {
            desk.controller->newConversation();
            desk.controller->openConversation(id);
            return desk.controller->isConversationLoading();
        }(),
        kPatienceMs);
    desk.controller->saveDraft("and");
    QTRY_VERIFY_WITH_TIMEOUT(!desk.controller->isConversationLoading(), kPatienceMs);
    QCOMPARE(desk.last().id, first);
    QCOMPARE(desk.store->conversations().result()->front().activeLeaf, first);
}

void ChatSendingTest::whatIsBegunInANewConversationIsThereAfterAStart() {
    ConversationId id = 0;
    {
        const Desk desk(kGreets, m_home->path());
        desk.controller->send("One");
        desk.waitForAnswer(2);
        id = desk.model().info().id;
        desk.controller->newConversation();
        desk.controller->saveDraft("What about");
    }
    {
        const Desk desk(kGreets, m_home->path());
        QCOMPARE(desk.model().rowCount(), 0);
        QCOMPARE(desk.model().info().draft, QString("What about"));
        desk.controller->openConversation(id);
        QTRY_COMPARE_WITH_TIMEOUT(desk.model().rowCount(), 2, kPatienceMs);
    }
    const Desk desk(kGreets, m_home->path());
    QCOMPARE(desk.model().info().id, id);
}

/// The store is asked for its list, then a message is stored, and its conversation is not in the
/// list when the answer comes.
void ChatSendingTest::anOlderListDoesNotMoveTheEndOfWhatIsBroughtBack() {
    const Desk desk(kGreets, m_home->path());
    desk.controller->send("One");
    desk.waitForAnswer(2);
    const ConversationId id = desk.model().info().id;
    desk.controller->newConversation();
    desk.controller->send("Another");
    desk.waitForAnswer(2);
    const ConversationId other = desk.model().info().id;
    desk.controller->deleteConversation(other);
    desk.controller->openConversation(id);
    QTRY_COMPARE_WITH_TIMEOUT(desk.model().rowCount(), 2, kPatienceMs);

    desk.controller->restoreConversation(other);
    desk.controller->send("Two");
    desk.controller->deleteConversation(id);
    desk.controller->restoreConversation(id);
    QTRY_COMPARE_WITH_TIMEOUT(desk.controller->conversations()->rowCount(), 2, kPatienceMs);
    QTRY_VERIFY_WITH_TIMEOUT(desk.model().info().id == id && desk.model().rowCount() >= 3,
                             kPatienceMs);
    QCOMPARE(markdownOf(desk.model().messageAt(2)), QString("Two"));
}

/// An example that the greeting offers, say.
void ChatSendingTest::whatIsBegunStaysWhereAnotherTextIsSent() {
    const Attachments attached{pastedText("A long text")};
    {
        const Desk desk(kGreets, m_home->path());
        desk.controller->saveDraft("Half a thought");
        desk.controller->saveDraftAttachments(attached);
        desk.controller->send("What is 17 * 23?", {}, ChatController::Draft::Kept);
        desk.waitForAnswer(2);
        QCOMPARE(desk.model().info().draft, QString("Half a thought"));
    }
    const Desk desk(kGreets, m_home->path());
    QCOMPARE(desk.model().rowCount(), 2);
    QCOMPARE(markdownOf(desk.model().messageAt(0)), QString("What is 17 * 23?"));
    QCOMPARE(desk.model().info().draft, QString("Half a thought"));
    QTRY_COMPARE_WITH_TIMEOUT(desk.controller->draftAttachments(), attached, kPatienceMs);
    desk.controller->send("Another", {}, ChatController::Draft::Kept);
    desk.waitForAnswer(4);
    QCOMPARE(desk.model().info().draft, QString("Half a thought"));
    desk.controller->newConversation();
    QCOMPARE(desk.model().info().draft, QString());
}

/// Before the first message of the one before is on the disk.
void ChatSendingTest::whatIsBegunInTheNextOneStaysThere() {
    {
        const Desk desk(kGreets, m_home->path());
        desk.controller->saveDraft("One");
        desk.controller->send("One");
        desk.controller->newConversation();
        desk.controller->saveDraft("Half a thought");
        QTRY_COMPARE_WITH_TIMEOUT(desk.controller->conversations()->rowCount(), 1, kPatienceMs);
        QTRY_VERIFY_WITH_TIMEOUT(!desk.controller->isBusyElsewhere(), kPatienceMs);
    }
    const Desk desk(kGreets, m_home->path());
    QCOMPARE(desk.model().rowCount(), 0);
    QCOMPARE(desk.model().info().draft, QString("Half a thought"));
}

QTEST_GUILESS_MAIN(ChatSendingTest)
#include "tst_chat_sending.moc"
