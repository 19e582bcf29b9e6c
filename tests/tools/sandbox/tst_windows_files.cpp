#include "tests/support/folder_tree.h"
#include "tests/tools/sandbox/change_support.h"
#include "tests/tools/sandbox/windows_links.h"
#include "tools/sandbox/folder_reader.h"
#include "tools/sandbox/read_bytes.h"
#include "tools/sandbox/real_path.h"

#include <QTest>

#include <algorithm>
#include <array>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <thread>
#include <windows.h>

using namespace lares;
using namespace lares::test;
namespace fs = std::filesystem;

namespace {

std::string content_of(const OpenOutcome& opened) {
    std::array<char, 100> buffer{};
    const auto n = read_bytes(opened.handle, buffer);
    return n ? std::string(buffer.data(), *n) : "(failed)";
}

std::string content_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::string name_of(const std::optional<OpenFault>& fault) {
    constexpr std::array kNames = {"not found", "not a folder", "not a file",
                                   "denied",    "unsupported",  "io"};
    return fault ? kNames.at(static_cast<std::size_t>(*fault)) : "opened";
}

/// Every name below a folder with what is in it: nothing else may change.
std::set<std::string> everything_in(const std::string& folder) {
    std::set<std::string> all;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        const std::string name = entry.path().string();
        all.insert(name + ": " + (entry.is_directory() ? "" : content_of(name)));
    }
    return all;
}

/// A name until it goes out of scope, kept open as another program would.
class OpenElsewhere {
public:
    OpenElsewhere(const std::string& path, DWORD access, DWORD share)
        : m_handle(::CreateFileA(path.c_str(),
                                 access,
                                 share,
                                 nullptr,
                                 OPEN_EXISTING,
                                 FILE_FLAG_BACKUP_SEMANTICS,
                                 nullptr)) {}
    ~OpenElsewhere() { ::CloseHandle(m_handle); }
    OpenElsewhere(const OpenElsewhere&) = delete;
    OpenElsewhere& operator=(const OpenElsewhere&) = delete;

private:
    HANDLE m_handle;
};

}  // namespace

/// The sandbox for files on Windows: class I of the security design, with what the other classes
/// have there.
class WindowsFilesTest : public QObject {
    Q_OBJECT

private slots:
    void init() {
        m_grant.reset();
        m_tree.emplace();
        m_tree->file("outside/secret.txt", "secret");
        m_tree->file("grant/a.txt", "inside");
        m_tree->file("grant/sub/b.txt", "deeper");
        m_tree->file("grant/a rather long name.text", "long");
        m_tree->folder("grant/empty");
        auto folder = FolderHandle::open(m_tree->path("grant"));
        QVERIFY2(folder, folder ? "" : folder.error().message.c_str());
        m_grant.emplace(std::move(*folder));
    }

