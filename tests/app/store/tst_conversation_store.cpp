#include "app/store/backup_files.h"
#include "app/store/conversation_store.h"
#include "app/store/database.h"
#include "tests/app/store/store_samples.h"

#include <QTest>

using namespace lares;
using namespace lares::app;
using namespace lares::test;

namespace {

/// SQL beside the store, while no store is open.
void change(const StoreFolder& folder, const char* sql) {
    auto database = Database::open(folder.database());
    QVERIFY2(database, database ? "" : database.error().message.c_str());
    QVERIFY(database->execute(sql));
}

qint64 count(const StoreFolder& folder, const char* sql) {
    auto database = Database::open(folder.database());
    return database ? database->number(sql).value_or(-1) : -1;
}

}  // namespace

class ConversationStoreTest : public QObject {
    Q_OBJECT

private slots:
    void waitsForWhatWasAskedFor();
    void keepsEveryFieldOfAMessage();
    void keepsTextWordForWord_data();
    void keepsTextWordForWord();
    void keepsEveryFieldOfAConversation();
    void endsAtAMessageThatIsStored();
    void listsPinnedThenNewestFirst();
    void returnsTheWholeTreeInOrder();
    void replacesAMessageWithAllItsParts();
    void changesNothingWhenTheSameIsSavedAgain();
    void leavesAnInterruptedAnswerAsItIs();
    void givesIdsAboveAllThatWereEverStored();
    void keepsAMessageWhoseConversationWasNotSaved();
    void leavesOutWhatIsTemporary();
    void savesMessageAndConversationTogether();
    void keepsWhatGoesWithAMessage();
    void keepsWhatIsAttachedToADraft();
    void removesAnEmptyDraft();
    void movesManyToFoldersAtOnce();
    void keepsSummariesWithTheirMessages();
    void trashHidesAndRestores();
    void listsTheTrashAndDeletesForGood();
    void emptiesTheTrashAfterThirtyDays();
    void carriesOutEverythingBeforeItEnds();
    void createsPrivateFiles();
};

void ConversationStoreTest::keepsEveryFieldOfAMessage() {
    const StoreFolder folder;
    const ChatMessage question = userMessage(1, 1, 0, "What is in my Documents?");
    const ChatMessage full = fullAnswer(2, 1, 1);
    {
        const auto store = openStore(folder.path());
        QVERIFY(answer(store->save(question, sampleConversation(1))));
        QVERIFY(answer(store->save(full)));
        QCOMPARE(answer(store->messages(1)).value(), (std::vector{question, full}));
    }
    const auto reopened = openStore(folder.path());
    QCOMPARE(answer(reopened->messages(1)).value(), (std::vector{question, full}));
}

void ConversationStoreTest::keepsTextWordForWord_data() {
    QTest::addColumn<QString>("text");
    QTest::newRow("nothing") << "";
    QTest::newRow("quotes") << R"(It's "so"; DROP TABLE messages;--)";
    QTest::newRow("a NUL inside") << QString::fromUtf8("before\0after", 12);
    QTest::newRow("beyond the basic plane")
        << QString::fromUtf8("🏺 𝔏ares — домашние боги 家の神");
    QTest::newRow("line ends and blanks") << "\r\n\t  a\u00a0b\u2028c \n";
    QTest::newRow("a megabyte") << QString(1 << 20, QChar(0x00e9));
}

void ConversationStoreTest::keepsTextWordForWord() {
    QFETCH(QString, text);
    const StoreFolder folder;
    const ChatMessage message = userMessage(1, 1, 0, text);
    {
        const auto store = openStore(folder.path());
        QVERIFY(answer(store->save(message, sampleConversation(1))));
    }
    QCOMPARE(answer(openStore(folder.path())->messages(1)).value(), std::vector{message});
}

void ConversationStoreTest::keepsEveryFieldOfAConversation() {
    const StoreFolder folder;
    ConversationInfo info = sampleConversation(7);
    info.isPinned = true;
    info.activeLeaf = 12;
    info.draft = "And what about";
    info.parameters = {{"temperature", 0.3}, {"thinking", false}};
    info.folder = "Taxes & Steuern";
    {
        const auto store = openStore(folder.path());
        QVERIFY(answer(store->save(userMessage(12, 7, 0, "What is deductible?"))));
        QVERIFY(answer(store->save(info)));
    }
    QCOMPARE(answer(openStore(folder.path())->conversations()).value(), std::vector{info});
}

