// When the controller lets the model read ahead, and when what it has read is deleted.

#include "app/chat/conversation_list_model.h"
#include "tests/app/turns/desk.h"

#include <QTemporaryDir>

using namespace lares;
using namespace lares::test;

class ChatReadingsTest : public QObject {
    Q_OBJECT

private slots:
    void init();
    void aNewConversationsPersonaIsRead();
    void anotherPersonaIsReadWhenItIsChosen();
    void afterAnAnswerAllOfItIsRead();
    void typingInAnOldConversationReadsItOnce();
    void nothingIsReadWhileAnAnswerIsWritten();
    void aDeletedConversationIsForgotten();
    void keepingCanBeTurnedOffAndStaysOff();

private:
    std::unique_ptr<QTemporaryDir> m_folder;
};

void ChatReadingsTest::init() {
    m_folder = std::make_unique<QTemporaryDir>();
    qputenv("HOME", m_folder->path().toUtf8());
}

void ChatReadingsTest::aNewConversationsPersonaIsRead() {
    const Desk d(kGreets, m_folder->path());
    QCOMPARE(d.source->readAhead().size(), std::size_t{1});  // when the model was there
    d.controller->saveDraft("H");
    const GenerationRequest ahead = d.source->readAhead().back();
    QCOMPARE(ahead.conversation.messages.size(), std::size_t{1});
    QCOMPARE(ahead.conversation.messages[0].role, std::string("system"));
    QCOMPARE(ahead.owner, std::to_string(d.model().info().id));
    QVERIFY(!ahead.conversation.tools.empty());
    // As the first question will have it: nothing of it is read twice.
    d.controller->send("Hello");
    d.waitForAnswer(2);
    QCOMPARE(d.source->lastRequest().conversation.messages[0].content,
             ahead.conversation.messages[0].content);
    QVERIFY(d.source->lastRequest().conversation.tools == ahead.conversation.tools);
    QCOMPARE(d.source->lastRequest().owner, ahead.owner);
}

void ChatReadingsTest::anotherPersonaIsReadWhenItIsChosen() {
    const Desk d(kGreets, m_folder->path());
    d.controller->setPersona("robin");
    QCOMPARE(d.source->readAhead().size(), std::size_t{2});
    QVERIFY(d.source->readAhead().back().conversation.messages[0].content.find("Robin") !=
            std::string::npos);
    d.controller->setPersona("robin");
    QCOMPARE(d.source->readAhead().size(), std::size_t{2});
}

void ChatReadingsTest::afterAnAnswerAllOfItIsRead() {
    const Desk d(kGreets, m_folder->path());
    d.controller->send("Hello");
    d.waitForAnswer(2);
    QTRY_COMPARE_WITH_TIMEOUT(d.source->readAhead().size(), std::size_t{2}, kPatienceMs);
    const auto& messages = d.source->readAhead().back().conversation.messages;
    QCOMPARE(messages.size(), std::size_t{3});
    QCOMPARE(messages.back().role, std::string("assistant"));
    QCOMPARE(messages.back().content, std::string("Hello."));
}

void ChatReadingsTest::typingInAnOldConversationReadsItOnce() {
    ConversationId id = 0;
    {
        const Desk d(kGreets, m_folder->path());
        d.controller->send("Hello");
        d.waitForAnswer(2);
        id = d.model().info().id;
    }
    const Desk d(kGreets, m_folder->path());
    QCOMPARE(d.model().info().id, id);  // the last one is opened again, and only looked at
    QCOMPARE(d.model().rowCount(), 2);
    const std::size_t before = d.source->readAhead().size();
    d.controller->saveDraft("W");
    QCOMPARE(d.source->readAhead().size(), before + 1);
    QCOMPARE(d.source->readAhead().back().conversation.messages.size(), std::size_t{3});
    d.controller->saveDraft("What");
    d.controller->saveDraft("");
    d.controller->saveDraft("Who");
    QCOMPARE(d.source->readAhead().size(), before + 1);
}

void ChatReadingsTest::nothingIsReadWhileAnAnswerIsWritten() {
    const Desk d(R"([{"steps":[{"text":"Wait"},{"hold":true}]}])", m_folder->path());
    d.controller->send("Hello");
    QTRY_VERIFY_WITH_TIMEOUT(d.controller->isAnswering() && d.source->isBusy(), kPatienceMs);
    const std::size_t before = d.source->readAhead().size();
    d.controller->saveDraft("And");
    d.controller->setPersona("robin");
    QCOMPARE(d.source->readAhead().size(), before);
    d.controller->stop();
    d.waitForAnswer(2);
    QTRY_COMPARE_WITH_TIMEOUT(d.source->readAhead().size(), before + 1, kPatienceMs);
}

void ChatReadingsTest::aDeletedConversationIsForgotten() {
    const Desk d(kGreets, m_folder->path());
    d.controller->send("Hello");
    d.waitForAnswer(2);
    const ConversationId id = d.model().info().id;
    d.controller->deleteConversation(id);
    QCOMPARE(d.source->forgotten(), std::vector<std::string>{std::to_string(id)});
}

void ChatReadingsTest::keepingCanBeTurnedOffAndStaysOff() {
    {
        const Desk d(kGreets, m_folder->path());
        QVERIFY(d.controller->keepsReadings());
        QVERIFY(d.source->isKeeping());
        d.controller->setKeepsReadings(false);
        QVERIFY(!d.source->isKeeping());
        QCOMPARE(d.source->forgotten(), std::vector<std::string>{"all"});
    }
    const Desk d(kGreets, m_folder->path());
    QVERIFY(!d.controller->keepsReadings());
    QVERIFY(!d.source->isKeeping());
    d.controller->setKeepsReadings(true);
    QVERIFY(d.source->isKeeping());
    QVERIFY(d.source->forgotten().empty());
}

QTEST_GUILESS_MAIN(ChatReadingsTest)
#include "tst_chat_readings.moc"
