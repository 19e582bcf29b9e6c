#include "app/store/backup_files.h"
#include "app/store/backup_keeper.h"
#include "app/store/migrations.h"
#include "tests/app/store/store_samples.h"
#include "tests/support/small_disk.h"

#include <QDir>
#include <QFile>
#include <QSignalSpy>
#include <QTest>

using namespace lares;
using namespace lares::app;
using namespace lares::test;
namespace fs = std::filesystem;

namespace {

fs::path todays(const StoreFolder& folder) {
    return backupFileOf(folder.path(), QDate::currentDate());
}

/// Under another day's name, as if it had been made then.
fs::path moveToDaysAgo(const StoreFolder& folder, int nDay) {
    const fs::path older = backupFileOf(folder.path(), QDate::currentDate().addDays(-nDay));
    fs::rename(todays(folder), older);
    return older;
}

/// A copy as a store of its own.
std::vector<ChatMessage> messagesIn(const fs::path& copy, ConversationId conversation) {
    const StoreFolder other;
    fs::create_directories(other.path());
    fs::copy_file(copy, other.database());
    const auto store = openStore(other.path());
    return store ? answer(store->messages(conversation)).value() : std::vector<ChatMessage>();
}

/// Every file of the store that has these bytes.
QStringList filesWith(const StoreFolder& folder, const QByteArray& bytes) {
    QStringList with;
    for (const auto& entry : fs::recursive_directory_iterator(folder.path())) {
        if (entry.is_regular_file() && bytesOf(entry.path()).contains(bytes))
            with << QString::fromStdString(entry.path().filename().string());
    }
    return with;
}

QString longText(const char* word) {
    return QString(word).repeated(3000);
}

}  // namespace

