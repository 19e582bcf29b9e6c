#include "tests/support/folder_tree.h"
#include "tools/sandbox/scratch_folder.h"
#include "tools/sandbox/tree_copy.h"

#include <QTest>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sys/stat.h>
#include <unistd.h>

using namespace lares;
using lares::test::FolderTree;
namespace fs = std::filesystem;

namespace {

std::string bytes_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

QStringList names_of(const Tree& tree) {
    QStringList names;
    for (const auto& [path, entry] : tree) names << QString::fromStdString(path);
    return names;
}

}  // namespace

/// The copy of a folder that a command works in.
class TreeCopyTest : public QObject {
    Q_OBJECT

private slots:
    void init() {
        m_tree = std::make_unique<FolderTree>();
        m_tree->file("from/a.txt", "text of a");
        m_tree->file("from/sub/b.bin", std::string(700'000, '\x01'));
        m_tree->file("from/sub/deep/c", "");
        m_tree->folder("from/empty");
        m_tree->folder("to");
    }
    void holdsWhatIsInTheFolder() {
        ::chmod(m_tree->path("from/a.txt").c_str(), 0750);
        const auto time = fs::last_write_time(m_tree->path("from/sub")) - std::chrono::hours(50);
        fs::last_write_time(m_tree->path("from/sub"), time);
        fs::last_write_time(m_tree->path("from/a.txt"), time);
        const CopyOutcome copy = copied();
        QVERIFY(!copy.fault);
        QCOMPARE(names_of(copy.copies).join(' '),
                 QString("a.txt empty sub sub/b.bin sub/deep sub/deep/c"));
        QCOMPARE(names_of(copy.originals), names_of(copy.copies));
        QCOMPARE(copy.n_left_out, std::size_t{0});
        QCOMPARE(bytes_of(m_tree->path("to/a.txt")), std::string("text of a"));
        QCOMPARE(bytes_of(m_tree->path("to/sub/b.bin")), std::string(700'000, '\x01'));
        QCOMPARE(fs::last_write_time(m_tree->path("to/sub")), time);
        QCOMPARE(fs::last_write_time(m_tree->path("to/a.txt")), time);
        QVERIFY(copy.copies.at("a.txt").facts.is_executable());
        const TreeOutcome read = read_tree(handle("to"), {});
        QVERIFY(!read.fault);
        QCOMPARE(read.tree.size(), copy.copies.size());
        for (const auto& [path, entry] : copy.copies) {
            QVERIFY(read.tree.at(path).facts.identity == entry.facts.identity);
            QVERIFY(copy.originals.at(path).facts.identity.file != entry.facts.identity.file);
            if (entry.facts.kind == EntryKind::File)
                QCOMPARE(read.tree.at(path).status_changed_ns, entry.status_changed_ns);
        }
    }
    void canBeOfAFolderInside() {
        const CopyOutcome copy = copied("sub");
        QVERIFY(!copy.fault);
        QCOMPARE(names_of(copy.copies).join(' '), QString("b.bin deep deep/c"));
    }
    void linksAndPipesStayOutside() {
        m_tree->file("outside/secret", "secret");
        m_tree->link("from/out", m_tree->path("outside"));
        m_tree->link("from/sub/file", m_tree->path("outside/secret"));
        m_tree->link("from/in", "sub");
        QCOMPARE(::mkfifo(m_tree->path("from/pipe").c_str(), 0600), 0);
        QVERIFY(m_tree->socket("from/socket"));
        const CopyOutcome copy = copied();
        QVERIFY(!copy.fault);
        QCOMPARE(copy.copies.size(), std::size_t{6});
        QCOMPARE(copy.n_left_out, std::size_t{5});
        QVERIFY(!fs::exists(m_tree->path("to/out")));
        QVERIFY(fs::exists(m_tree->path("outside/secret")));
    }
    void aFolderBehindALinkIsNotCopied() {
        m_tree->link("from/in", "sub");
        QVERIFY(copied("in").fault.has_value());
    }
    void whatTheCommandMadeIsSeenWithoutBeingOpened() {
        m_tree->link("to/link", "/etc/passwd");
        QCOMPARE(::mkfifo(m_tree->path("to/pipe").c_str(), 0600), 0);
        m_tree->file("to/file", "x");
        const TreeOutcome read = read_tree(handle("to"), {});
        QVERIFY(!read.fault);
        QCOMPARE(read.tree.at("link").facts.kind, EntryKind::Link);
        QCOMPARE(read.tree.at("pipe").facts.kind, EntryKind::Other);
        QCOMPARE(read.tree.at("file").facts.kind, EntryKind::File);
    }
    void hasBounds() {
        TreeBounds few;
        few.max_entry = 5;
        QCOMPARE(copied({}, few).fault, std::optional(TreeFault::TooManyEntries));
        QCOMPARE(read_tree(handle("from"), few).fault, std::optional(TreeFault::TooManyEntries));
        clearTarget();
        TreeBounds small;
        small.max_bytes = 700'000;
        QCOMPARE(copied({}, small).fault, std::optional(TreeFault::TooManyBytes));
        clearTarget();
        TreeBounds over;
        over.is_expired = [] { return true; };
        QCOMPARE(copied({}, over).fault, std::optional(TreeFault::Expired));
        clearTarget();
        int asked = 0;
        TreeBounds soon;  // in the middle of the last file
        soon.is_expired = [&] { return ++asked > 6; };
        QCOMPARE(copied({}, soon).fault, std::optional(TreeFault::Expired));
    }
    void comparesBytes() {
        m_tree->file("from/big1", std::string(600'000, 'x'));
        m_tree->file("from/big2", std::string(600'000, 'x'));
        m_tree->file("from/big3", std::string(599'999, 'x') + "y");
        const FolderHandle folder = handle("from");
        QVERIFY(has_same_bytes({folder, "big1"}, {folder, "big2"}));
        QVERIFY(!has_same_bytes({folder, "big1"}, {folder, "big3"}));
        QVERIFY(!has_same_bytes({folder, "big1"}, {folder, "a.txt"}));
        QVERIFY(!has_same_bytes({folder, "big1"}, {folder, "missing"}));
        QVERIFY(!has_same_bytes({folder, "sub"}, {folder, "sub"}));
    }
    void theWalkWithoutOpenat2DoesTheSame() {
        const CopyOutcome copy = copy_tree(handle("from"), {}, handle("to"), {}, OpenMethod::Walk);
        QVERIFY(!copy.fault);
        QCOMPARE(copy.copies.size(), std::size_t{6});
    }
    void aScratchFolderGoesWithAllThatIsInIt() {
        const std::string parent = m_tree->path("scratch/below");
        std::string inside;
        {
            auto scratch = ScratchFolder::make(parent);
            QVERIFY(scratch);
            inside = scratch->folder().path();
            struct stat status {};
            QCOMPARE(::stat(inside.c_str(), &status), 0);
            QCOMPARE(status.st_mode & 0777, 0700U);
            fs::create_directories(inside + "/closed/below");
            std::ofstream(inside + "/closed/below/file") << "x";
            fs::create_symlink(m_tree->path("from"), inside + "/closed/link");
            ::chmod((inside + "/closed/below").c_str(), 0);
            ::chmod((inside + "/closed").c_str(), 0);
            auto other = ScratchFolder::make(parent);  // beside it
            QVERIFY(other);
            QVERIFY(fs::exists(inside));
        }
        QVERIFY(!fs::exists(inside));
        QVERIFY(fs::exists(m_tree->path("from/a.txt")));
        // Only the gate is left.
        QCOMPARE(std::distance(fs::directory_iterator(parent), fs::directory_iterator()), 1);
    }
    void whatAKilledProgramLeftGoesWithTheNextOne() {
        const std::string parent = m_tree->path("scratch");
        m_tree->file("scratch/0123/folder/left", "x");
        auto scratch = ScratchFolder::make(parent);
        QVERIFY(scratch);
        QVERIFY(!fs::exists(parent + "/0123"));
    }
    void aScratchFolderThatCannotBeMadeIsAnError() {
        m_tree->file("taken", "a file");
        const auto scratch = ScratchFolder::make(m_tree->path("taken/below"));
        QVERIFY(!scratch);
        QCOMPARE(scratch.error().code, ErrorCode::Io);
    }

private:
    FolderHandle handle(const std::string& name) const {
        return std::move(FolderHandle::open(m_tree->path(name)).value());
    }
    CopyOutcome copied(const std::string& relative = {}, const TreeBounds& bounds = {}) const {
        return copy_tree(handle("from"), relative, handle("to"), bounds);
    }
    void clearTarget() const {
        fs::remove_all(m_tree->path("to"));
        m_tree->folder("to");
    }

    std::unique_ptr<FolderTree> m_tree;
};

QTEST_GUILESS_MAIN(TreeCopyTest)
#include "tst_tree_copy.moc"