/// The one that comes next may find no room, and the program may end before it does.
void ConversationStoreTest::endsAtAMessageThatIsStored() {
    const StoreFolder folder;
    const auto store = openStore(folder.path());
    const auto end = [&] { return answer(store->conversations()).value().front().activeLeaf; };
    ConversationInfo info = sampleConversation(1);
    info.activeLeaf = 2;
    QVERIFY(answer(store->save(info)));
    QCOMPARE(end(), MessageId{0});
    QVERIFY(answer(store->save(userMessage(1, 1, 0, "One"), info)));  // with the end of the next
    QCOMPARE(end(), MessageId{0});
    info.activeLeaf = 1;
    QVERIFY(answer(store->save(info)));
    QCOMPARE(end(), MessageId{1});
    info.activeLeaf = 2;
    info.title = "Another";
    QVERIFY(answer(store->save(info)));
    QCOMPARE(end(), MessageId{1});
    QCOMPARE(answer(store->conversations()).value().front().title, QString("Another"));
    QVERIFY(answer(store->saveDraft(info, {sampleAttachment("plan.txt")})));
    QCOMPARE(end(), MessageId{1});
    QVERIFY(answer(store->save(fullAnswer(2, 1, 1), info)));
    QCOMPARE(end(), MessageId{2});
    info.activeLeaf = 1;  // somebody has not heard of the answer
    QVERIFY(answer(store->save(userMessage(1, 1, 0, "One"), info)));
    QCOMPARE(end(), MessageId{2});
}

void ConversationStoreTest::listsPinnedThenNewestFirst() {
    const StoreFolder folder;
    const auto store = openStore(folder.path());
    ConversationInfo pinned = sampleConversation(1);
    pinned.isPinned = true;
    const ConversationInfo older = sampleConversation(2);
    const ConversationInfo newer = sampleConversation(3);
    for (const auto& info : {newer, pinned, older}) QVERIFY(answer(store->save(info)));
    QCOMPARE(answer(store->conversations()).value(), (std::vector{pinned, newer, older}));
}

void ConversationStoreTest::returnsTheWholeTreeInOrder() {
    const StoreFolder folder;
    const auto store = openStore(folder.path());
    const std::vector messages = {userMessage(1, 1, 0, "a"), fullAnswer(2, 1, 1),
                                  userMessage(3, 1, 0, "a, edited"), fullAnswer(5, 1, 3)};
    for (auto at = messages.rbegin(); at != messages.rend(); ++at) {
        QVERIFY(answer(store->save(*at, sampleConversation(1))));
    }
    QVERIFY(answer(store->save(userMessage(4, 2, 0, "elsewhere"), sampleConversation(2))));
    QCOMPARE(answer(store->messages(1)).value(), messages);
    QVERIFY(answer(store->messages(99)).value().empty());
}

void ConversationStoreTest::replacesAMessageWithAllItsParts() {
    const StoreFolder folder;
    const auto store = openStore(folder.path());
    ChatMessage message = fullAnswer(1, 1, 0);
    QVERIFY(answer(store->save(message, sampleConversation(1))));
    message.state = ChatMessage::State::Complete;
    message.parts.resize(2);
    message.parts[1].text = "Shorter.";
    QVERIFY(answer(store->save(message)));
    QCOMPARE(answer(store->messages(1)).value(), std::vector{message});
    message.parts.clear();
    QVERIFY(answer(store->save(message)));
    QCOMPARE(answer(store->messages(1)).value(), std::vector{message});
}

void ConversationStoreTest::changesNothingWhenTheSameIsSavedAgain() {
    const StoreFolder folder;
    const ChatMessage message = fullAnswer(1, 1, 0);
    const auto store = openStore(folder.path());
    QVERIFY(answer(store->save(message, sampleConversation(1))));
    const auto log = folder.database().string() + "-wal";
    const auto size = std::filesystem::file_size(log);
    QVERIFY(size > 0);
    for (int i = 0; i < 3; ++i) QVERIFY(answer(store->save(message, sampleConversation(1))));
    QCOMPARE(std::filesystem::file_size(log), size);
    QCOMPARE(answer(store->messages(1)).value(), std::vector{message});
}

void ConversationStoreTest::leavesAnInterruptedAnswerAsItIs() {
    const StoreFolder folder;
    ChatMessage message = fullAnswer(1, 1, 0);
    message.state = ChatMessage::State::Generating;
    {
        const auto store = openStore(folder.path());
        QVERIFY(answer(store->save(message, sampleConversation(1))));
    }
    QCOMPARE(answer(openStore(folder.path())->messages(1)).value(), std::vector{message});
}

