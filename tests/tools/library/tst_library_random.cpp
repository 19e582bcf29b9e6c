// Anything that may happen to a library's files, to its index and to the program, in any order:
// after an update that nothing disturbed, the index answers as a search without one, and nothing
// of what is gone is left in it. LARES_SEED=N plays other orders.
#include "tests/support/file_size_limit.h"
#include "tests/support/seeds.h"
#include "tests/support/test_data.h"
#include "tests/support/without_root.h"
#include "tests/tools/library/library_world.h"
#include "tools/builtin/folder_walk.h"
#include "tools/builtin/search_documents/search_documents.h"
#include "tools/library/library_update.h"

#include <QTest>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <map>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace lares;
using lares::test::LibraryWorld;
namespace fs = std::filesystem;

namespace {

QString quoted(const std::string& text) {
    return QString::fromStdString(name_text(text));
}

/// Somebody who has a library in such a world.
class RandomLibrary {
public:
    explicit RandomLibrary(unsigned seed) : m_world(seed) {
        reopen();
        for (int i = 0; i < 60; ++i) m_world.change_something();
        add_any();
    }

    void act();
    /// Brings everything up to date, undisturbed, and compares.
    void look();
    /// Some bytes of the index become others, and it is used.
    void damage();

    [[nodiscard]] LibraryWorld& world() { return m_world; }
    /// Files whose text was compared: that it was no test of nothing.
    [[nodiscard]] std::size_t n_compared() const { return m_n_compared; }

private:
    [[nodiscard]] fs::path file() const { return m_world.path("data/library.db"); }
    [[nodiscard]] int below(int n) { return m_world.below(n); }
    void reopen() { m_index = std::make_unique<LibraryIndex>(file()); }
    [[nodiscard]] UpdateOptions options() const;
    [[nodiscard]] Result<LibraryUpdate> update(LibraryIndex& index,
                                               const std::string& path,
                                               const UpdateOptions& options);
    void add_any();
    void remove_any();
    void update_some(const UpdateOptions& options);
    void stop_in_the_middle();
    void kill_in_the_middle();
    void fill_the_disk();
    void use_anything();
    void compare_folder(const LibraryFolder& folder, const std::vector<LibraryFile>& files);
    void compare_answers(const std::vector<LibraryFolder>& folders);
    void compare_bytes();

