#include "app/chat/conversation_model.h"
#include "app/chat/message_saver.h"
#include "app/store/conversation_store.h"
#include "app/store/database.h"
#include "tests/app/store/store_samples.h"
#include "tests/support/file_size_limit.h"

#include <QFile>
#include <QSignalSpy>
#include <QTest>

#include <cstring>
#include <unistd.h>

using namespace lares;
using namespace lares::app;
using namespace lares::test;
namespace fs = std::filesystem;

namespace {

constexpr uid_t kNobody = 65534;

/// Root may write everywhere: for this scope the process is somebody else.
class WithoutRoot {
public:
    WithoutRoot() : m_isOther(geteuid() != 0 || seteuid(kNobody) == 0) {}
    ~WithoutRoot() {
        if (geteuid() == kNobody) (void)!seteuid(0);
    }
    WithoutRoot(const WithoutRoot&) = delete;
    WithoutRoot& operator=(const WithoutRoot&) = delete;
    [[nodiscard]] bool holds() const { return m_isOther; }

private:
    bool m_isOther;
};

QString openError(const fs::path& folder) {
    const auto opened = ConversationStore::open(folder);
    return opened ? QString() : QString::fromStdString(opened.error().message);
}

template <class T>
QString messageOf(const Result<T>& result) {
    return result ? QString() : QString::fromStdString(result.error().message);
}

void overwrite(const fs::path& path, qint64 offset, const QByteArray& bytes) {
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadWrite));
    QVERIFY(file.seek(offset));
    file.write(bytes);
}

/// A store with fifty messages of a page each, closed.
void fill(const StoreFolder& folder) {
    const auto store = openStore(folder.path());
    for (int id = 1; id <= 50; ++id) {
        const QString text(4000, QChar('a' + id % 26));
        QVERIFY(answer(store->save(userMessage(id, 1, id - 1, text), sampleConversation(1))));
    }
}

}  // namespace

class StoreFailuresTest : public QObject {
    Q_OBJECT

private slots:
    void isBackWhenTheDiskHasRoomAgain();
    void aPersonaThatDoesNotFitChangesNothing();
    void sayWhoUsesTheDatabase();
    void refusesAFolderThatIsAFile();
    void refusesAFolderThatCannotBeWritten();
    void refusesAFileThatCannotBeWritten();
    void refusesANewerDatabaseUnchanged();
    void refusesAnotherProgramsDatabaseUnchanged();
    void keepsAFileThatIsNoDatabase_data();
    void keepsAFileThatIsNoDatabase();
    void findsDamageAfterACrash();
    void findsDamageWhileReadingAndAtTheNextStart();
    void takesASoundDatabaseAfterACrash();
    void opensAnyDamageWithoutLosingTheFile();
    void aMessageWhoseFailureNobodyHeardOfIsSavedAtTheEnd();
};

