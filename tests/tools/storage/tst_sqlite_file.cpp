#include "tests/support/file_size_limit.h"
#include "tests/support/folder_tree.h"
#include "tests/support/small_disk.h"
#include "tools/storage/sqlite_file.h"

#include <QTest>

#include <filesystem>
#include <fstream>

using namespace lares;
using namespace lares::test;
namespace fs = std::filesystem;

namespace {

constexpr const char* kTables =
    "CREATE TABLE lines(text TEXT); INSERT INTO lines VALUES('before');";

bool names_the_full_disk(const Error& error) {
    return error.code == ErrorCode::Io &&
           error.message.find("the disk is full; free some space") != std::string::npos;
}

/// In one transaction; what it said where it failed.
Result<void> add_line(SqliteFile& database, const char* table, const std::string& text) {
    ASSIGN_OR_RETURN(auto transaction, SqliteFile::Transaction::begin(database));
    {
        const std::string sql = std::string("INSERT INTO ") + table + " VALUES(?)";
        ASSIGN_OR_RETURN(auto row, database.prepare(sql.c_str()));
        RETURN_IF_ERROR(row.bind(text).run());
    }
    return transaction.commit();
}

}  // namespace

class SqliteFileTest : public QObject {
    Q_OBJECT

private slots:
    void aLimitOnTheFilesSizeIsAFullDisk_data() {
        QTest::addColumn<int>("n_byte");
        for (const int n : {1, 512, 600, 5000, 9000, 20'000}) QTest::addRow("%d", n) << n;
    }
    /// Wherever it stops: in SQLite's journal, or in the file.
    void aLimitOnTheFilesSizeIsAFullDisk() {
        QFETCH(int, n_byte);
        const FolderTree tree;
        auto database = SqliteFile::open(tree.path("file.db"), "the list");
        QVERIFY(database && database->execute(kTables));
        {
            const FileSizeLimit full(static_cast<std::uintmax_t>(n_byte));
            const auto added = add_line(*database, "lines", std::string(50'000, 'x'));
            QVERIFY(!added);
            QVERIFY2(names_the_full_disk(added.error()), added.error().message.c_str());
        }
        QCOMPARE(database->number("SELECT count(*) FROM lines").value(), std::int64_t{1});
        QVERIFY(add_line(*database, "lines", "after"));
        QVERIFY(database->check());
    }
    /// In the file or in one that is attached, however much room is left: a line is there or the
    /// sentence says why not, and what was there before is whole.
    void aDiskThatFillsUpAtAnyMomentIsNamed() {
        const FolderTree tree;
        tree.folder("disk");
        const fs::path disk = tree.path("disk");
        const auto check = [&]() -> std::string {
            for (int n_kib = 0; n_kib < 120; n_kib += 4) {
                const fs::path file = disk / "file.db";
                auto database = SqliteFile::open(file, "the list");
                if (!database || !database->execute(kTables)) return "cannot begin";
                if (!database->attach(disk / "more.db", "second")) return "cannot attach";
                if (!database->execute("CREATE TABLE second.more(text TEXT)")) return "no table";
                std::ofstream(disk / "room")
                    << std::string(static_cast<std::size_t>(n_kib) << 10, 'r');
                fill_disk(disk / "all");
                fs::remove(disk / "room");
                const char* table = n_kib % 8 == 0 ? "lines" : "second.more";
                const auto added = add_line(*database, table, std::string(50'000, 'x'));
                if (!added && !names_the_full_disk(added.error())) return added.error().message;
                fs::remove(disk / "all");
                const auto n_line = database->number(
                    "SELECT (SELECT count(*) FROM lines) + (SELECT count(*) FROM second.more)");
                if (!n_line || *n_line != (added ? 2 : 1)) return "a line is lost";
                if (!database->check()) return "the file is damaged";
                fs::remove(file);
                fs::remove(disk / "more.db");
            }
            return {};
        };
        const auto problem = on_small_disk(disk, 400'000, check);
        if (!problem) QSKIP("this system does not let the test mount anything");
        QVERIFY2(problem->empty(), problem->c_str());
    }
    void anotherFileIsSaid() {
        const FolderTree tree;
        tree.file("file.db", std::string(4096, 'x'));
        const auto database = SqliteFile::open(tree.path("file.db"), "the list");
        QVERIFY(!database);
        QCOMPARE(database.error().code, ErrorCode::Corrupt);
        QVERIFY2(database.error().message.ends_with("file.db: the list is damaged"),
                 database.error().message.c_str());
    }
    void isSaidWhereAnotherProgramWrites() {
        const FolderTree tree;
        auto first = SqliteFile::open(tree.path("file.db"), "the list");
        auto second = SqliteFile::open(tree.path("file.db"), "the list");
        QVERIFY(first && second && first->execute(kTables));
        QVERIFY(second->execute("PRAGMA busy_timeout=0"));
        const auto writing = SqliteFile::Transaction::begin(*first);
        QVERIFY(writing);
        const auto added = add_line(*second, "lines", "x");
        QVERIFY(!added);
        QVERIFY2(added.error().message.ends_with("another program uses it; try again"),
                 added.error().message.c_str());
    }
};

QTEST_GUILESS_MAIN(SqliteFileTest)
#include "tst_sqlite_file.moc"