    LibraryWorld m_world;
    std::unique_ptr<LibraryIndex> m_index;
    std::vector<std::string> m_folders;  ///< that are in the library, in their order
    std::map<std::string, std::vector<LibraryFile>> m_files;  ///< of them, when last looked at
    std::size_t m_n_compared = 0;
};

UpdateOptions RandomLibrary::options() const {
    UpdateOptions options;
    DocumentReader::Options reader;
    reader.program = test::program("lares-reader").string();
    options.documents = DocumentReader(reader);
    return options;
}

void RandomLibrary::add_any() {
    const auto all = m_world.folders();
    const std::string path = all[std::size_t(below(int(all.size())))];
    const auto handle = FolderHandle::open(path);
    if (!handle || handle->path() != path) return;
    const auto is_below = [](const std::string& one, const std::string& other) {
        return one == other || one.starts_with(other + "/");
    };
    const bool is_in = std::any_of(m_folders.begin(), m_folders.end(),
                                   [&](const auto& folder) { return is_below(path, folder); });
    const auto added = m_index->add_folder(path);
    QCOMPARE(bool(added), !is_in);
    if (is_in) return;
    std::erase_if(m_folders, [&](const auto& folder) { return is_below(folder, path); });
    m_folders.push_back(path);
}

void RandomLibrary::remove_any() {
    if (m_folders.empty()) return;
    const std::size_t at = std::size_t(below(int(m_folders.size())));
    const auto removed = m_index->remove_folder(m_folders[at]);
    QVERIFY2(removed, removed ? "" : removed.error().message.c_str());
    m_folders.erase(m_folders.begin() + std::ptrdiff_t(at));
}

Result<LibraryUpdate> RandomLibrary::update(LibraryIndex& index,
                                            const std::string& path,
                                            const UpdateOptions& options) {
    ASSIGN_OR_RETURN(const auto folders, index.folders());
    for (const LibraryFolder& folder : folders) {
        if (folder.path != path) continue;
        ASSIGN_OR_RETURN(const FolderHandle handle, FolderHandle::open(path));
        // As a grant does: what leads elsewhere is not it.
        if (handle.path() != path) return Error{ErrorCode::PermissionDenied, "leads elsewhere"};
        return update_library(index, {folder.id, "", {handle, "", path}}, options);
    }
    return Error{ErrorCode::NotFound, "not in the library"};
}

void RandomLibrary::update_some(const UpdateOptions& options) {
    for (const std::string& folder : m_folders) {
        if (below(3) == 0) continue;
        const auto updated = update(*m_index, folder, options);
        if (updated || updated.error().code == ErrorCode::NotFound ||
            updated.error().code == ErrorCode::PermissionDenied ||
            updated.error().code == ErrorCode::InvalidArgument)
            continue;
        QVERIFY2(updated.error().message.find("the disk is full") != std::string::npos,
                 updated.error().message.c_str());
    }
}

void RandomLibrary::stop_in_the_middle() {
    std::stop_source stop;
    UpdateOptions some = options();
    some.limits.stop = stop.get_token();
    const int n = below(2);
    if (n == 0) {
        std::jthread other([&, wait = std::chrono::microseconds(below(9000))] {
            std::this_thread::sleep_for(wait);
            stop.request_stop();
        });
        update_some(some);
    } else {
        some.progress = [&, left = below(3)](const UpdateProgress&) mutable {
            if (left-- == 0) stop.request_stop();
        };
        update_some(some);
    }
}

void RandomLibrary::kill_in_the_middle() {
    if (m_folders.empty()) return;
    const std::string folder = m_folders[std::size_t(below(int(m_folders.size())))];
    const auto wait = std::chrono::microseconds(below(15'000));
    const UpdateOptions some = options();
    m_index.reset();
    const pid_t child = ::fork();
    if (child == 0) {
        std::thread([wait] {
            std::this_thread::sleep_for(wait);
            ::kill(::getpid(), SIGKILL);
        }).detach();
        LibraryIndex index(file());
        (void)update(index, folder, some);
        ::_exit(0);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    reopen();
}

void RandomLibrary::fill_the_disk() {
    const auto size = std::uintmax_t(below(40'000)) + (below(2) == 0 ? m_index->size_bytes() : 0);
    UpdateOptions some = options();
    std::optional<test::FileSizeLimit> full;
    full.emplace(size);
    update_some(some);
    if (below(3) != 0 || m_folders.empty()) return;
    const auto removed = m_index->remove_folder(m_folders.front());
    if (removed)
        m_folders.erase(m_folders.begin());
    else
        QCOMPARE(removed.error().code, ErrorCode::Io);
}

void RandomLibrary::act() {
    const int what = below(100);
    m_world.did("act " + std::to_string(what));
    if (what < 60) {
        for (int i = 0; i < 4; ++i) m_world.change_something();
    } else if (what < 67) {
        add_any();
    } else if (what < 69) {
        remove_any();
    } else if (what < 76) {
        update_some(options());
    } else if (what < 84) {
        stop_in_the_middle();
    } else if (what < 89) {
        kill_in_the_middle();
    } else if (what < 94) {
        fill_the_disk();
    } else if (what < 97) {
        reopen();
    } else {
        m_world.open_up();
    }
    if (what < 60) return;
    const auto whole = m_index->check();
    QVERIFY2(whole, whole ? "" : whole.error().message.c_str());
}

void RandomLibrary::look() {
    if (below(3) > 0) m_world.open_up();
    const auto before = m_index->folders();
    QVERIFY(before);
    QCOMPARE(before->size(), m_folders.size());
    m_files.clear();
    for (std::size_t i = 0; i < m_folders.size(); ++i) {
        QCOMPARE((*before)[i].path, m_folders[i]);
        const auto updated = update(*m_index, m_folders[i], options());
        if (!updated || updated->error) continue;  // it is gone, and what was known of it stays
        QVERIFY(updated->is_whole);
        QCOMPARE(updated->progress.n_done, updated->progress.n_file);
        m_files[m_folders[i]] = m_world.files_in(m_folders[i]);
        m_n_compared += m_files[m_folders[i]].size();
    }
    auto there = *m_index->folders();
    std::erase_if(there, [&](const auto& folder) { return !m_files.contains(folder.path); });
    for (const LibraryFolder& folder : there) {
        compare_folder(folder, m_files[folder.path]);
        if (QTest::currentTestFailed()) return;
    }
    for (int i = 0; i < 12 && !QTest::currentTestFailed(); ++i) compare_answers(there);
    if (!QTest::currentTestFailed() && there.size() == m_folders.size()) compare_bytes();
}

void RandomLibrary::compare_folder(const LibraryFolder& folder,
                                   const std::vector<LibraryFile>& files) {
    std::size_t n_file = 0;
    std::size_t n_passage = 0;
    std::map<std::string, std::string> unreadable;
    for (const LibraryFile& one : files) {
        const std::size_t n = placed_passages(one.text, one.form).size();
        n_passage += n;
        n_file += n > 0;
        if (!one.reason.empty()) unreadable[folder.path + "/" + one.path] = one.reason;
    }
    const auto known = m_index->known_files(folder.id, "");
    QVERIFY(known);
    for (const LibraryFile& one : files)
        QVERIFY2(known->contains(one.path), qPrintable("not known: " + quoted(one.path)));
    const auto named = m_index->unreadable(folder.id);
    QVERIFY(named);
    for (const UnreadableFile& one : *named) {
        QVERIFY2(unreadable.contains(one.path), qPrintable(quoted(one.path + " " + one.reason)));
        QVERIFY2(one.reason.find(unreadable[one.path]) != std::string::npos, one.reason.c_str());
    }
    QCOMPARE(named->size(), unreadable.size());
    QCOMPARE(folder.n_unreadable, unreadable.size());
    QCOMPARE(folder.n_file, n_file);
    QCOMPARE(folder.n_passage, n_passage);
    QVERIFY(folder.updated_ms > 0);
}

void RandomLibrary::compare_answers(const std::vector<LibraryFolder>& folders) {
    const std::string query = m_world.query();
    PassageSearch plain(query);
    std::vector<LibraryScope> scopes;
    for (const LibraryFolder& folder : folders) {
        if (folders.size() > 1 && below(4) == 0) continue;
        std::string below_it = below(3) == 0 ? (below(2) == 0 ? "inner" : "sub") : "";
        const std::string as_called = below_it.empty() ? folder.path : folder.path + "/" + below_it;
        scopes.push_back({folder.id, below_it, as_called});
        if (!below_it.empty()) below_it += "/";
        for (const LibraryFile& one : m_files[folder.path]) {
            if (!one.path.starts_with(below_it)) continue;
            const std::string shown = walked_path(as_called, one.path.substr(below_it.size()));
            if (one.form == TextForm::Document)
                plain.look_in_document(shown, one.text);
            else
                plain.look(shown, one.text);
        }
    }
    const auto found = m_index->search(query, scopes, "", {});
    QVERIFY2(found, found ? "" : found.error().message.c_str());
    if (found->result == plain.result().result) return;
    qInfo("query: %s", qPrintable(quoted(query)));
    QCOMPARE(QString::fromStdString(found->result), QString::fromStdString(plain.result().result));
}

void RandomLibrary::compare_bytes() {
    std::set<std::string> there;
    for (const auto& [folder, files] : m_files) {
        for (const LibraryFile& one : files) there.merge(LibraryWorld::marks_in(one.text));
    }
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(m_world.path("data"), error)) {
        QCOMPARE(entry.path().filename().string(), std::string("library.db"));
        std::ifstream stream(entry.path(), std::ios::binary);
        const std::string bytes{std::istreambuf_iterator<char>(stream), {}};
        QCOMPARE(m_index->size_bytes(), bytes.size());
        for (const std::string& mark : LibraryWorld::marks_in(bytes))
            QVERIFY2(there.contains(mark), ("left in the index: zq" + mark + "x").c_str());
    }
}

/// Everything that can be called, on an index that may be damaged: an answer or a sentence.
void RandomLibrary::use_anything() {
    const auto folders = m_index->folders();
    if (!folders) return;
    for (const LibraryFolder& folder : *folders) {
        (void)m_index->known_files(folder.id, "");
        (void)m_index->unreadable(folder.id);
        const std::vector<LibraryScope> scopes = {{folder.id, "", "D"}};
        for (int i = 0; i < 4; ++i) (void)m_index->search(m_world.query(), scopes, "", {});
    }
    const int what = below(4);
    if (what == 0 && !m_folders.empty()) {
        (void)update(*m_index, m_folders.front(), options());
    } else if (what == 1 && !m_folders.empty()) {
        (void)m_index->remove_folder(m_folders.back());
    }
}

void RandomLibrary::damage() {
    std::error_code error;
    const auto size = fs::file_size(file(), error);
    if (error || size < 200) return;
    m_index.reset();
    {
        std::fstream stream(file(), std::ios::binary | std::ios::in | std::ios::out);
        for (int n = 1 + below(below(2) == 0 ? 3 : 60); n > 0; --n) {
            // The first hundred bytes say whose file it is; another program's is left alone.
            stream.seekp(100 + std::streamoff(below(int(size) - 100)));
            stream.put(static_cast<char>(below(256)));
        }
    }
    if (below(6) == 0) fs::resize_file(file(), std::uintmax_t(below(int(size))) + 100, error);
    reopen();
    use_anything();
    (void)m_index->check();
    const auto made = m_index->make_again();
    QVERIFY2(made, made ? "" : made.error().message.c_str());
    const auto whole = m_index->check();
    QVERIFY2(whole, whole ? "" : whole.error().message.c_str());
    // Names of folders can be damaged too: then they are the user's to put in again.
    const auto named = m_index->folders();
    QVERIFY(named);
    for (const LibraryFolder& folder : *named) QVERIFY(m_index->remove_folder(folder.path));
    for (const std::string& folder : m_folders) QVERIFY(m_index->add_folder(folder));
}

}  // namespace

class LibraryRandomTest : public QObject {
    Q_OBJECT

private slots:
    void answersAsASearchWithoutAnIndex_data();
    void answersAsASearchWithoutAnIndex();
};

void LibraryRandomTest::answersAsASearchWithoutAnIndex_data() {
    QTest::addColumn<unsigned>("seed");
    QTest::addColumn<bool>("withDamage");
    for (const unsigned seed : lares::test::seeds(2)) QTest::addRow("%u", seed) << seed << false;
    for (const unsigned seed : lares::test::seeds(1))
        QTest::addRow("%u, the index is damaged now and then", seed) << seed << true;
}

void LibraryRandomTest::answersAsASearchWithoutAnIndex() {
    QFETCH(const unsigned, seed);
    QFETCH(const bool, withDamage);
    const test::WithoutRoot withoutRoot;  // who may read everything
    if (!withoutRoot.holds()) QSKIP("the test runs as root, and cannot be anybody else");
    RandomLibrary library(seed);
    for (int round = 0; round < 12 && !QTest::currentTestFailed(); ++round) {
        for (int i = 0; i < 16 && !QTest::currentTestFailed(); ++i) library.act();
        if (!QTest::currentTestFailed()) library.look();
        if (withDamage && !QTest::currentTestFailed()) library.damage();
    }
    if (!QTest::currentTestFailed()) {
        QVERIFY2(library.n_compared() > 0, "it was no test of anything");
        return;
    }
    std::string did;
    for (const std::string& what : library.world().did()) did += what + ", ";
    qInfo("%s", did.c_str());
}

QTEST_APPLESS_MAIN(LibraryRandomTest)
#include "tst_library_random.moc"
