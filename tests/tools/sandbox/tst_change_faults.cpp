#include "tests/support/file_size_limit.h"
#include "tests/support/folder_tree.h"
#include "tests/support/small_disk.h"
#include "tests/support/tree_snapshot.h"
#include "tests/support/without_root.h"
#include "tests/tools/sandbox/change_support.h"

#include <QTest>

#include <filesystem>
#include <functional>
#include <sys/mount.h>
#include <sys/stat.h>

using namespace lares;
using namespace lares::test;
namespace fs = std::filesystem;

namespace {

/// Empty when it is what was expected.
std::string unless(const QString& got, const QString& expected, const char* what) {
    if (got == expected) return {};
    return std::string(what) + ": " + got.toStdString() + " instead of " + expected.toStdString();
}

/// What goes wrong on a full disk; empty: everything stays as it was, with the right fault.
std::string changeAFullDisk(const std::string& root) {
    const auto folder = FolderHandle::open(root);
    if (!folder) return folder.error().message;
    const PlaceBeneath old{*folder, "old.txt"};
    const ChangeOutcome written = write_beneath(old, "old", nullptr, {}, kTemporary);
    if (written.fault) return "cannot begin";
    fill_disk(root + "/all");
    const TreeSnapshot before = snapshot_of(root);
    const std::string large(100'000, 'x');
    const std::string problems =
        unless(nameOf(write_beneath({*folder, "new.txt"}, large, nullptr, {}, kTemporary)),
               "diskfull", "new file") +
        unless(nameOf(write_beneath(old, large, &written.facts, {}, kTemporary)), "diskfull",
               "replaced file");
    return problems + difference(before, snapshot_of(root));
}

/// Something else is mounted in the granted folder.
std::string changeAMountedFolder(const std::string& root) {
    const auto opened = FolderHandle::open(root);  // here, where it is mounted
    if (!opened) return opened.error().message;
    const FolderHandle& grant = *opened;
    fs::create_directory(root + "/mounted/sub");
    const TreeSnapshot before = snapshot_of(root);
    std::string problems;
    for (const OpenMethod method : {OpenMethod::Best, OpenMethod::Walk}) {
        problems +=
            unless(nameOf(make_folder_beneath({grant, "mounted/x"}, method)), "denied", "make") +
            unless(nameOf(move_beneath({grant, "mounted"}, {grant, "x"}, method)), "denied",
                   "move it") +
            unless(nameOf(move_beneath({grant, "mounted/sub"}, {grant, "x"}, method)), "denied",
                   "move out") +
            unless(nameOf(move_beneath({grant, "a.txt"}, {grant, "mounted/a"}, method)), "denied",
                   "move in") +
            unless(nameOf(write_beneath({grant, "mounted/x"}, "x", nullptr, {}, "t", method)),
                   "denied", "write");
    }
    return problems + difference(before, snapshot_of(root));
}

}  // namespace

class ChangeFaultsTest : public QObject {
    Q_OBJECT

private slots:
    void init();

    void aFileChangedInBetweenStays_data();
    void aFileChangedInBetweenStays();
    void hardLinksAreNotWrittenThrough_data() { methods(); }
    void hardLinksAreNotWrittenThrough();
    void aTakenTemporaryNameStays_data() { methods(); }
    void aTakenTemporaryNameStays();
    void whatTheSystemForbidsStays_data() { methods(); }
    void whatTheSystemForbidsStays();
    void nothingGoesToAnotherDisk();
    void nothingChangesWhatIsMountedInside();
    void aFullDiskChangesNothing();
    void aFileThatGetsTooLargeChangesNothing();
    void aRemovedFolderIsNoFolder();

private:
    [[nodiscard]] PlaceBeneath at(const std::string& relative) const {
        return {*m_grant, relative};
    }
    static void methods();