    void foldersAreNamedAsPeopleDo() {
        QCOMPARE(m_grant->path(), m_tree->path("grant"));
        std::string back = m_tree->path("grant") + "/";
        std::replace(back.begin(), back.end(), '/', '\\');
        std::string lower = m_tree->path("grant/SUB/../.");
        lower[0] = static_cast<char>(lower[0] - 'A' + 'a');
        for (const std::string& path : {back, lower, m_tree->path("GRANT")}) {
            const auto same = FolderHandle::open(path);
            QVERIFY2(same, path.c_str());
            QCOMPARE(same->path(), m_grant->path());  // as it is written on the disk
            QVERIFY(same->identity() == m_grant->identity());
        }
        QCOMPARE(*real_path(m_tree->path("grant/A.TXT")), m_tree->path("grant/a.txt"));
    }
    void whatIsNoFolderOnADriveIsRefused_data() {
        QTest::addColumn<QString>("path");
        for (const char* path : {"", "relative", R"(\\server\share)", R"(\\localhost\C$\Windows)",
                                 R"(\\?\C:\)", R"(\\.\C:)", R"(\\.\PhysicalDrive0)", R"(\??\C:\)",
                                 R"(\windows)", "/windows", "C:", "C:windows", R"(C:\windows\nul)",
                                 R"(C:\con)", R"(C:\windows.)", R"(C:\windows:x)"})
            QTest::newRow(path) << QString(path);
    }
    void whatIsNoFolderOnADriveIsRefused() {
        QFETCH(QString, path);
        const auto folder = FolderHandle::open(path.toStdString());
        QVERIFY(!folder);
        QCOMPARE(folder.error().code, ErrorCode::InvalidArgument);
        QVERIFY(!identity_of(path.toStdString()));
        QVERIFY(!real_path(path.toStdString()));
    }
    void saysWhyAFolderIsNotOpened() {
        QCOMPARE(FolderHandle::open(m_tree->path("none")).error().code, ErrorCode::NotFound);
        QCOMPARE(FolderHandle::open(m_tree->path("none/x")).error().code, ErrorCode::NotFound);
        QCOMPARE(FolderHandle::open(m_tree->path("grant/a.txt")).error().code,
                 ErrorCode::InvalidArgument);
    }
    void aHandleMeansItsFolderWhateverItsName() {
        fs::rename(m_tree->path("grant"), m_tree->path("moved"));
        m_tree->file("grant/a.txt", "another's");
        QCOMPARE(content_of(open_file_beneath(*m_grant, "a.txt")), std::string("inside"));
        QVERIFY(!m_grant->is_removed());
        fs::remove_all(m_tree->path("moved"));
        if (is_wine()) QSKIP("Wine removes a folder when its last handle goes, and says nothing");
        QVERIFY(m_grant->is_removed());
    }

    void opensFiles_data() {
        QTest::addColumn<QString>("relative");
        QTest::addColumn<QString>("fault");
        const auto row = [](const char* relative, const char* fault) {
            QTest::newRow(relative) << QString(relative) << QString(fault);
        };
        row("a.txt", "opened");
        row("A.TXT", "opened");
        row("sub/b.txt", "opened");
        row("SUB/B.txt", "opened");
        row("sub", "not a file");
        row("", "not a file");
        row("none", "not found");
        row("none/a.txt", "not found");
        row("a.txt/x", "not a folder");
        for (const char* path : {"../outside/secret.txt",
                                 "..",
                                 ".",
                                 "./a.txt",
                                 "sub/../a.txt",
                                 "/a.txt",
                                 "a.txt/",
                                 "sub//b.txt",
                                 "..\\outside\\secret.txt",
                                 "sub\\b.txt",
                                 "a.txt::$DATA",
                                 "a.txt:s",
                                 "sub::$INDEX_ALLOCATION/b.txt",
                                 "a.txt.",
                                 "a.txt ",
                                 "sub./b.txt",
                                 "nul",
                                 "sub/nul",
                                 "sub/con.txt",
                                 "aux/x",
                                 "ARATHE~1.TEX",
                                 "C:",
                                 "C:/Windows/win.ini",
                                 "a*",
                                 "a?txt",
                                 "a\nb"})
            row(path, "denied");
    }
    void opensFiles() {
        QFETCH(QString, relative);
        QFETCH(QString, fault);
        const std::string path = relative.toStdString();
        QCOMPARE(name_of(open_file_beneath(*m_grant, path).fault), fault.toStdString());
        if (fault == "opened" || fault == "not found" || path.empty()) return;
        const std::set<std::string> before = everything_in(m_tree->path());
        const PlaceBeneath place{*m_grant, path};
        QVERIFY(make_folder_beneath(place).fault);
        QVERIFY(write_beneath(place, "x", nullptr, {}, kTemporary).fault);
        QVERIFY(move_beneath({*m_grant, "a.txt"}, place).fault);
        QVERIFY(before == everything_in(m_tree->path()));
    }
    void aShortNameIsNoNameOfAFile() {
        const std::string name = short_name_of(m_tree->path("grant/a rather long name.text"));
        if (name.empty()) QSKIP("this disk gives no short names");
        QCOMPARE(content_of(m_tree->path("grant/" + name)), std::string("long"));  // it is one
        QCOMPARE(name_of(open_file_beneath(*m_grant, name).fault), std::string("denied"));
        QVERIFY(!facts_beneath({*m_grant, name}));
        QCOMPARE(nameOf(read_beneath({*m_grant, name}, 100).fault), QString("denied"));
        QCOMPARE(nameOf(move_beneath({*m_grant, name}, {*m_grant, "x"})), QString("denied"));
        QVERIFY(write_beneath({*m_grant, name}, "x", nullptr, {}, kTemporary).fault);
        QCOMPARE(content_of(m_tree->path("grant/a rather long name.text")), std::string("long"));
    }

