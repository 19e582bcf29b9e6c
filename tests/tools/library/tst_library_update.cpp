#include "tests/support/folder_tree.h"
#include "tests/support/small_disk.h"
#include "tests/support/test_data.h"
#include "tools/library/library_update.h"
#include "tools/storage/sqlite_file.h"

#include <QTest>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace lares;
using lares::test::FolderTree;
namespace fs = std::filesystem;

class LibraryUpdateTest : public QObject {
    Q_OBJECT

private slots:
    void init() {
        m_tree = std::make_unique<FolderTree>();
        m_tree->folder("docs");
        m_index = std::make_unique<LibraryIndex>(m_tree->path() + "/data/library.db");
        m_folder = m_index->add_folder(m_tree->path("docs")).value().id;
    }
    void readsOnlyWhatChanged() {
        file("a.txt", "a needle");
        file("sub/b.txt", "a thimble");
        const LibraryUpdate first = update();
        QVERIFY(first.is_whole);
        QCOMPARE(first.n_read, std::size_t{2});
        QCOMPARE(first.progress.n_done, std::size_t{2});
        QVERIFY(m_index->folders().value().front().updated_ms > 0);
        QCOMPARE(update().n_read, std::size_t{0});
        file("a.txt", "a pin", std::chrono::hours(2));
        QCOMPARE(update().n_read, std::size_t{1});
        QCOMPARE(search("needle"), QString("(nothing found)"));
        QCOMPARE(search("pin"), QString("D/a.txt:1\na pin"));
        fs::remove_all(m_tree->path("docs/sub"));
        QCOMPARE(update().n_forgotten, std::size_t{1});
        QCOMPARE(search("thimble"), QString("(nothing found)"));
    }
    void seesAFileOfTheSameSizeAndTime() {
        file("a.txt", "a needle");
        QCOMPARE(update().n_read, std::size_t{1});
        file("other", "a beetle");
        fs::rename(m_tree->path("docs/other"), m_tree->path("docs/a.txt"));  // another inode
        QCOMPARE(update().n_read, std::size_t{1});
        QCOMPARE(search("beetle"), QString("D/a.txt:1\na beetle"));
    }
    void readsAgainWhatWasWrittenJustNow() {
        m_tree->file("docs/a.txt", "a needle");
        fs::last_write_time(m_tree->path("docs/a.txt"),
                            fs::file_time_type::clock::now() + std::chrono::seconds(5));
        QCOMPARE(update().n_read, std::size_t{1});
        QCOMPARE(update().n_read, std::size_t{1});
    }
    void updatesAPartAlone() {
        file("a.txt", "a needle");
        file("sub/b.txt", "a needle");
        const LibraryUpdate part = update({}, "sub");
        QCOMPARE(part.n_read, std::size_t{1});
        QCOMPARE(search("needle"), QString("D/sub/b.txt:1\na needle"));
        QCOMPARE(m_index->folders().value().front().updated_ms, std::int64_t{0});
        QCOMPARE(update().n_read, std::size_t{1});
    }
    void followsNoLinkOut() {
        if (!FolderTree::kHasLinks) QSKIP("no links here");
        m_tree->file("secret/key.txt", "a secret needle");
        m_tree->link("docs/out.txt", m_tree->path("secret/key.txt"));
        m_tree->link("docs/folder", m_tree->path("secret"));
        file("a.txt", "a needle");
        QCOMPARE(update().n_read, std::size_t{1});
        QCOMPARE(search("secret"), QString("(nothing found)"));
    }
    void aFileThatBecomesALinkIsNotReadThrough() {
        m_tree->file("secret/key.txt", "a secret needle");
        for (int i = 0; i < 300; ++i) file("f" + std::to_string(i), "a needle");
        UpdateOptions options;
        // Between two parts, after all of them were seen as files.
        options.progress = [&, n = 0](const UpdateProgress&) mutable {
            if (n++ != 1) return;
            for (int i = 0; i < 300; ++i) {
                const std::string name = "docs/f" + std::to_string(i);
                fs::remove(m_tree->path(name));
                m_tree->link(name, m_tree->path("secret/key.txt"));
            }
        };
        QVERIFY(update(options).n_read > 0);
        QCOMPARE(search("secret"), QString("(nothing found)"));
        QVERIFY(update().n_forgotten > 0);
        QCOMPARE(search("needle"), QString("(nothing found)"));
    }
    void passesOverWhatIsNoText() {
        file("picture.jpg", std::string("\xFF\xD8\xFF\0\0needle", 11));
        file("junk", std::string("needle \x80\x81\xFE", 10));
        file("large.txt", std::string(16'000'001, 'n'));
        QVERIFY(m_tree->socket("docs/socket"));
        file(".hidden/a.txt", "needle");
        QCOMPARE(update().n_read, std::size_t{3});
        QCOMPARE(search("needle"), QString("(nothing found)"));
        const auto unreadable = m_index->unreadable(m_folder).value();
        QCOMPARE(unreadable.size(), std::size_t{1});
        QCOMPARE(unreadable[0].reason, std::string("has more than 16 MB of text"));
        QCOMPARE(update().n_read, std::size_t{0});
    }
    void readsDocumentsAndSaysWhichItCannot() {
        for (const char* name : {"letter.docx", "locked.odt"})
            file(name, test::read_file(test::data_file("documents/" + std::string(name))));
        QCOMPARE(update().n_read, std::size_t{2});
        const auto folder = m_index->folders().value().front();
        QCOMPARE(folder.n_file, std::size_t{1});
        QCOMPARE(folder.n_unreadable, std::size_t{1});
        QVERIFY(QString::fromStdString(m_index->unreadable(m_folder).value().front().reason)
                    .contains("password"));
        QCOMPARE(update().n_read, std::size_t{0});
        UpdateOptions again;
        again.retries_unreadable = true;
        QCOMPARE(update(again).n_read, std::size_t{1});
    }
    void aFolderThatIsGoneLosesNothing() {
        file("a.txt", "a needle");
        QVERIFY(update().is_whole);
        const FolderHandle handle = std::move(FolderHandle::open(m_tree->path("docs")).value());
        const auto gone =
            update_library(*m_index, {m_folder, "sub", {handle, "sub", "D/sub"}}, own()).value();
        QVERIFY(gone.error);
        QCOMPARE(gone.error->result, std::string("error: no such folder: D/sub"));
        QCOMPARE(search("needle"), QString("D/a.txt:1\na needle"));
    }
    void stopsAndGoesOn() {
        for (int i = 0; i < 300; ++i) file("f" + std::to_string(i), "a needle");
        std::stop_source stop;
        UpdateOptions options;
        options.limits.stop = stop.get_token();
        std::size_t n_told = 0;
        options.progress = [&](const UpdateProgress& progress) {
            QCOMPARE(progress.n_file, std::size_t{300});
            if (++n_told == 3) stop.request_stop();
        };
        const LibraryUpdate stopped = update(options);
        QVERIFY(!stopped.is_whole);
        QVERIFY(stopped.n_read > 0 && stopped.n_read < 300);
        QCOMPARE(stopped.progress.n_done, stopped.n_read);
        QCOMPARE(m_index->folders().value().front().updated_ms, std::int64_t{0});
        const LibraryUpdate rest = update();
        QVERIFY(rest.is_whole);
        QCOMPARE(rest.n_read + stopped.n_read, std::size_t{300});
    }
    void aFolderThatIsRemovedMeanwhileStaysRemoved() {
        for (int i = 0; i < 300; ++i) file("f" + std::to_string(i), "a needle");
        UpdateOptions options = own();
        options.progress = [&, n = 0](const UpdateProgress&) mutable {
            if (n++ == 1) QVERIFY(m_index->remove_folder(m_tree->path("docs")));
        };
        const FolderHandle handle = std::move(FolderHandle::open(m_tree->path("docs")).value());
        const auto ended = update_library(*m_index, {m_folder, "", {handle, "", "D"}}, options);
        QVERIFY(!ended);
        QCOMPARE(ended.error().code, ErrorCode::NotFound);
        QCOMPARE(search("needle"), QString("(nothing found)"));
    }
    /// Damage of the words, which the list of folders and files does not show.
    void makesADamagedIndexAgain() {
        file("a.txt", "a needle");
        m_tree->file("other/b.txt", "a needle");
        QVERIFY(m_index->add_folder(m_tree->path("other")));
        QVERIFY(update().is_whole);
        {
            const std::string name = m_tree->path() + "/data/library.db";
            auto database = SqliteFile::open(name, "the library").value();
            const auto page =
                database.number("SELECT rootpage FROM sqlite_schema WHERE name = 'hits'");
            std::fstream damaged(name, std::ios::binary | std::ios::in | std::ios::out);
            damaged.seekp((page.value() - 1) * 4096);
            damaged << std::string(4096, 'x');
        }
        m_index = std::make_unique<LibraryIndex>(m_tree->path() + "/data/library.db");
        file("c.txt", "a needle");
        const LibraryUpdate updated = update();
        QVERIFY(updated.is_whole);
        QCOMPARE(updated.n_read, std::size_t{2});
        QCOMPARE(search("needle"), QString("D/a.txt:1\na needle\n\nD/c.txt:1\na needle"));
        QCOMPARE(m_index->folders().value().size(), std::size_t{2});
        QVERIFY(m_index->check());
    }
    void isWholeAfterItWasKilled() {
        for (int i = 0; i < 600; ++i)
            file("f" + std::to_string(i), "a needle and the number " + std::to_string(i));
        for (int round = 0; round < 5; ++round) {
            const pid_t child = ::fork();
            if (child == 0) {
                UpdateOptions options = own();
                // In the middle of a part's writing: another thread ends the process.
                options.progress = [&, n = 0](const UpdateProgress&) mutable {
                    if (n++ == round)
                        std::thread([round] {
                            std::this_thread::sleep_for(std::chrono::microseconds(300 * round));
                            ::kill(::getpid(), SIGKILL);
                        }).detach();
                };
                LibraryIndex index(m_tree->path() + "/data/library.db");
                const FolderHandle handle =
                    std::move(FolderHandle::open(m_tree->path("docs")).value());
                (void)update_library(index, {m_folder, "", {handle, "", "D"}}, options);
                ::_exit(0);
            }
            int status = 0;
            ::waitpid(child, &status, 0);
            LibraryIndex index(m_tree->path() + "/data/library.db");
            QVERIFY(index.check());
        }
        QVERIFY(update().is_whole);
        QVERIFY(m_index->check());
        QCOMPARE(m_index->folders().value().front().n_file, std::size_t{600});
    }
    /// What was read before the disk was full is still searched, and nothing of it is lost; with
    /// room again it goes on. Taking a folder out says that it could not.
    void aFullDiskIsASentenceAndLosesNothing() {
        for (int i = 0; i < 40; ++i) file("a" + std::to_string(i), "an early needle");
        const std::string disk = m_tree->path("data");
        const auto check = [&]() -> std::string {
            m_index = std::make_unique<LibraryIndex>(disk + "/library.db");
            const auto folder = m_index->add_folder(m_tree->path("docs"));
            if (!folder) return folder.error().message;
            m_folder = folder->id;
            if (!update().is_whole) return "cannot begin";
            std::string words;
            for (int i = 0; i < 60'000; ++i) words += "w" + std::to_string(i) + " ";
            file("b", words);
            test::fill_disk(disk + "/all");
            const FolderHandle handle = std::move(FolderHandle::open(m_tree->path("docs")).value());
            const LibraryPlace place{m_folder, "", {handle, "", "D"}};
            const auto updated = update_library(*m_index, place, own());
            if (updated) return "it was written on a full disk";
            if (!says_what_to_do(updated.error())) return updated.error().message;
            const auto removed = m_index->remove_folder(m_tree->path("docs"));
            if (!removed && !says_what_to_do(removed.error())) return removed.error().message;
            if (removed) return "it was taken out, and this test is of no use";
            if (!search("early").startsWith("D/a")) return "what was read before is lost";
            fs::remove(disk + "/all");
            if (!m_index->check() || update().n_read != 1) return "it does not go on";
            if (search("w777") == "(nothing found)") return "it does not find what it read";
            return m_index->remove_folder(m_tree->path("docs")) ? "" : "it cannot be taken out";
        };
        m_index.reset();
        fs::remove_all(disk);
        fs::create_directory(disk);
        const auto problem = test::on_small_disk(disk, 6'000'000, check);
        if (!problem) QSKIP("this system does not let the test mount anything");
        QVERIFY2(problem->empty(), problem->c_str());
    }
    void makingItAgainOnAFullDiskKeepsItsFolders() {
        const std::string disk = m_tree->path("data");
        const auto check = [&]() -> std::string {
            m_index = std::make_unique<LibraryIndex>(disk + "/library.db");
            if (!m_index->add_folder("/docs")) return "cannot begin";
            test::fill_disk(disk + "/all");
            const auto made = m_index->make_again();
            if (made) return "it was written on a full disk";
            if (!says_what_to_do(made.error())) return made.error().message;
            const auto folders = m_index->folders();
            if (!folders || folders->size() != 1) return "the list of folders is lost";
            fs::remove(disk + "/all");
            if (!m_index->make_again()) return "it is not made again";
            return m_index->folders().value().size() == 1 ? "" : "its folders are lost";
        };
        m_index.reset();
        fs::remove_all(disk);
        fs::create_directory(disk);
        const auto problem = test::on_small_disk(disk, 200'000, check);
        if (!problem) QSKIP("this system does not let the test mount anything");
        QVERIFY2(problem->empty(), problem->c_str());
    }
    void takesTenThousandFiles() {
        for (int i = 0; i < 10'000; ++i)
            file("d" + std::to_string(i % 100) + "/f" + std::to_string(i),
                 "the number " + std::to_string(i));
        const LibraryUpdate first = update();
        QVERIFY(first.is_whole);
        QCOMPARE(first.n_read, std::size_t{10'000});
        QCOMPARE(search("9876"), QString("D/d76/f9876:1\nthe number 9876"));
        QCOMPARE(update().n_read, std::size_t{0});
    }

private:
    /// Written a while ago, or the index would not trust its time.
    void file(const std::string& name,
              const std::string& bytes,
              std::chrono::hours age = std::chrono::hours(1)) const {
        m_tree->file("docs/" + name, bytes);
        fs::last_write_time(m_tree->path("docs/" + name), kBegin - age);
    }
    static bool says_what_to_do(const Error& error) {
        return error.message.find("the disk is full; free some space") != std::string::npos;
    }
    static UpdateOptions own(UpdateOptions options = {}) {
        DocumentReader::Options reader;
        reader.program = test::program("lares-reader").string();
        options.documents = DocumentReader(reader);
        return options;
    }
    LibraryUpdate update(UpdateOptions options = {}, const std::string& below = {}) {
        const FolderHandle handle = std::move(FolderHandle::open(m_tree->path("docs")).value());
        const LibraryPlace place{
            m_folder, below, {handle, below, below.empty() ? "D" : "D/" + below}};
        auto updated = update_library(*m_index, place, own(std::move(options)));
        if (!updated) qWarning("%s", updated.error().message.c_str());
        return updated ? std::move(*updated) : LibraryUpdate();
    }
    QString search(const std::string& query) {
        const std::vector<LibraryScope> scopes = {{m_folder, "", "D"}};
        return QString::fromStdString(m_index->search(query, scopes, "", {}).value().result);
    }
    inline static const fs::file_time_type kBegin = fs::file_time_type::clock::now();
    std::unique_ptr<FolderTree> m_tree;
    std::unique_ptr<LibraryIndex> m_index;
    std::int64_t m_folder = 0;
};

QTEST_APPLESS_MAIN(LibraryUpdateTest)
#include "tst_library_update.moc"
