#include "tests/support/folder_tree.h"
#include "tools/builtin/search_documents/search_documents.h"
#include "tools/library/library_index.h"
#include "tools/storage/sqlite_file.h"

#include <QDir>
#include <QFile>
#include <QTest>

using namespace lares;
using lares::test::FolderTree;

namespace {

std::string bytes_of(const std::string& path) {
    QFile file(QString::fromStdString(path));
    return file.open(QIODevice::ReadOnly) ? file.readAll().toStdString() : std::string();
}

LibraryFile file_of(std::string path, std::string text, TextForm form = TextForm::Plain) {
    LibraryFile file{std::move(path), {text.size(), 1, {1, text.size()}}, form};
    file.text = std::move(text);
    return file;
}

}  // namespace

class LibraryIndexTest : public QObject {
    Q_OBJECT

private slots:
    void init() {
        m_tree = std::make_unique<FolderTree>();
        m_index = std::make_unique<LibraryIndex>(m_tree->path() + "/data/library.db");
    }
    void makesNoFileToRead() {
        QVERIFY(m_index->folders().value().empty());
        QCOMPARE(search("x", {}), QString("(nothing found)"));
        QVERIFY(!QFile::exists(file()));
        QCOMPARE(m_index->size_bytes(), std::uint64_t{0});
    }
    void isClosedToOthers() {
#ifdef Q_OS_WIN
        QSKIP("the folder of the user's data says who may read it");
#endif
        put("/docs", {file_of("a.txt", "needle")});
        QCOMPARE(QFile::permissions(file()) &
                     (QFile::ReadGroup | QFile::ReadOther | QFile::WriteGroup | QFile::WriteOther),
                 QFile::Permissions());
    }
    void answersAsASearchWithoutAnIndex_data() {
        QTest::addColumn<QByteArray>("query");
        for (const char* query :
             {"rent", "How much are the rents of the house?", "needle", "zebra", "page three",
              "word7 word77", "the", "lease", "\"needle' OR NEAR(", "*", "über hamalainen"})
            QTest::newRow(query) << QByteArray(query);
    }
    void answersAsASearchWithoutAnIndex() {
        QFETCH(QByteArray, query);
        std::vector<LibraryFile> files = {
            file_of("home/lease.md", "# Lease\n\n## Rent\nThe rent is 900.\n", TextForm::Markdown),
            file_of("home/pages.pdf", "— page 1 —\nThe house.\n— page 3 —\nA needle, three.\n",
                    TextForm::Document),
            file_of("über.txt", "Mr Hämäläinen has the needle.\n\x1b[2J"),
        };
        std::string lines;
        for (int i = 0; i < 3000; ++i)
            lines += "the word" + std::to_string(i % 97) + " and the needle\n\n";
        files.push_back(file_of("long.txt", lines));
        for (int i = 0; i < 50; ++i)
            files.push_back(file_of("n" + std::to_string(i), "the rent of " + std::to_string(i)));
        PassageSearch plain(query.toStdString());
        for (const LibraryFile& one : files) {
            if (one.form == TextForm::Document)
                plain.look_in_document("~/D/" + one.path, one.text);
            else
                plain.look("~/D/" + one.path, one.text);
        }
        const auto folder = put("/docs", files);
        // Of more than it keeps, a search without an index knows the best; how many is the same.
        QCOMPARE(search(query.toStdString(), {{folder, "", "~/D"}}),
                 QString::fromStdString(plain.result().result));
    }
    void searchesOnlyWhereItIsTold() {
        const auto one = put("/one", {file_of("a/x.txt", "needle"), file_of("ab/y.txt", "needle"),
                                      file_of("a.txt", "needle")});
        const auto two = put("/two", {file_of("z.txt", "needle")});
        QCOMPARE(search("needle", {{one, "a", "/one/a"}}), QString("/one/a/x.txt:1\nneedle"));
        QCOMPARE(search("needle", {{two, "", "/two"}}), QString("/two/z.txt:1\nneedle"));
        QCOMPARE(search("needle", {{one, "ab", "/one/ab"}, {two, "", "/two"}}),
                 QString("/one/ab/y.txt:1\nneedle\n\n/two/z.txt:1\nneedle"));
    }
    void takesAFileInOverItself() {
        const auto folder = put("/docs", {file_of("a.txt", "needle")});
        QVERIFY(m_index->put(folder, std::vector{file_of("a.txt", "thimble")}));
        QCOMPARE(search("needle", {{folder, "", "D"}}), QString("(nothing found)"));
        QCOMPARE(search("thimble", {{folder, "", "D"}}), QString("D/a.txt:1\nthimble"));
        QCOMPARE(m_index->folders().value().front().n_passage, std::size_t{1});
    }
    void knowsFilesByTheirStamp() {
        LibraryFile file = file_of("sub/a.txt", "needle");
        file.stamp = {7, -5, {~std::uint64_t{0}, 9}};
        LibraryFile bad = file_of("b.odt", "");
        bad.reason = "is damaged.";
        const auto folder = put("/docs", {file, bad});
        const auto known = m_index->known_files(folder, "").value();
        QCOMPARE(known.size(), std::size_t{2});
        QVERIFY(known.at("sub/a.txt").stamp == file.stamp);
        QVERIFY(known.at("b.odt").is_unreadable);
        QCOMPARE(m_index->known_files(folder, "sub").value().size(), std::size_t{1});
        const auto unreadable = m_index->unreadable(folder).value();
        QCOMPARE(unreadable.size(), std::size_t{1});
        QCOMPARE(unreadable[0].path, std::string("/docs/b.odt"));
        QCOMPARE(m_index->folders().value().front().n_unreadable, std::size_t{1});
    }
    void takesAFolderOnce() {
        QVERIFY(m_index->add_folder("/docs"));
        QVERIFY(m_index->add_folder("/docs2"));
        const auto again = m_index->add_folder("/docs");
        QCOMPARE(again.error().message, std::string("/docs: in the document library already"));
        const auto below = m_index->add_folder("/docs/a");
        QCOMPARE(below.error().message,
                 std::string("/docs/a: in the document library already, with /docs"));
    }
    void aFolderAboveTakesThoseBelowIt() {
        const auto folder = put("/a/docs", {file_of("x", "needle")});
        QVERIFY(m_index->add_folder("/a"));
        const auto folders = m_index->folders().value();
        QCOMPARE(folders.size(), std::size_t{1});
        QCOMPARE(folders[0].path, std::string("/a"));
        QVERIFY(!m_index->put(folder, std::vector{file_of("y", "late")}));
    }
    void leavesNoTextBehindOnTheDisk() {
        const std::string secret = "Xylophonquark9000";
        const auto folder = put("/docs", {file_of(secret + ".txt", secret)});
        put("/other", {file_of("a", "needle")});
        QVERIFY(bytes_of(file().toStdString()).find(secret) != std::string::npos);
        QVERIFY(m_index->put(folder, std::vector{file_of("b.txt", secret + " and more")}));
        const std::vector<std::string> gone = {"b.txt"};
        QVERIFY(m_index->forget(folder, gone));
        QVERIFY(m_index->remove_folder("/docs"));
        const std::string folded = "xylophonquark9000";
        for (const QString& name :
             QDir(QString::fromStdString(m_tree->path("data"))).entryList(QDir::Files)) {
            const std::string bytes = bytes_of(m_tree->path("data/" + name.toStdString()));
            QVERIFY2(bytes.find(secret) == std::string::npos, qPrintable(name));
            QVERIFY2(bytes.find(folded) == std::string::npos, qPrintable(name));
        }
        QCOMPARE(m_index->folders().value().size(), std::size_t{1});
        QCOMPARE(m_index->remove_folder("/docs").error().code, ErrorCode::NotFound);
    }
    void givesTheRoomBack() {
        std::vector<LibraryFile> files;
        for (int i = 0; i < 200; ++i) {
            std::string text;
            for (int k = 0; k < 500; ++k) text += "w" + std::to_string(i * 500 + k) + " ";
            files.push_back(file_of(std::to_string(i), text));
        }
        put("/docs", files);
        const std::uint64_t full = m_index->size_bytes();
        QVERIFY(m_index->remove_folder("/docs"));
        QVERIFY2(m_index->size_bytes() < full / 10,
                 qPrintable(QString::number(m_index->size_bytes())));
    }
    void saysThatOnlyTheBeginningOfALongFileIsIn() {
        std::string text;
        for (std::size_t i = 0; i < kMaxFilePassages + 10; ++i)
            text += "# h" + std::to_string(i) + "\n";
        const auto folder = put("/docs", {file_of("a.md", text, TextForm::Markdown)});
        QCOMPARE(m_index->folders().value().front().n_passage, kMaxFilePassages);
        QCOMPARE(m_index->unreadable(folder).value().size(), std::size_t{1});
    }
    void aDamagedIndexIsMadeAgain() {
        put("/docs", {file_of("a", "needle")});
        m_index.reset();
        QFile damaged(file());
        QVERIFY(damaged.open(QIODevice::ReadWrite));
        damaged.seek(0);
        damaged.write(QByteArray(int(damaged.size()), 'x'));
        damaged.close();
        m_index = std::make_unique<LibraryIndex>(file().toStdString());
        const auto folders = m_index->folders();
        QVERIFY(!folders);
        QCOMPARE(folders.error().code, ErrorCode::Corrupt);
        QVERIFY2(QString::fromStdString(folders.error().message)
                     .endsWith("the document library is damaged"),
                 folders.error().message.c_str());
        QVERIFY(m_index->make_again());
        QVERIFY(m_index->folders().value().empty());
        QVERIFY(m_index->add_folder("/docs"));
    }
    void foldersOutliveDamageOfTheRest() {
        const auto folder = put("/docs", {file_of("a", "needle")});
        put("/other", {});
        QVERIFY(m_index->make_again());
        const auto folders = m_index->folders().value();
        QCOMPARE(folders.size(), std::size_t{2});
        QCOMPARE(folders[0].path, std::string("/docs"));
        QCOMPARE(folders[0].n_file, std::size_t{0});
        QVERIFY(m_index->known_files(folder, "").value().empty());
    }
    void damagedNumbersAreNoticed_data() {
        QTest::addColumn<QByteArray>("change");
        QTest::newRow("more passages than memory")
            << QByteArray("UPDATE files SET n_passage = 1 << 60");
        QTest::newRow("too many passages") << QByteArray("UPDATE files SET n_passage = 1000000");
        QTest::newRow("fewer than none") << QByteArray("UPDATE files SET n_passage = -5");
        QTest::newRow("a passage that is not there") << QByteArray("DELETE FROM passages");
        QTest::newRow("hits without an end") << QByteArray("UPDATE hits SET passages = x'FFFF'");
        QTest::newRow("hits of other passages")
            << QByteArray("UPDATE hits SET passages = x'630105'");
    }
    void damagedNumbersAreNoticed() {
        QFETCH(QByteArray, change);
        const auto folder = put("/docs", {file_of("a", "needle"), file_of("b", "needle")});
        alter(change.constData());
        const std::vector<LibraryScope> scopes = {{folder, "", "D"}};
        const auto found = m_index->search("needle", scopes, "", {});
        QVERIFY(!found);
        QCOMPARE(found.error().code, ErrorCode::Corrupt);
        // Whoever asks for the folders next is told to make it again.
        const auto folders = m_index->folders();
        QVERIFY(!folders);
        QCOMPARE(folders.error().code, ErrorCode::Corrupt);
        QVERIFY(m_index->make_again());
        QCOMPARE(m_index->folders().value().front().path, std::string("/docs"));
        QCOMPARE(search("needle", {{folder, "", "D"}}), QString("(nothing found)"));
    }
    /// Damage that comes to light when a file is taken in, too.
    void damageOfPagesIsNoticed() {
        std::vector<LibraryFile> files;
        for (int i = 0; i < 300; ++i)
            files.push_back(file_of(std::to_string(i), "needle w" + std::to_string(i)));
        const auto folder = put("/docs", files);
        overwrite("hits");
        QVERIFY(m_index->folders());
        const auto taken = m_index->put(folder, std::vector{file_of("0", "thimble")});
        QVERIFY(!taken);
        QCOMPARE(taken.error().code, ErrorCode::Corrupt);
        QVERIFY(!m_index->folders());
        QVERIFY(m_index->make_again());
        QVERIFY(m_index->put(folder, std::vector{file_of("0", "thimble")}));
    }
    /// What another program is about to put into a folder is not put into another one.
    void foldersKeepTheirNumbersWhenItIsMadeAgain() {
        put("/gone", {});
        const auto folder = put("/docs", {file_of("a", "needle")});
        QVERIFY(m_index->remove_folder("/gone"));
        QVERIFY(m_index->make_again());
        QCOMPARE(m_index->folders().value().front().id, folder);
    }
    void aDamagedListOfFoldersIsTakenOverAsFarAsItGoes() {
        put("/docs", {});
        put("/other", {});
        alter("UPDATE folders SET path = '/docs/' WHERE path = '/other'");
        const auto made = m_index->make_again();
        QVERIFY2(made, made ? "" : made.error().message.c_str());
        QCOMPARE(m_index->folders().value().size(), std::size_t{1});
    }
    void foldersOutliveDamageOfTheirFiles() {
        put("/docs", {file_of("a", "needle")});
        overwrite("files");
        QVERIFY(!m_index->folders());
        QVERIFY(m_index->make_again());
        QCOMPARE(m_index->folders().value().front().path, std::string("/docs"));
    }
    void anotherProgramsFileStays() {
        m_tree->file("data/library.db",
                     "not a database at all, and longer than a header of SQLite, "
                     "which has one hundred bytes in it ...........................");
        QVERIFY(!m_index->add_folder("/docs"));
        QVERIFY(bytes_of(file().toStdString()).starts_with("not a database"));
    }
    void twoProgramsShareIt() {
        const auto folder = put("/docs", {file_of("a", "needle")});
        LibraryIndex other(file().toStdString());
        QVERIFY(other.put(folder, std::vector{file_of("b", "needle")}));
        QCOMPARE(search("needle", {{folder, "", "D"}}), QString("D/a:1\nneedle\n\nD/b:1\nneedle"));
    }
    void stopsWhenTimeIsOut() {
        const auto folder = put("/docs", {file_of("a", "needle")});
        RunLimits limits;
        limits.deadline = std::chrono::steady_clock::now();
        const std::vector<LibraryScope> scopes = {{folder, "", "D"}};
        const auto result = m_index->search("needle", scopes, "", limits).value();
        QCOMPARE(result.result, std::string("error: timed out"));
    }

private:
    [[nodiscard]] QString file() const {
        return QString::fromStdString(m_tree->path()) + "/data/library.db";
    }
    /// The first page of a table.
    void overwrite(const std::string& table) {
        m_index.reset();
        auto database = SqliteFile::open(file().toStdString(), "the library").value();
        const std::string sql = "SELECT rootpage FROM sqlite_schema WHERE name = '" + table + "'";
        const auto page = database.number(sql.c_str());
        QFile damaged(file());
        QVERIFY(damaged.open(QIODevice::ReadWrite));
        QVERIFY(damaged.seek((page.value() - 1) * 4096));
        damaged.write(QByteArray(4096, 'x'));
        damaged.close();
        m_index = std::make_unique<LibraryIndex>(file().toStdString());
    }
    /// As damage would, that SQLite does not see.
    void alter(const char* sql) const {
        auto database = SqliteFile::open(file().toStdString(), "the library").value();
        QVERIFY(database.execute(sql));
    }
    std::int64_t put(const std::string& path, const std::vector<LibraryFile>& files) {
        const auto folder = m_index->add_folder(path);
        if (!folder || !m_index->put(folder->id, files)) return 0;
        return folder->id;
    }
    QString search(const std::string& query, const std::vector<LibraryScope>& scopes) {
        const auto found = m_index->search(query, scopes, "", {});
        return QString::fromStdString(found ? found->result : found.error().message);
    }
    std::unique_ptr<FolderTree> m_tree;
    std::unique_ptr<LibraryIndex> m_index;
};

QTEST_APPLESS_MAIN(LibraryIndexTest)
#include "tst_library_index.moc"