    void readsEveryEntryOnce() {
        std::set<std::string> wanted;
        for (int i = 0; i < 700; ++i) {  // more than are read at once
            const std::string name = "file with a name of some length " + std::to_string(i);
            m_tree->file("grant/many/" + name);
            wanted.insert(name);
        }
        m_tree->folder("grant/many/\u00e4 folder");
        wanted.insert("\u00e4 folder");
        FolderReader reader(open_folder_beneath(*m_grant, "many").handle);
        std::set<std::string> names;
        while (const auto entry = reader.next()) {
            QVERIFY2(names.insert(entry->name).second, entry->name.c_str());
            QCOMPARE(entry->kind,
                     entry->name.starts_with("file") ? EntryKind::File : EntryKind::Folder);
        }
        QVERIFY(!reader.failed());
        QVERIFY(names == wanted);
        FolderReader empty(open_folder_beneath(*m_grant, "empty").handle);
        QVERIFY(!empty.next() && !empty.failed());
        QCOMPARE(status_beneath(*m_grant, "a.txt")->size_bytes, std::uint64_t{6});
        QCOMPARE(status_beneath(*m_grant, "sub")->kind, EntryKind::Folder);
        QVERIFY(!status_beneath(*m_grant, "none"));
    }

    void linksAreNotFollowed_data() {
        QTest::addColumn<QString>("kind");
        for (const char* kind : {"junction", "symbolic link", "link that Wine follows"})
            QTest::newRow(kind) << QString(kind);
    }
    void linksAreNotFollowed() {
        QFETCH(QString, kind);
        const bool is_junction = kind == "junction";
        const bool is_of_wine = kind.startsWith("link that");
        const std::string link = m_tree->path("grant/link");
        const std::string file_link = m_tree->path("grant/file-link");
        const std::string outside = m_tree->path("outside");
        const bool has_folder_link = is_junction  ? make_junction(link, outside)
                                     : is_of_wine ? make_unix_link(link, outside)
                                                  : false;
        const bool has_file_link =
            is_of_wine ? make_unix_link(file_link, outside + "/secret.txt")
                       : !is_junction && make_symbolic_link(file_link, outside + "/secret.txt");
        if (!has_folder_link && !has_file_link) QSKIP("this system cannot make one");
        const std::set<std::string> before = everything_in(outside);
        if (has_folder_link) {
            QCOMPARE(content_of(link + "/secret.txt"), std::string("secret"));  // it is one
            QCOMPARE(name_of(open_file_beneath(*m_grant, "link/secret.txt").fault),
                     std::string("denied"));
            QCOMPARE(name_of(open_folder_beneath(*m_grant, "link").fault), std::string("denied"));
            QCOMPARE(status_beneath(*m_grant, "link")->kind, EntryKind::Link);
            QVERIFY(!facts_beneath({*m_grant, "link/secret.txt"}));
            const PlaceBeneath place{*m_grant, "link/x"};
            QCOMPARE(nameOf(make_folder_beneath(place)), QString("denied"));
            QCOMPARE(nameOf(write_beneath(place, "x", nullptr, {}, kTemporary)), QString("denied"));
            QCOMPARE(nameOf(move_beneath({*m_grant, "a.txt"}, place)), QString("denied"));
            QCOMPARE(nameOf(move_beneath({*m_grant, "link/secret.txt"}, {*m_grant, "x"})),
                     QString("denied"));
            QCOMPARE(nameOf(move_beneath({*m_grant, "link"}, {*m_grant, "x"})), QString("denied"));
            QVERIFY(remove_folder_beneath({*m_grant, "link"}).fault);
        }
        if (has_file_link) {
            const PlaceBeneath place{*m_grant, "file-link"};
            QCOMPARE(name_of(open_file_beneath(*m_grant, "file-link").fault),
                     std::string(is_of_wine ? "denied" : "not a file"));
            QVERIFY(read_beneath(place, 100).fault);
            QVERIFY(write_beneath(place, "x", nullptr, {}, kTemporary).fault);
        }
        QVERIFY(before == everything_in(outside));
        QVERIFY(!fs::exists(m_tree->path("grant/x")));
    }

