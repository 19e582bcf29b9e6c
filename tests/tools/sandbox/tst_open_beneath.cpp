#include "tests/support/folder_tree.h"
#include "tools/sandbox/folder_reader.h"
#include "tools/sandbox/path_bounds.h"
#include "tools/sandbox/read_bytes.h"

#include <QTest>

#include <array>
#include <filesystem>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

using namespace lares;
using lares::test::FolderTree;

namespace {

constexpr const char* kNone = "opened";

QString nameOf(const std::optional<OpenFault>& fault) {
    if (!fault) return kNone;
    switch (*fault) {
        case OpenFault::NotFound:
            return "not found";
        case OpenFault::NotAFolder:
            return "not a folder";
        case OpenFault::NotAFile:
            return "not a file";
        case OpenFault::Denied:
            return "denied";
        case OpenFault::Unsupported:
            return "unsupported";
        case OpenFault::Io:
            return "io";
    }
    return {};
}

QString contentOf(const OpenOutcome& opened) {
    std::array<char, 100> buffer{};
    const auto n = read_bytes(opened.handle, buffer);
    return n ? QString::fromUtf8(buffer.data(), static_cast<qsizetype>(*n)) : QString();
}

}  // namespace

Q_DECLARE_METATYPE(lares::OpenMethod)

class OpenBeneathTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        m_tree.file("outside/secret.txt", "secret");
        m_tree.file("grant/a.txt", "inside");
        m_tree.file("grant/sub/b.txt", "deeper");
        m_tree.folder("grant/empty");
        m_tree.link("grant/to-a", "a.txt");
        m_tree.link("grant/sub/up", "../a.txt");
        m_tree.link("grant/to-sub", "sub");
        m_tree.link("grant/out", "../outside/secret.txt");
        m_tree.link("grant/out-folder", "../outside");
        m_tree.link("grant/absolute", m_tree.path("grant/a.txt"));
        m_tree.link("grant/dangling", "nothing");
        m_tree.link("grant/ring", "ring");
        m_tree.link("grant/magic", "/proc/self/root" + m_tree.path("outside/secret.txt"));
        m_tree.link("grant/root", "/");
        QCOMPARE(::mkfifo(m_tree.path("grant/pipe").c_str(), 0600), 0);
        QVERIFY(m_tree.socket("grant/socket"));
        auto folder = FolderHandle::open(m_tree.path("grant"));
        QVERIFY(folder);
        m_grant.emplace(std::move(*folder));
    }

    void opensFiles_data() {
        QTest::addColumn<QString>("relative");
        QTest::addColumn<QString>("best");
        QTest::addColumn<QString>("walk");
        const auto row = [](const char* relative, const char* best, const char* walk) {
            QTest::addRow("%s", relative) << relative << best << walk;
        };
        row("a.txt", kNone, kNone);
        row("sub/b.txt", kNone, kNone);
        row("sub", "not a file", "not a file");
        row("", "not a file", "not a file");
        row("none", "not found", "not found");
        row("none/a.txt", "not found", "not found");
        row("a.txt/x", "not a folder", "not a folder");
        row("pipe", "not a file", "not a file");
        row("socket", "not a file", "not a file");
        // Links that stay inside: followed by the kernel, never by the walk.
        row("to-a", kNone, "denied");
        row("sub/up", kNone, "denied");
        row("to-sub/b.txt", kNone, "denied");
        row("dangling", "not found", "denied");
        // Links that leave.
        for (const char* path : {"out", "out-folder/secret.txt", "absolute", "ring", "magic",
                                 "root/etc/passwd", "root"})
            row(path, "denied", "denied");
        // What no path inside looks like.
        for (const char* path : {"../outside/secret.txt", "..", ".", "./a.txt", "sub/../a.txt",
                                 "/a.txt", "a.txt/", "sub//b.txt", "/", "a\nb", "\x7f"})
            row(path, "denied", "denied");
    }
    void opensFiles() {
        QFETCH(QString, relative);
        QFETCH(QString, best);
        QFETCH(QString, walk);
        const std::string path = relative.toUtf8().toStdString();
        const OpenOutcome opened = open_file_beneath(*m_grant, path);
        if (sandbox_layer() == "openat2") QCOMPARE(nameOf(opened.fault), best);
        if (!opened.fault) QVERIFY(contentOf(opened) != "secret");
        QCOMPARE(nameOf(open_file_beneath(*m_grant, path, OpenMethod::Walk).fault), walk);
    }

    void opensFolders_data() {
        QTest::addColumn<QString>("relative");
        QTest::addColumn<QString>("best");
        const auto row = [](const char* relative, const char* best) {
            QTest::addRow("%s", relative) << relative << best;
        };
        row("", kNone);
        row("sub", kNone);
        row("to-sub", kNone);
        row("a.txt", "not a folder");
        row("pipe", "not a folder");
        row("none", "not found");
        row("out-folder", "denied");
        row("root", "denied");
    }
    void opensFolders() {
        QFETCH(QString, relative);
        QFETCH(QString, best);
        if (sandbox_layer() != "openat2") QSKIP("this kernel has no openat2");
        QCOMPARE(nameOf(open_folder_beneath(*m_grant, relative.toStdString()).fault), best);
    }

    void boundsLengthAndDepth() {
        const std::string deep = QString("a/").repeated(64).toStdString() + "a";
        QCOMPARE(nameOf(open_file_beneath(*m_grant, deep).fault), QString("denied"));
        QCOMPARE(nameOf(open_file_beneath(*m_grant, deep.substr(2)).fault), QString("not found"));
        QCOMPARE(nameOf(open_file_beneath(*m_grant, std::string(5000, 'a')).fault),
                 QString("denied"));
        QCOMPARE(nameOf(open_file_beneath(*m_grant, std::string("a.txt\0x", 7)).fault),
                 QString("denied"));
        QCOMPARE(nameOf(open_file_beneath(*m_grant, "a\xff").fault), QString("denied"));
        QVERIFY(!keeps_path_bounds(""));
    }

    void pseudoFileSystemsAreNoFolders() {
        for (const char* path : {"/proc", "/proc/self", "/sys"}) {
            struct statfs system {};  // a chroot may have an ordinary folder there
            if (::statfs(path, &system) != 0 ||
                (system.f_type != PROC_SUPER_MAGIC && system.f_type != SYSFS_MAGIC))
                continue;
            const auto folder = FolderHandle::open(path);
            QVERIFY(!folder);
            QVERIFY(!folder.error().message.empty());
        }
    }

    void saysWhyAFolderIsNotOpened() {
        QCOMPARE(FolderHandle::open(m_tree.path("none")).error().code, ErrorCode::NotFound);
        QCOMPARE(FolderHandle::open(m_tree.path("grant/a.txt")).error().code,
                 ErrorCode::InvalidArgument);
        QCOMPARE(FolderHandle::open("relative").error().code, ErrorCode::InvalidArgument);
        QCOMPARE(FolderHandle::open("").error().code, ErrorCode::InvalidArgument);
    }

    void aHandleMeansItsFolderWhateverItsName() {
        const FolderTree tree;
        tree.file("one/x.txt", "first");
        tree.file("other/x.txt", "second");
        const auto handle = FolderHandle::open(tree.path("one"));
        QVERIFY(handle);
        std::filesystem::rename(tree.path("one"), tree.path("moved"));
        tree.link("one", "other");
        QCOMPARE(contentOf(open_file_beneath(*handle, "x.txt")), QString("first"));
        QVERIFY(!handle->is_removed());
        std::filesystem::remove_all(tree.path("moved"));
        QVERIFY(handle->is_removed());
    }

    void readsEveryEntryOnce() {
        OpenOutcome opened = open_folder_beneath(*m_grant, "sub");
        FolderReader reader(std::move(opened.handle));
        QStringList names;
        while (const auto entry = reader.next()) names.append(QString::fromStdString(entry->name));
        names.sort();
        QCOMPARE(names.join(' '), QString("b.txt up"));
        QVERIFY(!reader.failed());
    }

    void looksBehindLinksThatStayInside() {
        if (sandbox_layer() != "openat2") QSKIP("this kernel has no openat2");
        QCOMPARE(status_beneath(*m_grant, "to-a")->kind, EntryKind::File);
        QCOMPARE(status_beneath(*m_grant, "to-a")->size_bytes, std::uint64_t{6});
        QCOMPARE(status_beneath(*m_grant, "to-sub")->kind, EntryKind::Folder);
        QCOMPARE(status_beneath(*m_grant, "out")->kind, EntryKind::Link);
        QCOMPARE(status_beneath(*m_grant, "to-a", OpenMethod::Walk)->kind, EntryKind::Link);
        QCOMPARE(status_beneath(*m_grant, "pipe")->kind, EntryKind::Other);
    }

private:
    FolderTree m_tree;
    std::optional<FolderHandle> m_grant;
};

QTEST_GUILESS_MAIN(OpenBeneathTest)
#include "tst_open_beneath.moc"
