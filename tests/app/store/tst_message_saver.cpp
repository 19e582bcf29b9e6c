#include "app/chat/conversation_model.h"
#include "app/chat/message_saver.h"
#include "tests/app/store/store_samples.h"

#include <QSignalSpy>
#include <QTest>

using namespace lares;
using namespace lares::app;
using namespace lares::test;
using When = MessageSaver::When;

/// What is written when, seen by what the store finds right afterwards: it carries out one call
/// after the other.
class MessageSaverTest : public QObject {
    Q_OBJECT

private slots:
    void nowDoesNotWaitForAWriteInWork();
    void flushBringsWhatWaits();
    void soonWaitsAndIsThenWritten();
    void idleMeansOnDisk();
    void whatIsDeletedForGoodIsNotWrittenAfterIt();
    void whatStaysAfterAllIsWritten();

private:
    static std::shared_ptr<ConversationModel> conversation() {
        auto model = std::make_shared<ConversationModel>();
        model->setMessages(sampleConversation(1), {});
        return model;
    }
    static std::size_t countOnDisk(ConversationStore& store) {
        return answer(store.messages(1)).value().size();
    }
};

void MessageSaverTest::nowDoesNotWaitForAWriteInWork() {
    const StoreFolder folder;
    const auto store = openStore(folder.path());
    MessageSaver saver(store.get());
    const auto model = conversation();
    saver.put(userMessage(1, 1, 0, "begun"), model, When::Now);
    saver.put(userMessage(1, 1, 0, "finished"), model, When::Now);
    const auto found = answer(store->messages(1)).value();
    QCOMPARE(found.size(), 1);
    QCOMPARE(markdownOf(found[0]), QString("finished"));
}

void MessageSaverTest::flushBringsWhatWaits() {
    const StoreFolder folder;
    const auto store = openStore(folder.path());
    MessageSaver saver(store.get());
    const auto model = conversation();
    saver.put(userMessage(1, 1, 0, "a question"), model, When::Now);
    saver.put(fullAnswer(2, 1, 1), model, When::Soon);
    saver.flush();
    store->save(userMessage(3, 1, 2, "the next question"));
    QCOMPARE(countOnDisk(*store), 3);
}

void MessageSaverTest::soonWaitsAndIsThenWritten() {
    const StoreFolder folder;
    const auto store = openStore(folder.path());
    MessageSaver saver(store.get());
    saver.put(userMessage(1, 1, 0, "a word"), conversation(), When::Soon);
    QCOMPARE(saver.unsaved(1).size(), 1);
    QCOMPARE(countOnDisk(*store), 0);
    QTRY_COMPARE(countOnDisk(*store), 1);
}

void MessageSaverTest::idleMeansOnDisk() {
    const StoreFolder folder;
    const auto store = openStore(folder.path());
    MessageSaver saver(store.get());
    const QSignalSpy idle(&saver, &MessageSaver::idle);
    const auto model = conversation();
    for (MessageId id = 1; id <= 3; ++id)
        saver.put(userMessage(id, 1, id - 1, "a word"), model, When::Now);
    QVERIFY(!saver.isIdle());
    QTRY_COMPARE(idle.count(), 1);
    QVERIFY(saver.isIdle());
    QVERIFY(saver.unsaved(1).empty());
    QCOMPARE(countOnDisk(*store), 3);
}

void MessageSaverTest::whatIsDeletedForGoodIsNotWrittenAfterIt() {
    const StoreFolder folder;
    const auto store = openStore(folder.path());
    {
        MessageSaver saver(store.get());
        const auto model = conversation();
        saver.put(userMessage(1, 1, 0, "a question"), model, When::Now);
        store->moveToTrash(1);
        saver.hold(1);
        saver.put(fullAnswer(2, 1, 1), model, When::Now);  // its last words
        store->deleteForGood({1});
        saver.flush();
        QCOMPARE(countOnDisk(*store), 0);
        saver.forget(1);
        saver.put(fullAnswer(2, 1, 1), model, When::Now);
        saver.flush();
        QTRY_VERIFY(saver.unsaved(1).empty());
        saver.hold(1);
        saver.put(fullAnswer(2, 1, 1), model, When::Soon);
    }  // nor when the program ends before it knows
    QCOMPARE(countOnDisk(*store), 0);
}

void MessageSaverTest::whatStaysAfterAllIsWritten() {
    const StoreFolder folder;
    const auto store = openStore(folder.path());
    MessageSaver saver(store.get());
    const auto model = conversation();
    saver.put(userMessage(1, 1, 0, "a question"), model, When::Now);
    saver.hold(1);
    saver.put(fullAnswer(2, 1, 1), model, When::Now);
    QCOMPARE(countOnDisk(*store), 1);
    QTRY_COMPARE(saver.unsaved(1).size(), 1);
    saver.release(1);
    QCOMPARE(countOnDisk(*store), 2);
}

QTEST_GUILESS_MAIN(MessageSaverTest)
#include "tst_message_saver.moc"
