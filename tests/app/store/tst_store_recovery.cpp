#include "app/store/backup_files.h"
#include "app/store/database.h"
#include "app/store/store_recovery.h"
#include "tests/app/store/store_samples.h"
#include "tests/support/small_disk.h"

#include <QSignalSpy>
#include <QTest>

#include <random>

using namespace lares;
using namespace lares::app;
using namespace lares::test;
namespace fs = std::filesystem;

namespace {

QString textOf(MessageId id) {
    return QString(2500, QChar(int('a' + id % 26))) + QString::number(id);
}

ConversationInfo conversation(ConversationId id) {
    ConversationInfo info = sampleConversation(id);
    info.title = QString("conversation %1").arg(id);
    return info;
}

/// Ten conversations of ten messages each; ids from 1.
void fill(ConversationStore& store, int nFirst = 1, int nLast = 100) {
    for (int id = nFirst; id <= nLast; ++id) {
        const ConversationId of = (id - 1) / 10 + 1;
        const MessageId parent = (id - 1) % 10 == 0 ? 0 : id - 1;
        QVERIFY(answer(store.save(userMessage(id, of, parent, textOf(id)), conversation(of))));
    }
}

/// How many of the messages are there as they were.
int nWhole(ConversationStore& store, int nMessage = 100) {
    int n = 0;
    for (ConversationId of = 1; of <= (nMessage + 9) / 10; ++of) {
        const auto messages = answer(store.messages(of));
        if (!messages) continue;
        for (const ChatMessage& message : *messages) {
            n += message == userMessage(message.id, of, message.parent, textOf(message.id));
        }
    }
    return n;
}

/// Page numbers from 1, as SQLite has them.
void damagePages(const fs::path& file, int first, int n) {
    QByteArray bytes = bytesOf(file);
    for (int page = first; page < first + n; ++page)
        bytes.replace((page - 1) * 4096, 4096, QByteArray(4096, '\x5a'));
    writeFile(file, bytes);
}

void asAfterACrash(const StoreFolder& folder) {
    writeFile(folder.database().string() + "-check", {});
}

/// Opens the store and waits for what it says about the damage.
std::unique_ptr<ConversationStore> openDamaged(const StoreFolder& folder, QString& sentence) {
    auto store = openStore(folder.path());
    QSignalSpy replaced(store.get(), &ConversationStore::databaseReplaced);
    store->waitForDone();
    if (replaced.isEmpty()) replaced.wait(2000);
    sentence = replaced.isEmpty() ? QString() : replaced[0][0].toString();
    return store;
}

}  // namespace