/// The copies of the database: one a day, whole, and without what was deleted for good.
class StoreBackupsTest : public QObject {
    Q_OBJECT

private slots:
    void thereIsACopyOfEachDay() {
        const StoreFolder folder;
        {
            const auto store = openStore(folder.path());
            QVERIFY(answer(store->save(fullAnswer(1, 1, 0), sampleConversation(1))));
            QTRY_VERIFY(fs::exists(todays(folder)));
        }
        const fs::path yesterday = moveToDaysAgo(folder, 1);
        const QByteArray before = bytesOf(yesterday);
        {
            const auto store = openStore(folder.path());
            QTRY_VERIFY(fs::exists(todays(folder)));
            const auto written = fs::last_write_time(todays(folder));
            QVERIFY(answer(store->save(userMessage(2, 1, 1, "later"))));
            store->waitForDone();
            QVERIFY(fs::last_write_time(todays(folder)) == written);  // one a day
        }
        QCOMPARE(bytesOf(yesterday), before);
        QCOMPARE(messagesIn(todays(folder), 1), std::vector{fullAnswer(1, 1, 0)});
        QCOMPARE(backupsIn(folder.path()).size(), std::size_t{2});
        QVERIFY(!fs::exists(unfinishedBackup(folder.path())));
        QCOMPARE(fs::status(todays(folder)).permissions() & fs::perms::all,
                 fs::perms::owner_read | fs::perms::owner_write);
        QCOMPARE(fs::status(backupFolder(folder.path())).permissions() & fs::perms::all,
                 fs::perms::owner_all);
    }
    /// It is copied two megabytes at a time: what is asked for in between is answered in between,
    /// and written to the copy too.
    void whatIsWrittenMeanwhileIsInIt() {
        const StoreFolder folder;
        fs::create_directories(folder.path());
        auto database = Database::open(folder.database());
        QVERIFY(database && database->prepareForWriting() && migrate(*database, storeMigrations()));
        QVERIFY(
            database->execute("CREATE TABLE large(x); WITH RECURSIVE n(i) AS (SELECT 1 UNION "
                              "ALL SELECT i + 1 FROM n WHERE i < 3000) INSERT INTO large SELECT "
                              "randomblob(4000) FROM n"));
        auto copy = BackupCopy::begin(*database, folder.path(), QDate(2026, 6, 30));
        QVERIFY(copy);
        int nStep = 0;
        while (!copy->step().value()) {
            ++nStep;
            QVERIFY(database->execute("INSERT INTO large VALUES('meanwhile')"));
        }
        QVERIFY(nStep > 3);
        const std::atomic<bool> isStopped = false;
        QVERIFY(copy->finish(isStopped));
        auto made = Database::open(backupFileOf(folder.path(), QDate(2026, 6, 30)));
        QVERIFY(made && made->check());
        QCOMPARE(made->number("SELECT count(*) FROM large WHERE x = 'meanwhile'").value(), nStep);
        QCOMPARE(made->number("SELECT count(*) FROM large").value(), 3000 + nStep);
    }
    void whichOnesStay() {
        std::vector<BackupFile> all;
        const QDate newest(2026, 11, 29);  // a Sunday
        for (int i = 0; i < 40; ++i) all.push_back({{}, newest.addDays(-i)});
        // Day by day, as they come about.
        std::vector<BackupFile> kept;
        for (auto it = all.rbegin(); it != all.rend(); ++it) {
            kept.insert(kept.begin(), *it);
            for (const BackupFile& expired : expiredBackups(kept))
                kept.erase(std::find(kept.begin(), kept.end(), expired));
        }
        QStringList days;
        for (const BackupFile& backup : kept) days << backup.day.toString("ddd d.M.");
        QLocale::setDefault(QLocale::c());
        QCOMPARE(days.size(), 6);
        QCOMPARE(kept[0].day, newest);
        QCOMPARE(kept[2].day, newest.addDays(-2));
        QCOMPARE(kept[3].day, newest.addDays(-3));   // the newest of that week besides
        QCOMPARE(kept[4].day, QDate(2026, 11, 22));  // Sundays
        QCOMPARE(kept[5].day, QDate(2026, 11, 15));
    }
    void whatIsDeletedForGoodIsInNone_data() {
        QTest::addColumn<QByteArray>("what");
        for (const char* what : {"conversation", "note", "wording", "persona", "draft"})
            QTest::newRow(what) << QByteArray(what);
    }
    void whatIsDeletedForGoodIsInNone() {
        QFETCH(QByteArray, what);
        const StoreFolder folder;
        const QString secret = longText("Xylophonquark ");
        const QByteArray found = "Xylophonquark Xylophonquark";
        ConversationInfo deleted = sampleConversation(2);
        deleted.title = "deleted";
        Note note;
        {
            const auto store = openStore(folder.path());
            QVERIFY(answer(store->save(fullAnswer(1, 1, 0), sampleConversation(1))));
            if (what == "conversation")
                QVERIFY(answer(store->save(userMessage(2, 2, 0, secret), deleted)));
            if (what == "persona")
                QVERIFY(answer(store->save(Persona{"p", "P", secret.left(2000), {}})));
            if (what == "draft")
                QVERIFY(answer(store->saveNoteDraft({{"text", secret.left(150)}})));
            if (what == "note" || what == "wording") {
                note.text = secret.left(150);
                note.createdAt = QDateTime::currentDateTimeUtc();
                note = answer(store->save(note)).value();
            }
            QTRY_VERIFY(fs::exists(todays(folder)));
        }
        // The day's first copy was of the empty store: of a store that has it there are three.
        for (const int nDay : {9, 2, 1}) {
            moveToDaysAgo(folder, nDay);
            const auto store = openStore(folder.path());
            QTRY_VERIFY(fs::exists(todays(folder)));
        }
        QVERIFY(filesWith(folder, found).size() >= 3);
        const auto store = openStore(folder.path());
        if (what == "conversation") {
            QVERIFY(answer(store->moveToTrash(2)));
            QVERIFY(answer(store->deleteForGood({2})));
        } else if (what == "persona") {
            QVERIFY(answer(store->removePersona("p")));
        } else if (what == "draft") {
            QVERIFY(answer(store->saveNoteDraft({})));
        } else if (what == "note") {
            QVERIFY(answer(store->forgetNote(note.id)));
        } else {
            note.text = "another wording";
            QVERIFY(answer(store->save(note)));
        }
        for (const BackupFile& backup : backupsIn(folder.path()))
            QVERIFY2(!bytesOf(backup.file).contains(found), backup.file.c_str());
        if (what != "persona") {  // it leaves the log when that is full
            QVERIFY2(filesWith(folder, found).isEmpty(),
                     qPrintable(filesWith(folder, found).join(" ")));
        }
        // The rest of the copies is as it was.
        QTRY_COMPARE(backupsIn(folder.path()).size(), std::size_t{4});
        QCOMPARE(messagesIn(backupsIn(folder.path())[1].file, 1), std::vector{fullAnswer(1, 1, 0)});
    }
    void whatCannotBeChangedIsDeleted() {
        const StoreFolder folder;
        const auto store = openStore(folder.path());
        QTRY_VERIFY(fs::exists(todays(folder)));
        const fs::path damaged = moveToDaysAgo(folder, 1);
        QFile file(damaged);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("no database, but a secret");
        file.close();
        QVERIFY(answer(store->save(Persona{"p", "P", "x", {}})));
        QVERIFY(answer(store->removePersona("p")));
        QVERIFY(!fs::exists(damaged));
    }
    /// The copies before it stay, and the user is told.
    void aDamagedDatabaseMakesNone() {
        const StoreFolder folder;
        {
            const auto store = openStore(folder.path());
            for (int id = 1; id <= 50; ++id)
                QVERIFY(answer(store->save(userMessage(id, 1, id - 1, longText("abc ")),
                                           sampleConversation(1))));
            QTRY_VERIFY(fs::exists(todays(folder)));
        }
        const fs::path before = moveToDaysAgo(folder, 1);
        QFile file(folder.database());
        QVERIFY(file.open(QIODevice::ReadWrite) && file.seek(4096 * 30));
        file.write(QByteArray(4096 * 10, '\x5a'));
        file.close();
        const auto store = openStore(folder.path());
        QSignalSpy failed(store.get(), &ConversationStore::writeFailed);
        QTRY_COMPARE(failed.count(), 1);
        QVERIFY2(failed[0][0].toString().contains("start it again"),
                 qPrintable(failed[0][0].toString()));
        QVERIFY(!fs::exists(todays(folder)));
        QVERIFY(!fs::exists(unfinishedBackup(folder.path())));
        QCOMPARE(backupsIn(folder.path()).size(), std::size_t{1});
        QVERIFY(fs::exists(folder.database().string() + "-check"));
    }
    void closingTheWindowLeavesNothingUnfinished() {
        const StoreFolder folder;
        for (int round = 0; round < 5; ++round) {
            auto store = openStore(folder.path());
            QVERIFY(answer(store->save(userMessage(round + 1, 1, 0, longText("abc ")),
                                       sampleConversation(1))));
            store.reset();
            QVERIFY(!fs::exists(unfinishedBackup(folder.path())));
            std::error_code ignored;
            fs::remove(todays(folder), ignored);
        }
    }
    /// There is none today, and nothing else is amiss.
    void aFullDiskIsNoFailure() {
        const StoreFolder folder;
        fs::create_directories(folder.path());
        const auto check = [&]() -> std::string {
            int argc = 1;
            char name[] = "t";
            char* argv[] = {name};
            const QCoreApplication application(argc, argv);
            auto store = ConversationStore::open(folder.path());
            if (!store) return store.error().message;
            QSignalSpy failed(store->get(), &ConversationStore::writeFailed);
            if (!answer((*store)->save(fullAnswer(1, 1, 0), sampleConversation(1))))
                return "a message is not saved";
            (*store)->waitForDone();
            QCoreApplication::processEvents();
            if (!failed.isEmpty()) return failed[0][0].toString().toStdString();
            return backupsIn(folder.path()).empty() ? "" : "there was room, and this test is idle";
        };
        const auto problem = on_small_disk(folder.path().string(), 3'000'000, check);
        if (!problem) QSKIP("this system does not let the test mount anything");
        QVERIFY2(problem->empty(), problem->c_str());
    }
    void beforeAMigrationThereIsOne() {
        const StoreFolder folder;
        fs::create_directories(folder.path());
        {
            auto database = Database::open(folder.database());
            QVERIFY(database->prepareForWriting());
            QVERIFY(migrate(*database, storeMigrations().first(3)));
            QVERIFY(database->execute("INSERT INTO conversations(id, title) VALUES(1, 'old')"));
        }
        const auto store = openStore(folder.path());
        QVERIFY(fs::exists(todays(folder)));
        store->waitForDone();
        auto copy = Database::open(todays(folder));
        QCOMPARE(copy->number("PRAGMA user_version").value(), 3);
        QCOMPARE(copy->number("SELECT count(*) FROM conversations").value(), 1);
    }
};

QTEST_GUILESS_MAIN(StoreBackupsTest)
#include "tst_store_backups.moc"