    void makesMovesWritesAndRemoves() {
        const ChangeOutcome folder = make_folder_beneath(at("sub/new"));
        QCOMPARE(nameOf(folder), QString(kMade));
        QCOMPARE(folder.facts.kind, EntryKind::Folder);
        const ChangeOutcome moved = move_beneath(at("a.txt"), at("sub/new/c.txt"));
        QCOMPARE(nameOf(moved), QString(kMade));
        QCOMPARE(content_of(m_tree->path("grant/sub/new/c.txt")), std::string("inside"));
        QCOMPARE(nameOf(move_beneath(at("sub/new"), at("renamed"))), QString(kMade));
        const ChangeOutcome written =
            write_beneath(at("renamed/n.txt"), "new", nullptr, {}, kTemporary);
        QCOMPARE(nameOf(written), QString(kMade));
        QVERIFY(written.facts.is_same_content(*facts_beneath(at("renamed/n.txt"))));
        const ChangeOutcome replaced = write_beneath(at("renamed/n.txt"), std::string("\0newer", 6),
                                                     &written.facts, {}, kTemporary);
        QCOMPARE(nameOf(replaced), QString(kMade));
        QCOMPARE(read_beneath(at("renamed/n.txt"), 100).bytes, std::string("\0newer", 6));
        QCOMPARE(nameOf(remove_folder_beneath(at("renamed"))), QString("notempty"));
        QCOMPARE(nameOf(remove_beneath(at("renamed/n.txt"), replaced.facts, kTemporary)),
                 QString(kMade));
        QCOMPARE(nameOf(remove_beneath(at("renamed/c.txt"), moved.facts, kTemporary)),
                 QString(kMade));
        QCOMPARE(nameOf(remove_folder_beneath(at("renamed"))), QString(kMade));
        QVERIFY(!fs::exists(m_tree->path("grant/renamed")));
        for (const std::string& line : everything_in(m_tree->path()))
            QVERIFY2(line.find(kTemporary) == std::string::npos, line.c_str());
    }
    void aMoveNeverReplaces_data() {
        QTest::addColumn<QString>("from");
        QTest::addColumn<QString>("to");
        for (const char* from : {"a.txt", "sub", "empty"})
            for (const char* to : {"a.txt", "sub", "empty", "sub/b.txt", "SUB/B.TXT"})
                QTest::addRow("%s to %s", from, to) << QString(from) << QString(to);
    }
    void aMoveNeverReplaces() {
        QFETCH(QString, from);
        QFETCH(QString, to);
        const std::set<std::string> before = everything_in(m_tree->path());
        QCOMPARE(nameOf(move_beneath(at(from.toStdString()), at(to.toStdString()))),
                 QString("exists"));
        QVERIFY(before == everything_in(m_tree->path()));
    }
    void aNameMayChangeItsCase() {
        QCOMPARE(nameOf(move_beneath(at("a.txt"), at("A.txt"))), QString(kMade));
        QCOMPARE(content_of(m_tree->path("grant/A.txt")), std::string("inside"));
        QCOMPARE(nameOf(write_beneath(at("A.TXT"), "x", nullptr, {}, kTemporary)),
                 QString("exists"));
        QCOMPARE(nameOf(make_folder_beneath(at("SUB"))), QString("exists"));
    }
    void aFolderStaysOutOfItself() {
        m_tree->folder("grant/sub/deep/deeper");
        const std::set<std::string> before = everything_in(m_tree->path());
        for (const char* to : {"sub/x", "SUB/deep/x", "sub/deep/deeper/x"})
            QCOMPARE(nameOf(move_beneath(at("sub"), at(to))), QString("intoitself"));
        QVERIFY(before == everything_in(m_tree->path()));
    }
    void onlyWhatWasLookedAtIsReplacedOrRemoved() {
        const FileFacts old = *facts_beneath(at("a.txt"));
        m_tree->file("grant/a.txt", "somebody's newer text");
        QCOMPARE(nameOf(write_beneath(at("a.txt"), "x", &old, {}, kTemporary)), QString("changed"));
        QCOMPARE(nameOf(remove_beneath(at("a.txt"), old, kTemporary)), QString("changed"));
        fs::remove(m_tree->path("grant/a.txt"));
        QCOMPARE(nameOf(write_beneath(at("a.txt"), "x", &old, {}, kTemporary)), QString("changed"));
        QCOMPARE(nameOf(remove_beneath(at("a.txt"), old, kTemporary)), QString("notfound"));
        m_tree->folder("grant/a.txt");
        QCOMPARE(nameOf(write_beneath(at("a.txt"), "x", &old, {}, kTemporary)), QString("changed"));
        QCOMPARE(nameOf(remove_folder_beneath(at("sub/b.txt"))), QString("changed"));
        QVERIFY(!fs::exists(m_tree->path("grant/" + std::string(kTemporary))));
    }
    void aFileWithASecondNameIsNotWritten() {
        QVERIFY(make_hard_link(m_tree->path("grant/trap.txt"), m_tree->path("outside/secret.txt")));
        const FileFacts facts = *facts_beneath(at("trap.txt"));
        QCOMPARE(facts.n_name, std::uint64_t{2});
        QCOMPARE(nameOf(write_beneath(at("trap.txt"), "x", &facts, {}, kTemporary)),
                 QString("denied"));
        FileFacts forged = facts;  // the second name came after somebody looked
        forged.n_name = 1;
        QCOMPARE(nameOf(write_beneath(at("trap.txt"), "x", &forged, {}, kTemporary)),
                 QString("changed"));
        QCOMPARE(content_of(m_tree->path("outside/secret.txt")), std::string("secret"));
    }
    void whatAnotherProgramHasOpenIsLeftAlone() {
        const FileFacts facts = *facts_beneath(at("a.txt"));
        const std::string path = m_tree->path("grant/a.txt");
        {
            const OpenElsewhere exclusive(path, GENERIC_READ | GENERIC_WRITE, 0);
            QCOMPARE(name_of(open_file_beneath(*m_grant, "a.txt").fault), std::string("denied"));
            QCOMPARE(nameOf(write_beneath(at("a.txt"), "x", &facts, {}, kTemporary)),
                     QString("denied"));
            QCOMPARE(nameOf(move_beneath(at("a.txt"), at("x"))), QString("denied"));
            QCOMPARE(nameOf(remove_beneath(at("a.txt"), facts, kTemporary)), QString("denied"));
        }
        {
            const OpenElsewhere writer(path, GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE);
            QCOMPARE(nameOf(write_beneath(at("a.txt"), "x", &facts, {}, kTemporary)),
                     QString("denied"));
        }
        QCOMPARE(content_of(path), std::string("inside"));
        QVERIFY(!fs::exists(m_tree->path("grant/" + std::string(kTemporary))));
        QCOMPARE(nameOf(write_beneath(at("a.txt"), "x", &facts, {}, kTemporary)), QString(kMade));
    }
    void timesAndProtectionAreKept() {
        constexpr std::int64_t kTime = 1'500'000'000'123'456'700;
        FileFacts old = *facts_beneath(at("a.txt"));
        for (const std::int64_t time : {kTime, std::int64_t{-1'000'000'000'000'000'000}}) {
            const ChangeOutcome written =
                write_beneath(at("a.txt"), "new", &old, {old.mode, time}, kTemporary);
            QCOMPARE(nameOf(written), QString(kMade));
            QCOMPARE(facts_beneath(at("a.txt"))->modified_ns, time);
            old = written.facts;
        }
        QCOMPARE(old.mode, 0666U);
        QVERIFY(!old.is_executable());
        QCOMPARE(nameOf(write_beneath(at("r.txt"), "r", nullptr, {0444, {}}, kTemporary)),
                 QString(kMade));
        QCOMPARE(facts_beneath(at("r.txt"))->mode, 0444U);
        const DWORD attributes = ::GetFileAttributesA(m_tree->path("grant/r.txt").c_str());
        QVERIFY((attributes & FILE_ATTRIBUTE_READONLY) != 0);
        ::SetFileAttributesA(m_tree->path("grant/r.txt").c_str(), FILE_ATTRIBUTE_NORMAL);
    }
    void readsUpToItsLimit() {
        QCOMPARE(read_beneath(at("a.txt"), 6).bytes, std::string("inside"));
        QCOMPARE(nameOf(read_beneath(at("a.txt"), 5).fault), QString("toolarge"));
        QCOMPARE(nameOf(read_beneath(at("sub"), 100).fault), QString("denied"));
        QCOMPARE(nameOf(read_beneath(at("none/x"), 100).fault), QString("notfound"));
    }
    void namesMayBeLong() {
        QCOMPARE(nameOf(make_folder_beneath(at(std::string(256, 'n')))), QString("nametoolong"));
        const std::string name(200, 'n');
        QCOMPARE(nameOf(make_folder_beneath(at(name))), QString(kMade));
        QCOMPARE(nameOf(make_folder_beneath(at(name + "/" + name))), QString(kMade));
        const std::string file = name + "/" + name + "/x.txt";
        if (is_wine()) QSKIP("Wine 8 says where a file is only up to 260 letters");
        QCOMPARE(nameOf(write_beneath(at(file), "far", nullptr, {}, kTemporary)), QString(kMade));
        QCOMPARE(content_of(open_file_beneath(*m_grant, file)), std::string("far"));
    }