void StoreFailuresTest::isBackWhenTheDiskHasRoomAgain() {
    const StoreFolder folder;
    const ChatMessage before = fullAnswer(1, 1, 0);
    ChatMessage large = userMessage(2, 1, 1, QString(200'000, 'x'));
    {
        const auto store = openStore(folder.path());
        QVERIFY(answer(store->save(before, sampleConversation(1))));
        QSignalSpy failed(store.get(), &ConversationStore::writeFailed);
        {
            const FileSizeLimit limit(fs::file_size(folder.database().string() + "-wal") + 8192);
            for (int attempt = 0; attempt < 3; ++attempt) {
                const auto saved = answer(store->save(large, sampleConversation(1)));
                QVERIFY2(messageOf(saved).contains("is full"), qPrintable(messageOf(saved)));
                QCOMPARE(saved.error().code, ErrorCode::Io);
            }
            QCOMPARE(answer(store->messages(1)).value(), std::vector{before});
        }
        QTRY_COMPARE(failed.count(), 3);
        QVERIFY(failed[0][0].toString().contains("Free some space"));
        QVERIFY(answer(store->save(large, sampleConversation(1))));
        QCOMPARE(answer(store->messages(1)).value(), (std::vector{before, large}));
    }
    QCOMPARE(answer(openStore(folder.path())->messages(1)).value(), (std::vector{before, large}));
}

void StoreFailuresTest::aPersonaThatDoesNotFitChangesNothing() {
    const StoreFolder folder;
    const Persona before{"ada", "Ada", "You are Ada.", {}};
    const Persona large{"ada", "Ada", QString(20'000, 'x'), {}};
    const auto store = openStore(folder.path());
    QVERIFY(answer(store->save(before)));
    {
        const FileSizeLimit limit(fs::file_size(folder.database().string() + "-wal") + 8192);
        const auto saved = answer(store->save(large));
        QVERIFY2(messageOf(saved).contains("is full"), qPrintable(messageOf(saved)));
        QCOMPARE(answer(store->personas()).value(), std::vector{before});
    }
    QVERIFY(answer(store->save(large)));
    QCOMPARE(answer(store->personas()).value(), std::vector{large});
}

void StoreFailuresTest::sayWhoUsesTheDatabase() {
    const StoreFolder folder;
    {
        const auto first = openStore(folder.path());
        QVERIFY(openError(folder.path()).contains("Is Lares already running?"));
        QVERIFY(answer(first->save(sampleConversation(1))));  // the first one is not disturbed
        QVERIFY(openError(folder.path()).contains("Is Lares already running?"));
    }
    QCOMPARE(openError(folder.path()), QString());
}

void StoreFailuresTest::refusesAFolderThatIsAFile() {
    const StoreFolder folder;
    writeFile(folder.path(), "in the way");
    QVERIFY2(openError(folder.path()).contains("cannot be made"),
             qPrintable(openError(folder.path())));
    QVERIFY(openError(folder.path() / "below").contains("cannot be made"));
}

void StoreFailuresTest::refusesAFolderThatCannotBeWritten() {
    const StoreFolder folder;
    fs::create_directories(folder.path());
    fs::permissions(folder.path(), fs::perms(0555));
    fs::permissions(folder.path().parent_path(), fs::perms(0555));
    {
        const WithoutRoot other;
        if (!other.holds()) QSKIP("root, and no other user to become");
        if (geteuid() != kNobody) QSKIP("the folder is ours: the store takes the right to write");
        QVERIFY2(openError(folder.path()).contains("may write into it"),
                 qPrintable(openError(folder.path())));
    }
    fs::permissions(folder.path().parent_path(), fs::perms(0700));
}

void StoreFailuresTest::refusesAFileThatCannotBeWritten() {
    const StoreFolder folder;
    fill(folder);
    const QByteArray before = bytesOf(folder.database());
    {
        fs::permissions(folder.path().parent_path(), fs::perms(0755));
        fs::permissions(folder.path(), fs::perms(0755));
        fs::permissions(folder.database(), fs::perms(0444));
        const WithoutRoot other;
        if (!other.holds()) QSKIP("root, and no other user to become");
        if (geteuid() != kNobody) QSKIP("the file is ours: the store takes the right to write");
        QVERIFY2(openError(folder.path()).contains("only be read"),
                 qPrintable(openError(folder.path())));
    }
    QCOMPARE(bytesOf(folder.database()), before);
    QCOMPARE(openError(folder.path()), QString());
}

void StoreFailuresTest::refusesANewerDatabaseUnchanged() {
    const StoreFolder folder;
    fill(folder);
    {
        auto database = Database::open(folder.database());
        QVERIFY(database->execute("PRAGMA user_version=999"));
    }
    const QByteArray before = bytesOf(folder.database());
    const QString error = openError(folder.path());
    QVERIFY2(error.contains("newer Lares") && error.contains("999"), qPrintable(error));
    QCOMPARE(bytesOf(folder.database()), before);
}

void StoreFailuresTest::refusesAnotherProgramsDatabaseUnchanged() {
    const StoreFolder folder;
    fs::create_directories(folder.path());
    {
        auto database = Database::open(folder.database());
        QVERIFY(database->execute("CREATE TABLE recipes(name TEXT)"));
    }
    const QByteArray before = bytesOf(folder.database());
    QVERIFY(openError(folder.path()).contains("another program"));
    QCOMPARE(bytesOf(folder.database()), before);
}

void StoreFailuresTest::keepsAFileThatIsNoDatabase_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("a letter") << QByteArray("Dear diary, ").repeated(1000);
    QTest::newRow("a few bytes") << QByteArray("abc");
    QTest::newRow("only the first bytes of one") << QByteArray("SQLite format 3\0", 16);
    QTest::newRow("zeros") << QByteArray(8192, '\0');
}

void StoreFailuresTest::keepsAFileThatIsNoDatabase() {
    QFETCH(QByteArray, bytes);
    const StoreFolder folder;
    writeFile(folder.database(), bytes);
    const auto store = openStore(folder.path());
    QVERIFY(store != nullptr);
    QSignalSpy replaced(store.get(), &ConversationStore::databaseReplaced);
    QVERIFY(answer(store->save(fullAnswer(1, 1, 0), sampleConversation(1))));
    QTRY_COMPARE(replaced.count(), 1);
    const auto kept = folder.kept();
    QCOMPARE(kept.size(), std::size_t{1});
    QCOMPARE(bytesOf(kept[0]), bytes);
    QVERIFY(replaced[0][0].toString().contains(QString::fromStdString(kept[0].string())));
}

void StoreFailuresTest::findsDamageAfterACrash() {
    const StoreFolder folder;
    fill(folder);
    overwrite(folder.database(), 4096 * 20, QByteArray(4096 * 10, '\x5a'));
    const QByteArray damaged = bytesOf(folder.database());
    writeFile(folder.database().string() + "-check", {});  // as an unfinished session leaves it
    const auto store = openStore(folder.path());
    QVERIFY(store != nullptr);
    QSignalSpy replaced(store.get(), &ConversationStore::databaseReplaced);
    // What is not on the ten pages is there again (tst_store_recovery).
    QVERIFY(answer(store->messages(1)).value().size() >= std::size_t{30});
    QTRY_COMPARE(replaced.count(), 1);
    QCOMPARE(folder.kept().size(), std::size_t{1});
    QCOMPARE(bytesOf(folder.kept()[0]), damaged);
    QVERIFY(store->newMessageId() > 50);  // not those of the damaged one again
    QVERIFY(answer(store->save(fullAnswer(60, 2, 0), sampleConversation(2))));
}

void StoreFailuresTest::findsDamageWhileReadingAndAtTheNextStart() {
    const StoreFolder folder;
    fill(folder);
    overwrite(folder.database(), 4096 * 20, QByteArray(4096 * 30, '\x5a'));
    {
        const auto store = openStore(folder.path());
        QVERIFY(store != nullptr);
        const auto read = answer(store->messages(1));
        QVERIFY(!read);
        QCOMPARE(read.error().code, ErrorCode::Corrupt);
        QVERIFY2(messageOf(read).contains("start it again"), qPrintable(messageOf(read)));
        QVERIFY(folder.kept().empty());
    }
    const auto store = openStore(folder.path());
    QVERIFY(answer(store->messages(1)).value().size() >= std::size_t{10});
    QCOMPARE(folder.kept().size(), std::size_t{1});
}

void StoreFailuresTest::takesASoundDatabaseAfterACrash() {
    const StoreFolder folder;
    fill(folder);
    writeFile(folder.database().string() + "-check", {});
    const auto store = openStore(folder.path());
    QCOMPARE(answer(store->messages(1)).value().size(), std::size_t{50});
    QVERIFY(folder.kept().empty());
    QVERIFY(!fs::exists(folder.database().string() + "-check"));
}

/// Whatever is wrong with the file: the store opens or says why, and the bytes are still there,
/// under one name or the other.
void StoreFailuresTest::opensAnyDamageWithoutLosingTheFile() {
    const StoreFolder original;
    fill(original);
    const QByteArray sound = bytesOf(original.database());
    std::srand(1);
    for (int round = 0; round < 60; ++round) {
        const StoreFolder folder;
        QByteArray damaged = sound;
        if (round % 4 == 0) damaged.truncate(std::rand() % damaged.size());
        for (int i = 0; i < round % 8; ++i) {
            // Mostly in the first pages, which hold the schema.
            const int end = i % 2 == 0 ? 8192 : static_cast<int>(damaged.size());
            if (damaged.size() >= end && end > 0) {
                damaged[std::rand() % end] = static_cast<char>(std::rand());
            }
        }
        writeFile(folder.database(), damaged);
        writeFile(folder.database().string() + "-check", {});
        auto store = ConversationStore::open(folder.path());
        if (!store) {
            QCOMPARE(bytesOf(folder.database()), damaged);
            continue;
        }
        const bool isReadable = answer((*store)->messages(1)).has_value();
        const auto saved = answer((*store)->save(fullAnswer(100, 9, 0), sampleConversation(9)));
        QVERIFY2(saved || !messageOf(saved).isEmpty(), "an error has a sentence");
        const auto kept = folder.kept();
        if (!kept.empty()) QCOMPARE(bytesOf(kept[0]), damaged);
        QVERIFY(!kept.empty() || isReadable || !saved);
    }
}

void StoreFailuresTest::aMessageWhoseFailureNobodyHeardOfIsSavedAtTheEnd() {
    const StoreFolder folder;
    const auto store = openStore(folder.path());
    const auto model = std::make_shared<ConversationModel>();
    model->setMessages(sampleConversation(1), {});
    const auto count = [&] { return answer(store->messages(1)).value().size(); };
    {
        MessageSaver saver(store.get());
        auto full = std::make_unique<FileSizeLimit>(1);
        saver.put(userMessage(1, 1, 0, "a question"), model, MessageSaver::When::Now);
        store->waitForDone();
        full.reset();
        QCOMPARE(count(), std::size_t{0});
    }
    QCOMPARE(count(), std::size_t{1});
}

QTEST_GUILESS_MAIN(StoreFailuresTest)
#include "tst_store_failures.moc"
