#include "tests/support/folder_tree.h"
#include "tests/support/test_data.h"
#include "tools/storage/sqlite_file.h"

#include <QTest>

#include <algorithm>
#include <numeric>
#include <random>
#include <set>

using namespace lares;
using lares::test::FolderTree;

namespace {

constexpr int kRows = 6000;

/// Rows come in any order, some go, some come again, as words of files do.
class Rows {
public:
    explicit Rows(SqliteFile& database) : m_database(database) {}

    /// `sql` with a word and a text of it for each of so many rows, in any order.
    bool run(const char* sql, int n_row) {
        std::vector<int> order(std::size_t{kRows});
        std::iota(order.begin(), order.end(), 0);
        std::shuffle(order.begin(), order.end(), m_random);
        order.resize(std::size_t(n_row));
        auto transaction = SqliteFile::Transaction::begin(m_database);
        {
            auto row = m_database.prepare(sql);
            if (!transaction || !row) return false;
            for (const int i : order) {
                const std::string word = "zq" + std::to_string(i * 7919 % 100'000) + "x";
                if (!row->again().bind(word).run()) return false;
            }
        }
        return bool(transaction->commit());
    }

private:
    SqliteFile& m_database;
    std::mt19937 m_random{1};
};

std::set<std::string> words_in(const std::string& bytes) {
    std::set<std::string> words;
    for (std::size_t at = bytes.find("zq"); at != std::string::npos;
         at = bytes.find("zq", at + 1)) {
        const std::size_t end = bytes.find_first_not_of("0123456789", at + 2);
        if (end != std::string::npos && end > at + 2 && bytes[end] == 'x')
            words.insert(bytes.substr(at, end + 1 - at));
    }
    return words;
}

}  // namespace

class CleanPagesTest : public QObject {
    Q_OBJECT

private slots:
    void nothingDeletedIsLeftInThePages_data() {
        QTest::addColumn<QByteArray>("settings");
        for (const char* vacuum : {"NONE", "INCREMENTAL", "FULL"}) {
            for (const int bytes : {512, 4096, 65536})
                QTest::addRow("%s, %d", vacuum, bytes)
                    << QByteArray("PRAGMA page_size=") + QByteArray::number(bytes) +
                           "; PRAGMA auto_vacuum=" + vacuum + "; PRAGMA secure_delete=ON";
        }
    }
    /// And what is there is whole: SQLite's own maps of the pages too, of which small pages have
    /// many.
    void nothingDeletedIsLeftInThePages() {
        QFETCH(QByteArray, settings);
        const FolderTree tree;
        const std::string file = tree.path("file.db");
        auto database = SqliteFile::open(file, "the list");
        QVERIFY(database && database->execute(settings.constData()));
        QVERIFY(
            database->execute("CREATE TABLE words(word TEXT PRIMARY KEY) WITHOUT ROWID; "
                              "CREATE TABLE texts(text TEXT)"));
        Rows rows(*database);
        for (int round = 0; round < 4; ++round) {
            QVERIFY(rows.run("INSERT OR IGNORE INTO words VALUES(?)", kRows));
            QVERIFY(rows.run("INSERT INTO texts VALUES(?1 || ' and some more of it')", kRows / 2));
            QVERIFY(rows.run("DELETE FROM words WHERE word = ?", kRows / 2));
        }
        QVERIFY(
            database->execute("DELETE FROM texts WHERE text NOT IN (SELECT word || ' and some "
                              "more of it' FROM words)"));
        const auto whole = database->check();
        QVERIFY2(whole, whole ? "" : whole.error().message.c_str());
        QVERIFY(database->execute("PRAGMA incremental_vacuum"));
        std::set<std::string> there;
        auto row = database->prepare("SELECT word FROM words");
        while (row->step().value()) there.insert(row->text(0));
        QVERIFY(!there.empty());
        const auto left = words_in(test::read_file(file));
        for (const std::string& word : left) QVERIFY2(there.contains(word), word.c_str());
        auto again = SqliteFile::open(file, "the list");
        QVERIFY(again && again->check());
    }
};

QTEST_GUILESS_MAIN(CleanPagesTest)
#include "tst_clean_pages.moc"