void ConversationStoreTest::givesIdsAboveAllThatWereEverStored() {
    const StoreFolder folder;
    {
        const auto store = openStore(folder.path());
        QCOMPARE(store->newConversationId(), 1);
        QCOMPARE(store->newConversationId(), 2);
        QVERIFY(answer(store->save(userMessage(41, 8, 0, "a"), sampleConversation(8))));
    }
    change(folder, "PRAGMA foreign_keys=ON; DELETE FROM conversations");
    const auto store = openStore(folder.path());
    QVERIFY(answer(store->messages(8)).value().empty());
    QCOMPARE(store->newConversationId(), 9);
    QCOMPARE(store->newMessageId(), 42);
}

void ConversationStoreTest::keepsAMessageWhoseConversationWasNotSaved() {
    const StoreFolder folder;
    const auto store = openStore(folder.path());
    const ChatMessage message = userMessage(3, 5, 2, "Hello?");
    QVERIFY(answer(store->save(message)));
    QCOMPARE(answer(store->messages(5)).value(), std::vector{message});
    const auto listed = answer(store->conversations()).value();
    QCOMPARE(listed.size(), std::size_t{1});
    QCOMPARE(listed[0].id, 5);
    QCOMPARE(listed[0].preview, "Hello?");
    QCOMPARE(listed[0].activeLeaf, 3);
    ConversationInfo info = sampleConversation(5);
    QVERIFY(answer(store->save(info)));
    info.activeLeaf = 3;  // which it does not know yet
    QCOMPARE(answer(store->conversations()).value(), std::vector{info});
}

void ConversationStoreTest::savesMessageAndConversationTogether() {
    const StoreFolder folder;
    const auto store = openStore(folder.path());
    ConversationInfo info = sampleConversation(1);
    QVERIFY(answer(store->save(info)));
    info.activeLeaf = 6;
    info.draft.clear();
    QVERIFY(answer(store->save(userMessage(6, 1, 0, "a"), info)));
    QCOMPARE(answer(store->conversations()).value(), std::vector{info});
}

void ConversationStoreTest::keepsWhatGoesWithAMessage() {
    const StoreFolder folder;
    ChatMessage message = userMessage(1, 1, 0, "Compare.");
    message.parts.insert(message.parts.begin(), {partOf(sampleAttachment("a\u202e\n\".csv")),
                                                 partOf(pastedText("long\nlong"))});
    {
        const auto store = openStore(folder.path());
        QVERIFY(answer(store->save(message, sampleConversation(1))));
    }
    const auto read = answer(openStore(folder.path())->messages(1)).value();
    QCOMPARE(read, std::vector{message});
    QCOMPARE(attachmentsOf(read[0]),
             (Attachments{sampleAttachment("a\u202e\n\".csv"), pastedText("long\nlong")}));
}

/// Whoever saves need not ask what it is.
void ConversationStoreTest::leavesOutWhatIsTemporary() {
    const StoreFolder folder;
    const auto store = openStore(folder.path());
    ConversationInfo info = sampleConversation(1);
    info.isTemporary = true;
    info.hasAttachedDraft = true;
    QVERIFY(answer(store->save(info)));
    QVERIFY(answer(store->saveDraft(info, {sampleAttachment("a.csv")})));
    QVERIFY(answer(store->save(userMessage(6, 1, 0, "a"), info)));
    QVERIFY(answer(store->conversations())->empty());
    QVERIFY(answer(store->messages(1))->empty());
    QVERIFY(answer(store->draftAttachments(1))->empty());
    info.isTemporary = false;
    info.hasAttachedDraft = false;
    QVERIFY(answer(store->save(userMessage(6, 1, 0, "a"), info)));
    QCOMPARE(answer(store->conversations()).value(), std::vector{info});
}

void ConversationStoreTest::keepsWhatIsAttachedToADraft() {
    const StoreFolder folder;
    const Attachments two = {sampleAttachment("a.csv"), pastedText("long")};
    ConversationInfo info = sampleConversation(1);
    info.hasAttachedDraft = true;
    {
        const auto store = openStore(folder.path());
        QVERIFY(answer(store->saveDraft(info, two)));  // the conversation is made with it
        info.draft = "And what";
        QVERIFY(answer(store->save(info)));
        QVERIFY(answer(store->save(userMessage(6, 1, 0, "a"), info)));
    }
    {
        const auto store = openStore(folder.path());
        QCOMPARE(answer(store->conversations()).value(), std::vector{info});
        QCOMPARE(answer(store->draftAttachments(1)).value(), two);
        QVERIFY(answer(store->saveDraft(info, {two[1]})));
        QCOMPARE(answer(store->draftAttachments(1)).value(), Attachments{two[1]});
        // Sent: it goes in the transaction that keeps the message.
        info.draft.clear();
        info.hasAttachedDraft = false;
        QVERIFY(answer(store->save(userMessage(7, 1, 6, "b"), info)));
        QCOMPARE(answer(store->conversations()).value(), std::vector{info});
    }
    QCOMPARE(count(folder, "SELECT count(*) FROM draft_attachments"), 0);
}