/// A damaged database is put together again, from the newest copy and from itself.
class StoreRecoveryTest : public QObject {
    Q_OBJECT

private slots:
    void whatIsNotOnDamagedPagesIsThereWithoutACopy() {
        const StoreFolder folder;
        fill(*openStore(folder.path()));
        fs::remove_all(backupFolder(folder.path()));
        damagePages(folder.database(), 40, 4);
        const QByteArray damaged = bytesOf(folder.database());
        asAfterACrash(folder);
        QString sentence;
        const auto store = openDamaged(folder, sentence);
        const int n = nWhole(*store);
        QVERIFY2(n >= 88 && n < 100, qPrintable(QString::number(n)));
        QCOMPARE(answer(store->conversations()).value().size(), std::size_t{10});
        QVERIFY2(sentence.contains("what could still be read"), qPrintable(sentence));
        QCOMPARE(folder.kept().size(), std::size_t{1});
        QCOMPARE(bytesOf(folder.kept()[0]), damaged);
        QVERIFY(sentence.contains(QString::fromStdString(folder.kept()[0].string())));
        QVERIFY(store->newMessageId() > 100);
    }
    /// The copy is of an earlier day; what came after it is read out of the damaged file.
    void withACopyNothingIsMissing() {
        const StoreFolder folder;
        Persona ada{"ada", "Ada", "You are Ada.", {}};
        ada.lore.entries = {{"The Sea", {"sea"}, {}, "Grey."}};
        {
            const auto store = openStore(folder.path());
            fill(*store, 1, 80);
            QVERIFY(answer(store->save(ada)));
        }
        fs::remove_all(backupFolder(folder.path()));
        {
            const auto store = openStore(folder.path());
            QTRY_VERIFY(!backupsIn(folder.path()).empty());
            fill(*store, 81, 100);
            ConversationInfo renamed = conversation(3);
            renamed.title = "renamed";
            QVERIFY(answer(store->save(renamed)));
        }
        // Where the first eighty lie: all of that is in the copy.
        damagePages(folder.database(), 30, 20);
        asAfterACrash(folder);
        QString sentence;
        const auto store = openDamaged(folder, sentence);
        QCOMPARE(nWhole(*store), 100);
        QVERIFY2(sentence.contains("its copy of") && sentence.contains("newer than the copy: 20"),
                 qPrintable(sentence));
        QCOMPARE(answer(store->personas()).value(), std::vector{ada});
        const auto conversations = answer(store->conversations());
        QVERIFY(conversations);
        for (const ConversationInfo& info : *conversations) {
            const QString title = info.id == 3 ? QString("renamed") : conversation(info.id).title;
            QCOMPARE(info.title, title);
        }
    }
    void aFileThatIsNoDatabaseAnyMoreLeavesTheCopy() {
        const StoreFolder folder;
        fill(*openStore(folder.path()));
        fs::remove_all(backupFolder(folder.path()));
        {
            const auto store = openStore(folder.path());
            QTRY_VERIFY(!backupsIn(folder.path()).empty());
        }
        writeFile(folder.database(), QByteArray(64560, '\0'));
        QString sentence;
        const auto store = openDamaged(folder, sentence);
        QCOMPARE(nWhole(*store), 100);
        QVERIFY2(sentence.contains("its copy of"), qPrintable(sentence));
    }
    void aDamagedCopyIsPassedOver() {
        const StoreFolder folder;
        fill(*openStore(folder.path()));
        fs::remove_all(backupFolder(folder.path()));
        {
            const auto store = openStore(folder.path());
            QTRY_VERIFY(!backupsIn(folder.path()).empty());
        }
        const fs::path today = backupsIn(folder.path())[0].file;
        fs::copy_file(today, backupFileOf(folder.path(), QDate::currentDate().addDays(-1)));
        damagePages(today, 20, 30);
        writeFile(folder.database(), "gone");
        QString sentence;
        const auto store = openDamaged(folder, sentence);
        QCOMPARE(nWhole(*store), 100);
    }
    /// What lets the assistant act is asked for again: a backup may be older than a refusal.
    void permissionsAreNotTakenOver() {
        const StoreFolder folder;
        {
            const auto store = openStore(folder.path());
            fill(*store, 1, 10);
            QVERIFY(answer(store->addGrant("/home/u/Documents", "read-write")));
            QVERIFY(answer(store->setSetting("commands", true)));
            QVERIFY(answer(store->setSetting("theme", "dark")));
        }
        damagePages(folder.database(), 24, 2);
        asAfterACrash(folder);
        QString sentence;
        const auto store = openDamaged(folder, sentence);
        QVERIFY2(sentence.contains("asked for again"), qPrintable(sentence));
        QVERIFY(answer(store->grants()).value().empty());
        const QJsonObject settings = answer(store->settings()).value();
        QVERIFY(!settings.contains("commands"));
        QCOMPARE(settings["theme"].toString(), QString("dark"));
    }
    void whatIsReadAtOpeningMayBeDamagedToo_data() {
        QTest::addColumn<QByteArray>("table");
        QTest::newRow("settings") << QByteArray("settings");
        QTest::newRow("ids") << QByteArray("sqlite_sequence");
    }
    /// After a session that ended properly, when nothing is checked.
    void whatIsReadAtOpeningMayBeDamagedToo() {
        QFETCH(QByteArray, table);
        const StoreFolder folder;
        {
            const auto store = openStore(folder.path());
            fill(*store, 1, 20);
            QVERIFY(answer(store->setSetting("theme", "dark")));
        }
        int page = 0;
        {
            auto database = Database::open(folder.database());
            const QByteArray sql =
                "SELECT rootpage FROM sqlite_schema WHERE name = '" + table + "'";
            page = static_cast<int>(database->number(sql.constData()).value());
        }
        QVERIFY(page > 1);
        damagePages(folder.database(), page, 1);
        QString sentence;
        const auto store = openDamaged(folder, sentence);
        QVERIFY(store);
        QCOMPARE(nWhole(*store, 20), 20);
        QVERIFY(!sentence.isEmpty());
        QVERIFY(store->newMessageId() > 20);
    }
    void messagesWithoutTheirConversationGetOne() {
        const StoreFolder folder;
        fill(*openStore(folder.path()), 1, 20);
        {
            auto database = Database::open(folder.database());
            QVERIFY(
                database->execute("PRAGMA foreign_keys=OFF; DELETE FROM conversations WHERE id "
                                  "= 2; DELETE FROM parts WHERE message = 3"));
        }
        const auto recovered = recoverDatabase(folder.database());
        QVERIFY(recovered);
        fs::rename(recoveredFile(folder.database()), folder.database());
        const auto store = openStore(folder.path());
        QCOMPARE(answer(store->messages(2)).value().size(), std::size_t{10});
        const auto first = answer(store->messages(1));
        QVERIFY(first && first->at(2).parts.size() == 1);
        QVERIFY(first->at(2).parts[0].text.contains("was lost"));
        QCOMPARE(first->at(3).parts[0].text, textOf(4));
        const auto conversations = answer(store->conversations());
        QVERIFY(conversations);
        for (const ConversationInfo& info : *conversations) {
            if (info.id == 2) QCOMPARE(info.title, QString("Recovered conversation"));
            if (info.id == 2) QCOMPARE(info.activeLeaf, MessageId{20});
        }
    }
    void aCrashInTheMiddleIsGoneOnFrom() {
        const StoreFolder folder;
        fill(*openStore(folder.path()), 1, 20);
        damagePages(folder.database(), 24, 2);
        QVERIFY(recoverDatabase(folder.database()));
        // Set aside, and then the power went.
        fs::rename(folder.database(), folder.path() / "lares-damaged-2026-01-01-000000.db");
        asAfterACrash(folder);
        const auto store = openStore(folder.path());
        QVERIFY(nWhole(*store, 20) >= 15);
        QVERIFY(!fs::exists(recoveredFile(folder.database())));
    }
    /// The damaged file is where it was, and the next start tries again.
    void withoutRoomNothingIsChanged() {
        const StoreFolder folder;
        fs::create_directories(folder.path());
        const auto check = [&]() -> std::string {
            int argc = 1;
            char name[] = "t";
            char* argv[] = {name};
            const QCoreApplication application(argc, argv);
            {
                const auto store = ConversationStore::open(folder.path());
                if (!store) return store.error().message;
                fill(**store, 1, 50);
            }
            damagePages(folder.database(), 30, 4);
            const QByteArray damaged = bytesOf(folder.database());
            asAfterACrash(folder);
            fill_disk((folder.path() / "all").string());
            {
                const auto store = ConversationStore::open(folder.path());
                const auto read = answer((*store)->conversations());
                if (read) return "it was made again on a full disk";
                if (read.error().message.find("is full") == std::string::npos &&
                    read.error().message.find("No space left") == std::string::npos)
                    return read.error().message;
            }
            if (bytesOf(folder.database()) != damaged) return "the damaged file was changed";
            for (const auto& entry : fs::directory_iterator(folder.path())) {
                if (entry.path().filename().string().starts_with("lares-recover"))
                    return "something unfinished is left";
            }
            fs::remove(folder.path() / "all");
            const auto store = ConversationStore::open(folder.path());
            return nWhole(**store, 50) >= 40 ? "" : "it is not made again";
        };
        const auto problem = on_small_disk(folder.path().string(), 2'500'000, check);
        if (!problem) QSKIP("this system does not let the test mount anything");
        QVERIFY2(problem->empty(), problem->c_str());
    }
    /// Whatever is damaged, what comes of it is sound, says nothing wrong, and takes new messages.
    void anyDamage() {
        const StoreFolder original;
        fill(*openStore(original.path()));
        const QByteArray sound = bytesOf(original.database());
        std::mt19937 random(7);
        int nAll = 0;
        for (int round = 0; round < 40; ++round) {
            const StoreFolder folder;
            fs::create_directories(folder.path());
            QByteArray damaged = sound;
            const int nHit = 1 + round % 6;
            for (int i = 0; i < nHit; ++i) {
                const auto at = static_cast<qsizetype>(random() % (damaged.size() - 300));
                for (int k = 0; k < 300; ++k) damaged[at + k] = static_cast<char>(random());
            }
            if (round % 5 == 4) damaged.truncate(static_cast<qsizetype>(random() % damaged.size()));
            writeFile(folder.database(), damaged);
            asAfterACrash(folder);
            auto store = ConversationStore::open(folder.path());
            if (!store) {  // another program's or a newer Lares', by its header
                QVERIFY2(store.error().code == ErrorCode::Unsupported,
                         store.error().message.c_str());
                QCOMPARE(bytesOf(folder.database()), damaged);
                continue;
            }
            nAll += nWhole(**store);
            const auto saved =
                answer((*store)->save(userMessage(500, 77, 0, "new"), conversation(77)));
            QVERIFY2(saved, saved ? "" : saved.error().message.c_str());
            store->reset();
            auto database = Database::open(folder.database());
            QVERIFY(database && database->check());
            QCOMPARE(database->number("SELECT count(*) FROM pragma_foreign_key_check").value(), 0);
        }
        QVERIFY2(nAll > 40 * 50, qPrintable(QString::number(nAll)));
    }
};

QTEST_GUILESS_MAIN(StoreRecoveryTest)
#include "tst_store_recovery.moc"
