// What could not be written: the newest of it is on the disk as soon as that has room.
#include "app/store/conversation_store.h"
#include "tests/app/store/store_samples.h"
#include "tests/support/file_size_limit.h"

#include <QSignalSpy>
#include <QTest>

#include <memory>

using namespace lares;
using namespace lares::app;
using namespace lares::test;

namespace {

ConversationInfo titled(ConversationId id, const QString& title) {
    ConversationInfo info = sampleConversation(id);
    info.title = title;
    return info;
}

}  // namespace

class PendingWritesTest : public QObject {
    Q_OBJECT

private slots:
    void init();
    void cleanup() { m_full.reset(); }
    void comeWithTheNextWrite();
    void comeByThemselves();
    void comeAtTheEnd();
    void comeInTheirOrder();
    void areNotNewerThanAMessage();
    void whatIsTooLargeGoesWithItsAttachment();
    void nothingIsDeletedForGoodBeforeThem();

private:
    void fill() { m_full = std::make_unique<FileSizeLimit>(1); }
    void makeRoom() { m_full.reset(); }
    [[nodiscard]] ConversationInfo stored(ConversationId id) const;

    std::unique_ptr<StoreFolder> m_folder;
    std::unique_ptr<ConversationStore> m_store;
    std::unique_ptr<FileSizeLimit> m_full;
};

void PendingWritesTest::init() {
    m_store.reset();
    m_folder = std::make_unique<StoreFolder>();
    m_store = openStore(m_folder->path());
    for (const ConversationId id : {1, 2, 3})
        QVERIFY(answer(m_store->save(titled(id, QString("Title %1").arg(id)))));
}

ConversationInfo PendingWritesTest::stored(ConversationId id) const {
    const auto all = answer(m_store->conversations());
    for (const ConversationInfo& info : all.value()) {
        if (info.id == id) return info;
    }
    return {};
}

void PendingWritesTest::comeWithTheNextWrite() {
    QSignalSpy again(m_store.get(), &ConversationStore::writesAgain);
    fill();
    QVERIFY(!answer(m_store->save(titled(1, "First"))));
    QVERIFY(!answer(m_store->save(titled(1, "Second"))));
    QVERIFY(!answer(m_store->setSetting("theme", "dark")));
    QVERIFY(!answer(m_store->moveToTrash(2)));
    QVERIFY(!answer(m_store->saveNoteDraft({{"text", "Half a note"}})));
    QVERIFY(!answer(m_store->saveDraft(titled(3, "Title 3"), {sampleAttachment("costs.csv")})));
    QCOMPARE(stored(1).title, QString("Title 1"));
    makeRoom();
    QVERIFY(answer(m_store->setSetting("language", "de")));
    QCOMPARE(stored(1).title, QString("Second"));
    QCOMPARE(stored(2).id, ConversationId{0});
    QCOMPARE(answer(m_store->trash()).value().size(), std::size_t{1});
    QCOMPARE(answer(m_store->settings()).value()["theme"].toString(), QString("dark"));
    QCOMPARE(answer(m_store->draftAttachments(3)).value().size(), std::size_t{1});
    QTRY_COMPARE(again.count(), 1);
}

void PendingWritesTest::comeByThemselves() {
    fill();
    QVERIFY(!answer(m_store->save(titled(1, "First"))));
    makeRoom();
    QTRY_COMPARE_WITH_TIMEOUT(stored(1).title, QString("First"), 30'000);
}

void PendingWritesTest::comeAtTheEnd() {
    fill();
    QVERIFY(!answer(m_store->save(titled(1, "First"))));
    makeRoom();
    m_store.reset();
    m_store = openStore(m_folder->path());
    QCOMPARE(stored(1).title, QString("First"));
}

/// Several of them are about one conversation.
void PendingWritesTest::comeInTheirOrder() {
    ConversationInfo moved = titled(1, "First");
    moved.folder = "Home";
    fill();
    QVERIFY(!answer(m_store->save(titled(1, "First"))));
    QVERIFY(!answer(m_store->setFolders({{1, "Work"}, {2, "Work"}})));
    QVERIFY(!answer(m_store->save(moved)));
    QVERIFY(!answer(m_store->moveToTrash(2)));
    QVERIFY(!answer(m_store->restoreFromTrash(2)));
    QVERIFY(!answer(m_store->setFolders({{3, "Work"}})));
    makeRoom();
    QVERIFY(answer(m_store->setSetting("language", "de")));
    QCOMPARE(stored(1), moved);
    QCOMPARE(stored(2).folder, QString("Work"));
    QCOMPARE(stored(3).folder, QString("Work"));
}

/// It is stored with the conversation as it is by then.
void PendingWritesTest::areNotNewerThanAMessage() {
    const QString large(200'000, 'x');
    ConversationInfo drafted = titled(1, "First");
    drafted.draft = large;
    m_full = std::make_unique<FileSizeLimit>(
        std::filesystem::file_size(m_folder->database().string() + "-wal") + 60'000);
    QVERIFY(!answer(m_store->save(drafted)));
    QVERIFY(answer(m_store->save(userMessage(1, 1, 0, "Hi"), titled(1, "Second"))));
    makeRoom();
    QVERIFY(answer(m_store->setSetting("language", "de")));
    QCOMPARE(stored(1), titled(1, "Second"));
}

/// The rest is not kept waiting by it.
void PendingWritesTest::whatIsTooLargeGoesWithItsAttachment() {
    Attachment large = sampleAttachment("large.txt");
    large.text = QString(200'000, 'x');
    ConversationInfo attached = titled(1, "First");
    attached.hasAttachedDraft = true;
    m_full = std::make_unique<FileSizeLimit>(
        std::filesystem::file_size(m_folder->database().string() + "-wal") + 60'000);
    QVERIFY(!answer(m_store->saveDraft(attached, {large})));
    QVERIFY(!answer(m_store->setSetting("theme", "dark")));
    QVERIFY(answer(m_store->save(titled(1, "Second"))));
    QVERIFY(answer(m_store->setSetting("theme", "light")));
    QCOMPARE(stored(1), titled(1, "Second"));
    QCOMPARE(answer(m_store->settings()).value()["theme"].toString(), QString("light"));
}

/// Or it would be there again.
void PendingWritesTest::nothingIsDeletedForGoodBeforeThem() {
    QVERIFY(answer(m_store->moveToTrash(1)));
    fill();
    QVERIFY(!answer(m_store->save(titled(1, "First"))));
    QVERIFY(!answer(m_store->deleteForGood({1})));
    makeRoom();
    QVERIFY(answer(m_store->deleteForGood({1})));
    QVERIFY(answer(m_store->setSetting("language", "de")));
    QCOMPARE(answer(m_store->trash()).value().size(), std::size_t{0});
    QCOMPARE(stored(1).id, ConversationId{0});
}

QTEST_GUILESS_MAIN(PendingWritesTest)
#include "tst_pending_writes.moc"