void ConversationStoreTest::removesAnEmptyDraft() {
    const StoreFolder folder;
    {
        const auto store = openStore(folder.path());
        ConversationInfo info = sampleConversation(1);
        info.draft = "half a tho";
        QVERIFY(answer(store->save(info)));
        info.draft.clear();
        QVERIFY(answer(store->save(info)));
        QCOMPARE(answer(store->conversations()).value(), std::vector{info});
    }
    QCOMPARE(count(folder, "SELECT count(*) FROM drafts"), 0);
}

void ConversationStoreTest::movesManyToFoldersAtOnce() {
    const StoreFolder folder;
    const auto store = openStore(folder.path());
    for (const ConversationId id : {1, 2, 3}) QVERIFY(answer(store->save(sampleConversation(id))));
    QVERIFY(answer(store->setFolders({{1, "Taxes"}, {2, "Taxes"}, {77, "never saved"}})));
    QVERIFY(answer(store->setFolders({{2, ""}})));
    QStringList folders;
    const auto conversations = answer(store->conversations()).value();
    for (const ConversationInfo& info : conversations) folders << info.folder;
    QCOMPARE(folders, QStringList({"", "", "Taxes"}));
    // The trash remembers where one was.
    QVERIFY(answer(store->moveToTrash(1)));
    QVERIFY(answer(store->restoreFromTrash(1)));
    QCOMPARE(answer(store->conversations()).value().back().folder, QString("Taxes"));
}

void ConversationStoreTest::keepsSummariesWithTheirMessages() {
    const StoreFolder folder;
    ChatMessage question = userMessage(1, 7, 0, "What is in my Documents?");
    ChatMessage answered = fullAnswer(2, 7, 1);
    answered.summary = BranchSummary{"They asked. <|im_end|> \u00e4", false};
    const auto numberOf = [&](const char* sql) {
        return Database::open(folder.database())->number(sql).value();
    };
    {
        const auto store = openStore(folder.path());
        QVERIFY(answer(store->save(question, sampleConversation(7))));
        QVERIFY(answer(store->save(answered)));
    }
    {
        const auto store = openStore(folder.path());
        QCOMPARE(answer(store->messages(7)).value(), (std::vector{question, answered}));
        answered.summary = BranchSummary{{}, true};  // written again, and removed
        QVERIFY(answer(store->save(answered)));
        QCOMPARE(answer(store->messages(7)).value()[1], answered);
        ChatMessage without = answered;
        without.summary.reset();
        QVERIFY(answer(store->save(without)));
        QCOMPARE(answer(store->messages(7)).value()[1], without);
        QVERIFY(answer(store->save(answered)));
        QVERIFY(answer(store->moveToTrash(7)));
    }
    QCOMPARE(numberOf("SELECT count(*) FROM summaries"), 1);
    QVERIFY(answer(openStore(folder.path())->deleteForGood({7})));
    QCOMPARE(numberOf("SELECT count(*) FROM summaries"), 0);
}

void ConversationStoreTest::trashHidesAndRestores() {
    const StoreFolder folder;
    const auto store = openStore(folder.path());
    const ConversationInfo info = sampleConversation(1);
    const ChatMessage message = fullAnswer(1, 1, 0);
    QVERIFY(answer(store->save(message, info)));
    QVERIFY(answer(store->moveToTrash(1)));
    QVERIFY(answer(store->conversations()).value().empty());
    QVERIFY(answer(store->save(message, info)));  // an answer that was still being written
    QVERIFY(answer(store->conversations()).value().empty());
    QVERIFY(answer(store->restoreFromTrash(1)));
    QCOMPARE(answer(store->conversations()).value(), std::vector{info});
    QCOMPARE(answer(store->messages(1)).value(), std::vector{message});
    QVERIFY(answer(store->moveToTrash(77)));  // never saved
}

