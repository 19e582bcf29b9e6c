#include "app/store/backup_files.h"
#include "engine/session/snapshot_file.h"
#include "tests/app/store/store_samples.h"
#include "tests/cli/cli_program.h"
#include "tests/engine/session/snapshot_lines.h"
#include "tests/support/folder_tree.h"
#include "tests/support/tree_snapshot.h"
#include "tests/tools/audit/audit_support.h"
#include "tools/builtin/write_file/write_file.h"
#include "tools/journal/undo_journal.h"
#include "tools/mcp/server_book.h"

#include <QFile>
#include <QTest>

#include <filesystem>
#include <functional>

using namespace lares;
using namespace lares::app;
using namespace lares::test;
using namespace Qt::Literals;
namespace fs = std::filesystem;

/// The folder with the user's data, and one for the user's files beside it.
using Damage = std::function<void(const FolderTree&)>;
Q_DECLARE_METATYPE(Damage)

namespace {

void overwrite(const std::string& path, qint64 at, const QByteArray& bytes) {
    QFile file(QString::fromStdString(path));
    QVERIFY(file.open(QIODevice::ReadWrite));
    QVERIFY(file.seek(at < 0 ? file.size() + at : at));
    file.write(bytes);
}

/// As somebody who is not Lares.
Damage sql(const char* file, const char* text) {
    return [=](const FolderTree& tree) {
        auto database = SqliteFile::open(tree.path(file), "it");
        QVERIFY(database && database->execute(text));
    };
}

Damage bytes(const char* file, qint64 at, const QByteArray& what) {
    return [=](const FolderTree& tree) { overwrite(tree.path(file), at, what); };
}

QJsonObject checkOf(const CliRun& run, const QString& name) {
    for (const QJsonValue& check : run.json()["checks"_L1].toArray()) {
        if (check["name"_L1].toString() == name) return check.toObject();
    }
    return {};
}

CliRun verify(const FolderTree& tree, const QStringList& more = {"--json"}) {
    return runCli(QStringList{"verify", "--data-dir", QString::fromStdString(tree.path("data"))} +
                  more);
}

void fillStore(const FolderTree& tree) {
    const auto store = openStore(tree.path("data"));
    QVERIFY(store);
    const ConversationId id = store->newConversationId();
    QVERIFY(answer(store->save(sampleConversation(id))));
    const MessageId question = store->newMessageId();
    QVERIFY(answer(store->save(userMessage(question, id, 0, "hello"))));
    QVERIFY(answer(store->save(fullAnswer(store->newMessageId(), id, question))));
    const QString folder = QString::fromStdString(tree.path("granted"));
    QVERIFY(answer(store->addGrant(folder, "read-write")));
    QTRY_COMPARE(backupsIn(tree.path("data")).size(), std::size_t{1});
}

void fillJournal(const FolderTree& tree) {
    tree.file("granted/a.txt", "the old bytes");
    const auto journal = UndoJournal::open(tree.path("data/undo"));
    const auto folder = FolderHandle::open(tree.path("granted"));
    QVERIFY(journal && folder);
    QVERIFY(
        !write_file({*folder, "a.txt", "a.txt"}, "new", Replacing::AnyFile, {**journal, "c", "t"})
             .is_error);
}

void fillServers(const FolderTree& tree) {
    ServerBook book(tree.path("data") + "/tool-servers.db");
    StoredServer server;
    server.config.name = "weather";
    server.config.words = {"/usr/bin/env"};
    server.is_on = true;
    QVERIFY(book.write(server));
    server.config.name = "notes";
    server.is_on = false;
    QVERIFY(book.write(server));
}

void fillAll(const FolderTree& tree) {
    fillStore(tree);
    fillServers(tree);
    fillJournal(tree);
    QVERIFY(addCalls(*openedLog(tree.path("data/audit")), 5));
    tree.folder("data/snapshots");
    QVERIFY(SnapshotFile::write(tree.path("data/snapshots/a.snapshot"),
                                made_line("key", "7", {70, 130})));
}

}  // namespace