    std::optional<FolderTree> m_tree;
    std::optional<FolderHandle> m_grant;
};

void ChangeFaultsTest::init() {
    m_grant.reset();
    m_tree.emplace();
    m_tree->file("outside/secret.txt", "secret");
    m_tree->file("grant/a.txt", "inside");
    m_tree->folder("grant/mounted");
    auto folder = FolderHandle::open(m_tree->path("grant"));
    QVERIFY(folder);
    m_grant.emplace(std::move(*folder));
}

void ChangeFaultsTest::methods() {
    QTest::addColumn<OpenMethod>("method");
    if (sandbox_layer() == "openat2") QTest::newRow("openat2") << OpenMethod::Best;
    QTest::newRow("component walk") << OpenMethod::Walk;
}

using Meddle = std::function<void(const FolderTree&)>;
Q_DECLARE_METATYPE(Meddle)

void ChangeFaultsTest::aFileChangedInBetweenStays_data() {
    QTest::addColumn<Meddle>("meddle");
    QTest::addColumn<QString>("fault");
    const auto row = [](const char* name, const char* fault, const Meddle& meddle) {
        QTest::newRow(name) << meddle << fault;
    };
    const auto gone = [](const FolderTree& tree) { fs::remove(tree.path("grant/a.txt")); };
    row("longer", "changed", [](const FolderTree& tree) { tree.file("grant/a.txt", "inside!"); });
    row("another time", "changed", [](const FolderTree& tree) {
        fs::last_write_time(tree.path("grant/a.txt"), fs::file_time_type{});
    });
    row("another file", "changed", [](const FolderTree& tree) {
        tree.file("grant/b.txt", "inside");
        fs::last_write_time(tree.path("grant/b.txt"),
                            fs::last_write_time(tree.path("grant/a.txt")));
        fs::rename(tree.path("grant/b.txt"), tree.path("grant/a.txt"));
    });
    row("a folder", "changed", [gone](const FolderTree& tree) {
        gone(tree);
        tree.file("grant/a.txt/x", "deep");
    });
    row("a link out", "changed", [gone](const FolderTree& tree) {
        gone(tree);
        tree.link("grant/a.txt", "../outside/secret.txt");
    });
    row("a link to itself under another name", "changed", [](const FolderTree& tree) {
        fs::rename(tree.path("grant/a.txt"), tree.path("grant/b.txt"));
        tree.link("grant/a.txt", "b.txt");
    });
    row("a pipe", "changed", [gone](const FolderTree& tree) {
        gone(tree);
        QCOMPARE(::mkfifo(tree.path("grant/a.txt").c_str(), 0600), 0);
    });
    row("gone", "changed", gone);
}

void ChangeFaultsTest::aFileChangedInBetweenStays() {
    QFETCH(Meddle, meddle);
    QFETCH(QString, fault);
    const FileFacts old = *facts_beneath(at("a.txt"));
    meddle(*m_tree);
    const TreeSnapshot before = snapshot_of(m_tree->path());
    QCOMPARE(nameOf(write_beneath(at("a.txt"), "new", &old, {}, kTemporary)), fault);
    QCOMPARE(difference(before, snapshot_of(m_tree->path())), std::string());
    const QString removed = before.contains("grant/a.txt") ? fault : "notfound";
    QCOMPARE(nameOf(remove_beneath(at("a.txt"), old, kTemporary)), removed);
    QCOMPARE(difference(before, snapshot_of(m_tree->path())), std::string());
}

void ChangeFaultsTest::hardLinksAreNotWrittenThrough() {
    QFETCH(OpenMethod, method);
    fs::create_hard_link(m_tree->path("outside/secret.txt"), m_tree->path("grant/planted"));
    const TreeSnapshot before = snapshot_of(m_tree->path());
    const FileFacts planted = *facts_beneath(at("planted"), method);
    QCOMPARE(planted.n_name, std::uint64_t{2});
    QCOMPARE(nameOf(write_beneath(at("planted"), "new", &planted, {}, kTemporary, method)),
             "denied");
    QCOMPARE(difference(before, snapshot_of(m_tree->path())), std::string());

    // Planted after it was looked at: only the name in here means the new file then.
    const FileFacts alone = *facts_beneath(at("a.txt"), method);
    fs::create_hard_link(m_tree->path("grant/a.txt"), m_tree->path("outside/late"));
    const TreeSnapshot outside = snapshot_of(m_tree->path("outside"));
    QCOMPARE(nameOf(write_beneath(at("a.txt"), "new", &alone, {}, kTemporary, method)), kMade);
    QCOMPARE(difference(outside, snapshot_of(m_tree->path("outside"))), std::string());
}

void ChangeFaultsTest::aTakenTemporaryNameStays() {
    QFETCH(OpenMethod, method);
    const FileFacts old = *facts_beneath(at("a.txt"), method);
    for (const bool is_link : {false, true}) {
        const std::string taken = std::string("grant/") + kTemporary;
        is_link ? m_tree->link(taken, "../outside/new.txt") : m_tree->file(taken, "somebody's");
        const TreeSnapshot before = snapshot_of(m_tree->path());
        QCOMPARE(nameOf(write_beneath(at("x"), "x", nullptr, {}, kTemporary, method)), "exists");
        QCOMPARE(nameOf(write_beneath(at("a.txt"), "x", &old, {}, kTemporary, method)), "exists");
        QCOMPARE(nameOf(remove_beneath(at("a.txt"), old, kTemporary, method)), "exists");
        QCOMPARE(difference(before, snapshot_of(m_tree->path())), std::string());
        fs::remove(m_tree->path(taken));
    }
}

void ChangeFaultsTest::whatTheSystemForbidsStays() {
    QFETCH(OpenMethod, method);
    m_tree->file("grant/locked/x.txt", "kept");
    m_tree->folder("grant/locked/empty");
    m_tree->folder("grant/open");
    QCOMPARE(::chmod(m_tree->path("grant/locked").c_str(), 0555), 0);
    QCOMPARE(::chmod(m_tree->path("grant/open").c_str(), 0777), 0);
    const TreeSnapshot before = snapshot_of(m_tree->path());
    const FileFacts facts = *facts_beneath(at("locked/x.txt"), method);
    QStringList got;
    {
        const WithoutRoot user;
        if (!user.holds()) QSKIP("root may write everywhere, and cannot be somebody else here");
        got = {nameOf(make_folder_beneath(at("locked/new"), method)),
               nameOf(remove_folder_beneath(at("locked/empty"), method)),
               nameOf(move_beneath(at("locked/x.txt"), at("open/x.txt"), method)),
               nameOf(write_beneath(at("locked/new"), "x", nullptr, {}, kTemporary, method)),
               nameOf(write_beneath(at("locked/x.txt"), "x", &facts, {}, kTemporary, method)),
               nameOf(remove_beneath(at("locked/x.txt"), facts, kTemporary, method)),
               nameOf(make_folder_beneath(at("open/new"), method))};  // it may do that
    }
    const auto unlock = qScopeGuard(
        [&] { ::chmod(m_tree->path("grant/locked").c_str(), 0755); });  // it is removed at the end
    QCOMPARE(got.join(' '), "denied denied denied denied denied denied made");
    fs::remove(m_tree->path("grant/open/new"));
    QCOMPARE(difference(before, snapshot_of(m_tree->path())), std::string());
}

void ChangeFaultsTest::nothingGoesToAnotherDisk() {
    const std::string shared = "/dev/shm/lares-test-" + std::to_string(::getpid());
    std::error_code error;
    if (!fs::create_directory(shared, error)) QSKIP("there is no second file system to write to");
    const auto remove = qScopeGuard([&] { fs::remove_all(shared); });
    const auto other = FolderHandle::open(shared);
    QVERIFY(other);
    if (other->identity().device == m_grant->identity().device)
        QSKIP("temporary files lie on the same file system");
    const TreeSnapshot before = snapshot_of(m_tree->path());
    QCOMPARE(nameOf(move_beneath(at("a.txt"), {*other, "a.txt"})), "otherdisk");
    QCOMPARE(nameOf(move_beneath(at("mounted"), {*other, "folder"})), "otherdisk");
    QCOMPARE(difference(before, snapshot_of(m_tree->path())), std::string());
    QVERIFY(fs::is_empty(shared));
}

void ChangeFaultsTest::nothingChangesWhatIsMountedInside() {
    const auto problem = on_small_disk(m_tree->path("grant/mounted"), 1'000'000, [this] {
        return changeAMountedFolder(m_tree->path("grant"));
    });
    if (!problem) QSKIP("this system does not let the test mount anything");
    QVERIFY2(problem->empty(), problem->c_str());
}

void ChangeFaultsTest::aFullDiskChangesNothing() {
    const std::string root = m_tree->path("grant/mounted");
    const auto problem = on_small_disk(root, 65536, [&root] { return changeAFullDisk(root); });
    if (!problem) QSKIP("this system does not let the test mount anything");
    QVERIFY2(problem->empty(), problem->c_str());
}

void ChangeFaultsTest::aFileThatGetsTooLargeChangesNothing() {
    const TreeSnapshot before = snapshot_of(m_tree->path());
    const FileFacts old = *facts_beneath(at("a.txt"));
    const std::string large(10'000, 'x');
    {
        const FileSizeLimit limit(5000);
        QCOMPARE(nameOf(write_beneath(at("new"), large, nullptr, {}, kTemporary)), "toolarge");
        QCOMPARE(nameOf(write_beneath(at("a.txt"), large, &old, {}, kTemporary)), "toolarge");
    }
    QCOMPARE(difference(before, snapshot_of(m_tree->path())), std::string());
    QCOMPARE(nameOf(write_beneath(at("a.txt"), large, &old, {}, kTemporary)), kMade);
}

void ChangeFaultsTest::aRemovedFolderIsNoFolder() {
    fs::remove_all(m_tree->path("grant"));
    QCOMPARE(nameOf(make_folder_beneath(at("new"))), "nofolder");
    QCOMPARE(nameOf(write_beneath(at("new"), "x", nullptr, {}, kTemporary)), "nofolder");
    QCOMPARE(nameOf(move_beneath(at("a.txt"), at("b.txt"))), "notfound");
}

QTEST_GUILESS_MAIN(ChangeFaultsTest)
#include "tst_change_faults.moc"