    /// A thread puts a link, or nothing, under a name that is opened all the time. Not a link of
    /// Wine's: there a folder's handle is its path once more, and such a race is not ours to win.
    void nothingOutsideIsReadWhileFoldersAreSwapped() {
        const std::string place = m_tree->path("grant/swap");
        m_tree->file("grant/swap/x.txt", "inside");
        const std::string aside = m_tree->path("outside/aside");
        const std::string link = m_tree->path("outside/link");
        m_tree->file("outside/target/x.txt", "secret");
        const std::string target = m_tree->path("outside/target");
        const bool has_link = make_junction(link, target);
        std::atomic<bool> is_over = false;
        std::thread swapper([&] {
            std::error_code error;
            while (!is_over) {
                fs::rename(place, aside, error);
                if (has_link) {
                    fs::rename(link, place, error);
                    fs::rename(place, link, error);
                }
                fs::rename(aside, place, error);
            }
        });
        int n_read = 0;
        std::string escaped;
        for (int i = 0; i < 2000 || (n_read == 0 && i < 100'000); ++i) {
            const OpenOutcome opened = open_file_beneath(*m_grant, "swap/x.txt");
            if (!opened.fault && content_of(opened) != "inside") escaped = "read";
            if (!opened.fault) ++n_read;
            (void)write_beneath(at("swap/new.txt"), "x", nullptr, {}, kTemporary);
            if (fs::exists(target + "/new.txt")) escaped = "written";
        }
        is_over = true;
        swapper.join();
        QCOMPARE(escaped, std::string());
        QVERIFY(n_read > 0);
    }

private:
    [[nodiscard]] PlaceBeneath at(const std::string& relative) const {
        return {*m_grant, relative};
    }

    std::optional<FolderTree> m_tree;
    std::optional<FolderHandle> m_grant;
};

QTEST_GUILESS_MAIN(WindowsFilesTest)
#include "tst_windows_files.moc"