void ConversationStoreTest::listsTheTrashAndDeletesForGood() {
    const StoreFolder folder;
    const auto store = openStore(folder.path());
    ConversationInfo unnamed = sampleConversation(2);
    unnamed.title.clear();
    for (const auto& info : {sampleConversation(1), unnamed, sampleConversation(3)})
        QVERIFY(answer(store->save(info)));
    QVERIFY(answer(store->save(userMessage(1, 2, 0, "a secret"))));
    QVERIFY(answer(store->trash()).value().empty());
    const QDateTime before = QDateTime::currentDateTimeUtc();
    for (const ConversationId id : {1, 2}) QVERIFY(answer(store->moveToTrash(id)));
    const auto trash = answer(store->trash()).value();
    QCOMPARE(trash.size(), std::size_t{2});  // newest first
    QCOMPARE(trash[0].id, ConversationId{2});
    QCOMPARE(trash[0].title, unnamed.preview);
    QCOMPARE(trash[1].title, QString("Conversation 1"));
    QVERIFY(trash[0].deletedAt >= before && trash[0].deletedAt <= QDateTime::currentDateTimeUtc());
    QVERIFY(answer(store->deleteForGood({2, 3, 77})));  // the others are in no trash
    QCOMPARE(answer(store->trash()).value(), std::vector{trash[1]});
    QVERIFY(answer(store->messages(2)).value().empty());
    QVERIFY(answer(store->restoreFromTrash(1)));
    QCOMPARE(answer(store->conversations()).value().size(), std::size_t{2});
}

void ConversationStoreTest::emptiesTheTrashAfterThirtyDays() {
    const StoreFolder folder;
    {
        const auto store = openStore(folder.path());
        for (const ConversationId id : {1, 2, 3}) {
            ConversationInfo info = sampleConversation(id);
            info.draft = "draft";
            QVERIFY(answer(store->save(fullAnswer(id, id, 0), info)));
        }
        QVERIFY(answer(store->moveToTrash(1)));
        QVERIFY(answer(store->moveToTrash(2)));
    }
    change(folder, "UPDATE conversations SET deleted_at = deleted_at - 31 * 86400000 WHERE id = 1");
    {
        const auto store = openStore(folder.path());
        const std::vector<ConversationId> expired = answer(store->expiredTrash()).value();
        QCOMPARE(expired, std::vector<ConversationId>{1});
        QVERIFY(answer(store->emptyTrash({1, 2, 3})));  // the others are too young, or in no trash
        QVERIFY(answer(store->expiredTrash()).value().empty());
    }
    QCOMPARE(count(folder, "SELECT group_concat(id) = '2,3' FROM conversations"), 1);
    QCOMPARE(count(folder, "SELECT count(*) FROM messages WHERE conversation = 1"), 0);
    QCOMPARE(count(folder, "SELECT count(*) FROM parts WHERE message = 1"), 0);
    QCOMPARE(count(folder, "SELECT count(*) FROM drafts WHERE conversation = 1"), 0);
    QCOMPARE(count(folder, "SELECT count(*) FROM messages"), 2);
}

void ConversationStoreTest::carriesOutEverythingBeforeItEnds() {
    const StoreFolder folder;
    QFuture<Result<void>> last;
    {
        const auto store = openStore(folder.path());
        for (int id = 1; id <= 50; ++id) {
            last = store->save(userMessage(id, 1, id - 1, QString::number(id)));
        }
    }
    QVERIFY(last.isFinished());
    QVERIFY(last.result());
    QCOMPARE(answer(openStore(folder.path())->messages(1)).value().size(), std::size_t{50});
}

void ConversationStoreTest::createsPrivateFiles() {
#ifdef Q_OS_WIN
    QSKIP("a user's folders are private there by their own lists, and have no modes");
#endif
    const StoreFolder folder;
    const auto store = openStore(folder.path());
    QVERIFY(answer(store->save(sampleConversation(1))));
    QTRY_VERIFY(!backupsIn(folder.path()).empty());
    using std::filesystem::perms;
    QCOMPARE(std::filesystem::status(folder.path()).permissions(), perms(0700));
    int files = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder.path())) {
        const bool isFolder = entry.is_directory();  // that of the copies
        QCOMPARE(entry.status().permissions(), isFolder ? perms(0700) : perms(0600));
        files += !isFolder;
    }
    QVERIFY(files >= 2);  // the database and its log
}

/// So that nothing is on its way to whoever asked once it is gone.
void ConversationStoreTest::waitsForWhatWasAskedFor() {
    const StoreFolder folder;
    const auto store = openStore(folder.path());
    QVERIFY(store != nullptr);
    std::vector<QFuture<Result<QJsonObject>>> asked;
    for (int i = 0; i < 200; ++i) {
        store->setSetting("key", i);
        asked.push_back(store->settings());
    }
    store->waitForDone();
    for (const auto& future : asked) QVERIFY(future.isFinished());
    QCOMPARE(asked.back().result()->value("key").toInt(), 199);
}

QTEST_GUILESS_MAIN(ConversationStoreTest)
#include "tst_conversation_store.moc"