/// lares-cli verify: what is damaged is named, and nothing is touched.
class VerifyTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { workInMemory(); }
    void aFreshInstallIsInOrder() {
        const FolderTree tree;
        for (const char* folder : {"data", "no/such/folder"}) {
            const CliRun run = runCli(
                {"verify", "--json", "--data-dir", QString::fromStdString(tree.path(folder))});
            QCOMPARE(run.status, 0);
            QCOMPARE(run.json()["ok"_L1].toBool(), true);
            QCOMPARE(run.json()["checks"_L1].toArray().size(), 8);
            for (const QJsonValue& check : run.json()["checks"_L1].toArray())
                QCOMPARE(check["detail"_L1].toString(), QString("Nothing is there yet."));
        }
        QVERIFY(snapshot_of(tree.path()).empty());  // nothing was made
    }
    void whatIsWholeIsInOrder() {
        const FolderTree tree;
        fillAll(tree);
        const TreeSnapshot before = snapshot_of(tree.path());
        const CliRun run = verify(tree);
        QCOMPARE(run.status, 0);
        QVERIFY2(run.err.isEmpty(), run.err);
        QCOMPARE(run.json()["ok"_L1].toBool(), true);
        QCOMPARE(checkOf(run, "conversations")["messages"_L1].toInt(), 2);
        QCOMPARE(checkOf(run, "grants")["folders"_L1].toInt(), 1);
        QCOMPARE(checkOf(run, "undo")["kept_files"_L1].toInt(), 1);
        QCOMPARE(checkOf(run, "tool_log")["entries"_L1].toInt(), 11);
        QCOMPARE(checkOf(run, "tool_log")["head"_L1].toString().size(), 64);
        QCOMPARE(checkOf(run, "backups")["copies"_L1].toInt(), 1);
        QCOMPARE(checkOf(run, "tool_servers")["servers"_L1].toInt(), 2);
        QCOMPARE(checkOf(run, "tool_servers")["on"_L1].toInt(), 1);
        QCOMPARE(checkOf(run, "snapshots")["files"_L1].toInt(), 1);
        const CliRun text = verify(tree, {});
        QCOMPARE(text.out.count("ok  "), 8);
        QCOMPARE(difference(before, snapshot_of(tree.path())), std::string());
    }
    /// As of one moment, with what is still in the log beside the database.
    void whileTheWindowIsOpen() {
        const FolderTree tree;
        const auto store = openStore(tree.path("data"));
        for (int i = 0; i < 3; ++i)
            QVERIFY(answer(store->save(sampleConversation(store->newConversationId()))));
        const auto log = openedLog(tree.path("data/audit"));
        QVERIFY(addCalls(*log, 2));
        const CliRun run = verify(tree);
        QCOMPARE(run.status, 0);
        QCOMPARE(checkOf(run, "conversations")["conversations"_L1].toInt(), 3);
        QVERIFY(answer(store->save(sampleConversation(store->newConversationId()))));
        QVERIFY(addCalls(*log, 1));
    }

    void damageIsNamed_data() {
        QTest::addColumn<Damage>("damage");
        QTest::addColumn<QString>("check");
        QTest::addColumn<QString>("says");
        const auto row = [](const char* name, const Damage& damage, const char* check,
                            const char* says) {
            QTest::newRow(name) << damage << QString(check) << QString(says);
        };
        row("no database", bytes("data/lares.db", 0, "This is no database."), "conversations",
            "the database of conversations is damaged");
        row("noise in the database", bytes("data/lares.db", 4096, QByteArray(12'000, '\xA5')),
            "conversations", "damaged");
        row(
            "a cut database",
            [](const FolderTree& tree) { fs::resize_file(tree.path("data/lares.db"), 9000); },
            "conversations", "damaged");
        row("a message of nobody",
            sql("data/lares.db",
                "PRAGMA foreign_keys=OFF; UPDATE messages SET conversation = 99 WHERE id = 1"),
            "conversations", "1 row belongs to nothing");
        row("another program's database", sql("data/lares.db", "PRAGMA application_id=7"),
            "conversations", "another program");
        row("a newer Lares'", sql("data/lares.db", "PRAGMA user_version=99"), "conversations",
            "newer Lares");
        row(
            "a folder in its place",
            [](const FolderTree& tree) {
                fs::remove(tree.path("data/lares.db"));
                tree.folder("data/lares.db");
            },
            "conversations", "lares.db");
        row("a relative grant", sql("data/lares.db", "UPDATE grants SET folder = 'x'"), "grants",
            "The permission for \"x\"");
        row("a grant for everything", sql("data/lares.db", "UPDATE grants SET access = 'all'"),
            "grants", "none that Lares writes");
        row(
            "a damaged copy",
            [](const FolderTree& tree) {
                overwrite(backupsIn(tree.path("data"))[0].file.string(), 4096, "noise");
                overwrite(backupsIn(tree.path("data"))[0].file.string(), 8192,
                          QByteArray(12'000, '\xA5'));
            },
            "backups", "the newest copy is damaged");
        row("no journal", bytes("data/undo/journal.db", 0, "This is no journal."), "undo",
            "the journal of changes is damaged");
        row("a copy changed", sql("data/undo/journal.db", "UPDATE kept SET bytes = x'00'"), "undo",
            "1 copies");
        row("a copy gone", sql("data/undo/journal.db", "DELETE FROM kept"), "undo", "1 copies");
        row("an entry changed",
            sql("data/audit/calls.db", "UPDATE entries SET tool = 'x' WHERE number = 4"),
            "tool_log", "Entry 4");
        row("an entry removed", sql("data/audit/calls.db", "DELETE FROM entries WHERE number = 4"),
            "tool_log", "Entry 4 is missing");
        row("the end cut off", sql("data/audit/calls.db", "DELETE FROM entries WHERE number > 8"),
            "tool_log", "Entries 9 to 11 are missing");
        row(
            "the log gone",
            [](const FolderTree& tree) { fs::remove(tree.path("data/audit/calls.db")); },
            "tool_log", "Entries 1 to 11 are missing");
        row(
            "the head gone",
            [](const FolderTree& tree) { fs::remove(tree.path("data/audit/head.db")); }, "tool_log",
            "does not know");
        row("no list of servers", bytes("data/tool-servers.db", 0, "This is no list of servers."),
            "tool_servers", "the list of tool servers is damaged");
        row("a server's settings", sql("data/tool-servers.db", "UPDATE servers SET config = '{'"),
            "tool_servers", "The tool server weather: ");
        row("a newer list of servers", sql("data/tool-servers.db", "PRAGMA user_version=9"),
            "tool_servers", "a newer Lares");
        row("no log", bytes("data/audit/calls.db", 0, "This is no log at all"), "tool_log",
            "the log of tool calls is damaged");
        row("a newer log", sql("data/audit/calls.db", "PRAGMA user_version=9"), "tool_log",
            "a newer Lares");
    }
    void damageIsNamed() {
        QFETCH(Damage, damage);
        QFETCH(QString, check);
        QFETCH(QString, says);
        const FolderTree tree;
        fillAll(tree);
        damage(tree);
        const TreeSnapshot before = snapshot_of(tree.path());
        const CliRun run = verify(tree);
        QCOMPARE(run.status, 1);
        QCOMPARE(run.json()["ok"_L1].toBool(true), false);
        const QJsonObject found = checkOf(run, check);
        QCOMPARE(found["ok"_L1].toBool(true), false);
        const QString detail = found["detail"_L1].toString();
        QVERIFY2(detail.contains(says), qPrintable(detail));
        // It names the user's file, not the copy that was looked at.
        QVERIFY2(!detail.contains("lares-copy-"), qPrintable(detail));
        QCOMPARE(run.err.count('\n'), 1);
        QVERIFY2(run.err.contains(check.toUtf8()), run.err);
        for (const QJsonValue& other : run.json()["checks"_L1].toArray()) {
            const QString name = other["name"_L1].toString();
            const bool isSameFile = check == "conversations" && name == "grants";
            if (name != check && !isSameFile) QVERIFY2(other["ok"_L1].toBool(), qPrintable(name));
        }
        QCOMPARE(difference(before, snapshot_of(tree.path())), std::string());
    }

    void damagedSnapshotsAreHarmless() {
        const FolderTree tree;
        fillAll(tree);
        overwrite(tree.path("data/snapshots/a.snapshot"), -10, "0123456789");
        tree.file("data/snapshots/b.snapshot", "no snapshot");
        const TreeSnapshot before = snapshot_of(tree.path());
        const CliRun run = verify(tree);
        QCOMPARE(run.status, 0);
        const QJsonObject check = checkOf(run, "snapshots");
        QCOMPARE(check["damaged"_L1].toArray().size(), 2);
        QVERIFY(check["detail"_L1].toString().contains("2 are damaged: harmless"));
        QCOMPARE(difference(before, snapshot_of(tree.path())), std::string());
    }
    void aFolderThatIsGoneIsNoDamage() {
        const FolderTree tree;
        fillStore(tree);  // the folder was never made
        const CliRun run = verify(tree);
        QCOMPARE(run.status, 0);
        QVERIFY(checkOf(run, "grants")["detail"_L1].toString().contains("since it is gone"));
    }
    /// A crash leaves a log of SQLite's: the copy takes it in, the file stays.
    void afterACrash() {
        const FolderTree tree;
        {
            const auto store = openStore(tree.path("open"));
            QVERIFY(answer(store->save(sampleConversation(store->newConversationId()))));
            fs::copy(tree.path("open"), tree.path("data"));
        }
        QVERIFY(fs::exists(tree.path("data/lares.db-wal")));
        const TreeSnapshot before = snapshot_of(tree.path("data"));
        const CliRun run = verify(tree);
        QCOMPARE(run.status, 0);
        QCOMPARE(checkOf(run, "conversations")["conversations"_L1].toInt(), 1);
        QCOMPARE(difference(before, snapshot_of(tree.path("data"))), std::string());
    }
    void takesNoArguments() {
        QCOMPARE(runCli({"verify", "x"}).status, 2);
        QVERIFY(runCli({"verify", "--help"}).out.contains("--data-dir"));
    }
};

QTEST_GUILESS_MAIN(VerifyTest)
#include "tst_verify.moc"
