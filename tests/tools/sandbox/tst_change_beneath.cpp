#include "tests/support/folder_tree.h"
#include "tests/support/tree_snapshot.h"
#include "tests/tools/sandbox/change_support.h"

#include <QTest>

#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

using namespace lares;
using namespace lares::test;
namespace fs = std::filesystem;

namespace {

std::string contentOf(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

mode_t modeOf(const std::string& path) {
    struct stat status {};
    return ::lstat(path.c_str(), &status) == 0 ? status.st_mode & 07777 : 0;
}

}  // namespace

class ChangeBeneathTest : public QObject {
    Q_OBJECT

private slots:
    void init();

    void makesMovesWritesAndRemoves_data() { methods(); }
    void makesMovesWritesAndRemoves();
    void refusesEverywhereElse_data();
    void refusesEverywhereElse();
    void aMoveNeverReplaces_data();
    void aMoveNeverReplaces();
    void aFolderStaysOutOfItself_data() { methods(); }
    void aFolderStaysOutOfItself();
    void permissionBitsAreKept_data() { methods(); }
    void permissionBitsAreKept();
    void whatHangsOnAFileIsKept();
    void newThingsFollowTheUsersMask();
    void readsUpToItsLimit_data() { methods(); }
    void readsUpToItsLimit();
    void timesBeforeAndFarBehindOurs();

private:
    [[nodiscard]] PlaceBeneath at(const std::string& relative) const {
        return {*m_grant, relative};
    }
    [[nodiscard]] TreeSnapshot snapshot() const { return snapshot_of(m_tree->path()); }
    static void methods();

    std::optional<FolderTree> m_tree;
    std::optional<FolderHandle> m_grant;
};

void ChangeBeneathTest::init() {
    m_grant.reset();
    m_tree.emplace();
    m_tree->file("outside/secret.txt", "secret");
    m_tree->folder("outside/empty");
    m_tree->file("grant/a.txt", "inside");
    m_tree->file("grant/sub/b.txt", "deeper");
    m_tree->folder("grant/empty");
    m_tree->link("grant/to-a", "a.txt");
    m_tree->link("grant/to-sub", "sub");
    m_tree->link("grant/out", "../outside/secret.txt");
    m_tree->link("grant/out-folder", "../outside");
    m_tree->link("grant/absolute", m_tree->path("outside"));
    m_tree->link("grant/dangling", "../outside/new.txt");
    m_tree->link("grant/magic", "/proc/self/root" + m_tree->path("outside"));
    QCOMPARE(::mkfifo(m_tree->path("grant/pipe").c_str(), 0600), 0);
    QVERIFY(m_tree->socket("grant/socket"));
    if (::geteuid() == 0)
        QCOMPARE(::mknod(m_tree->path("grant/device").c_str(), S_IFCHR | 0666, (1 << 8) | 3), 0);
    auto folder = FolderHandle::open(m_tree->path("grant"));
    QVERIFY(folder);
    m_grant.emplace(std::move(*folder));
}

void ChangeBeneathTest::methods() {
    QTest::addColumn<OpenMethod>("method");
    if (sandbox_layer() == "openat2") QTest::newRow("openat2") << OpenMethod::Best;
    QTest::newRow("component walk") << OpenMethod::Walk;
}

void ChangeBeneathTest::makesMovesWritesAndRemoves() {
    QFETCH(OpenMethod, method);
    const auto path = [this](const char* relative) { return m_tree->path(relative); };
    const ChangeOutcome folder = make_folder_beneath(at("sub/new"), method);
    QCOMPARE(nameOf(folder), kMade);
    QCOMPARE(folder.facts.kind, EntryKind::Folder);
    QVERIFY(fs::is_directory(path("grant/sub/new")));

    const ChangeOutcome moved = move_beneath(at("a.txt"), at("sub/new/c.txt"), method);
    QCOMPARE(nameOf(moved), kMade);
    QCOMPARE(contentOf(path("grant/sub/new/c.txt")), std::string("inside"));
    QVERIFY(!fs::exists(path("grant/a.txt")));
    QCOMPARE(nameOf(move_beneath(at("sub/new"), at("renamed"), method)), kMade);

    const ChangeOutcome written =
        write_beneath(at("renamed/n.txt"), "new", nullptr, {}, kTemporary, method);
    QCOMPARE(nameOf(written), kMade);
    QCOMPARE(written.facts.size_bytes, std::uint64_t{3});
    QVERIFY(written.facts.is_same_content(*facts_beneath(at("renamed/n.txt"), method)));
    const ChangeOutcome replaced = write_beneath(at("renamed/n.txt"), std::string("\0newer", 6),
                                                 &written.facts, {}, kTemporary, method);
    QCOMPARE(nameOf(replaced), kMade);
    QCOMPARE(contentOf(path("grant/renamed/n.txt")), std::string("\0newer", 6));
    QCOMPARE(read_beneath(at("renamed/n.txt"), 100, method).bytes, std::string("\0newer", 6));

    QCOMPARE(nameOf(remove_beneath(at("renamed/n.txt"), replaced.facts, kTemporary, method)),
             kMade);
    QCOMPARE(nameOf(remove_beneath(at("renamed/c.txt"), moved.facts, kTemporary, method)), kMade);
    QCOMPARE(nameOf(remove_folder_beneath(at("renamed"), method)), kMade);
    for (const auto& [name, line] : snapshot()) {
        QVERIFY2(!name.starts_with("grant/renamed") && name.find(".lares") == std::string::npos,
                 name.c_str());
    }
}

void ChangeBeneathTest::refusesEverywhereElse_data() {
    QTest::addColumn<OpenMethod>("method");
    QTest::addColumn<QString>("relative");
    QTest::addColumn<QString>("faults");  // in the order of the test
    const auto row = [](const char* relative, const char* faults) {
        if (sandbox_layer() == "openat2")
            QTest::addRow("openat2: %.20s", relative) << OpenMethod::Best << relative << faults;
        QTest::addRow("walk: %.20s", relative) << OpenMethod::Walk << relative << faults;
    };
    const char* denied = "denied denied denied denied denied denied denied";
    for (const char* path : {"", "..", ".", "../outside/x", "../outside/secret.txt", "./a.txt",
                             "sub/../a.txt", "/a.txt", "a.txt/", "sub//b.txt", "/", "a\nb"})
        row(path, denied);
    // A link in front, wherever it leads.
    for (const char* path :
         {"to-sub/b.txt", "to-sub/x", "out-folder/secret.txt", "out-folder/empty", "out-folder/x",
          "absolute/x", "absolute/secret.txt", "magic/x", "magic/secret.txt", "dangling/x"})
        row(path, denied);
    // A link, pipe, socket or device at the end.
    const char* in_the_way = "exists changed denied exists denied exists changed";
    for (const char* path :
         {"to-a", "to-sub", "out", "out-folder", "dangling", "magic", "pipe", "socket", "device"}) {
        if (QByteArray(path) != "device" || ::geteuid() == 0) row(path, in_the_way);
    }
    const char* no_folder = "nofolder nofolder notfound nofolder notfound nofolder nofolder";
    row("none/x", no_folder);
    row("a.txt/x", no_folder);
    row("pipe/x", no_folder);
    const std::string long_name(256, 'n');
    row(long_name.c_str(),
        "nametoolong nametoolong nametoolong nametoolong nametoolong nametoolong nametoolong");
    row((long_name + "/x").c_str(),
        "nametoolong nametoolong nametoolong nametoolong nametoolong nametoolong nametoolong");
}

void ChangeBeneathTest::refusesEverywhereElse() {
    QFETCH(OpenMethod, method);
    QFETCH(QString, relative);
    QFETCH(QString, faults);
    const PlaceBeneath place = at(relative.toStdString());
    const TreeSnapshot before = snapshot();
    const FileFacts facts = *facts_beneath(at("a.txt"));
    const QStringList got = {
        nameOf(make_folder_beneath(place, method)),
        nameOf(remove_folder_beneath(place, method)),
        nameOf(move_beneath(place, at("moved"), method)),
        nameOf(move_beneath(at("a.txt"), place, method)),
        nameOf(read_beneath(place, 1000, method).fault),
        nameOf(write_beneath(place, "new", nullptr, {}, kTemporary, method)),
        nameOf(remove_beneath(place, facts, kTemporary, method)),
    };
    QCOMPARE(got.join(' '), faults);
    QCOMPARE(difference(before, snapshot()), std::string());
}

void ChangeBeneathTest::aMoveNeverReplaces_data() {
    QTest::addColumn<OpenMethod>("method");
    QTest::addColumn<QString>("from");
    QTest::addColumn<QString>("to");
    for (const char* from : {"a.txt", "sub", "empty"}) {
        for (const char* to : {"a.txt", "sub", "empty", "sub/b.txt", "to-a", "dangling", "pipe"}) {
            if (sandbox_layer() == "openat2")
                QTest::addRow("openat2: %s to %s", from, to) << OpenMethod::Best << from << to;
            QTest::addRow("walk: %s to %s", from, to) << OpenMethod::Walk << from << to;
        }
    }
}

void ChangeBeneathTest::aMoveNeverReplaces() {
    QFETCH(OpenMethod, method);
    QFETCH(QString, from);
    QFETCH(QString, to);
    const TreeSnapshot before = snapshot();
    QCOMPARE(nameOf(move_beneath(at(from.toStdString()), at(to.toStdString()), method)), "exists");
    QCOMPARE(difference(before, snapshot()), std::string());
}

void ChangeBeneathTest::aFolderStaysOutOfItself() {
    QFETCH(OpenMethod, method);
    m_tree->folder("grant/sub/deep/deeper");
    const TreeSnapshot before = snapshot();
    for (const char* to : {"sub/x", "sub/deep/x", "sub/deep/deeper/x"})
        QCOMPARE(nameOf(move_beneath(at("sub"), at(to), method)), "intoitself");
    QCOMPARE(nameOf(move_beneath(at("sub/deep"), at("sub"), method)), "exists");
    QCOMPARE(difference(before, snapshot()), std::string());
}

void ChangeBeneathTest::permissionBitsAreKept() {
    QFETCH(OpenMethod, method);
    for (const mode_t mode : {0600u, 0644u, 0640u, 0755u, 04755u, 06711u, 01644u}) {
        QCOMPARE(::chmod(m_tree->path("grant/a.txt").c_str(), mode), 0);
        const FileFacts old = *facts_beneath(at("a.txt"), method);
        QCOMPARE(nameOf(write_beneath(at("a.txt"), "new", &old,
                                      {old.mode, 1'500'000'000'123'456'789}, kTemporary, method)),
                 kMade);
        QCOMPARE(modeOf(m_tree->path("grant/a.txt")), mode & 0777);
        QCOMPARE(facts_beneath(at("a.txt"), method)->modified_ns, 1'500'000'000'123'456'789);
    }
    const NewFileFacts set_user_id{06755, 0};
    QCOMPARE(nameOf(write_beneath(at("x"), "new", nullptr, set_user_id, kTemporary, method)),
             kMade);
    QCOMPARE(modeOf(m_tree->path("grant/x")), mode_t{0755});
}

void ChangeBeneathTest::whatHangsOnAFileIsKept() {
    const std::string path = m_tree->path("grant/a.txt");
    if (::setxattr(path.c_str(), "user.tag", "blue", 4, 0) != 0)
        QSKIP("this file system keeps no attributes");
    const FileFacts old = *facts_beneath(at("a.txt"));
    QCOMPARE(nameOf(write_beneath(at("a.txt"), "new", &old, {old.mode, {}}, kTemporary)), kMade);
    char value[8] = {};
    QCOMPARE(::getxattr(path.c_str(), "user.tag", value, sizeof value), ssize_t{4});
    QCOMPARE(QByteArray(value), QByteArray("blue"));
}

void ChangeBeneathTest::newThingsFollowTheUsersMask() {
    const mode_t before = ::umask(027);
    const ChangeOutcome folder = make_folder_beneath(at("new"));
    const ChangeOutcome file = write_beneath(at("new/x"), "x", nullptr, {}, kTemporary);
    ::umask(before);
    QCOMPARE(nameOf(folder), kMade);
    QCOMPARE(nameOf(file), kMade);
    QCOMPARE(modeOf(m_tree->path("grant/new")), mode_t{0750});
    QCOMPARE(modeOf(m_tree->path("grant/new/x")), mode_t{0640});
}

void ChangeBeneathTest::readsUpToItsLimit() {
    QFETCH(OpenMethod, method);
    QCOMPARE(read_beneath(at("a.txt"), 6, method).bytes, std::string("inside"));
    QCOMPARE(nameOf(read_beneath(at("a.txt"), 5, method).fault), "toolarge");
    QCOMPARE(nameOf(read_beneath(at("sub"), 1000, method).fault), "denied");
}

/// A file's time is whatever an archive said.
void ChangeBeneathTest::timesBeforeAndFarBehindOurs() {
    for (const time_t seconds : {0L, -1L, -1'000'000'000L, 15'000'000'000L}) {
        const struct timespec times[2] = {{0, UTIME_OMIT}, {seconds, seconds == 0 ? 0 : 250}};
        QCOMPARE(::utimensat(AT_FDCWD, m_tree->path("grant/a.txt").c_str(), times, 0), 0);
        const FileFacts old = *facts_beneath(at("a.txt"));
        const ChangeOutcome written =
            write_beneath(at("a.txt"), "new", &old, {old.mode, old.modified_ns}, kTemporary);
        QCOMPARE(nameOf(written), kMade);
        QCOMPARE(written.facts.modified_ns, old.modified_ns);
    }
}

QTEST_GUILESS_MAIN(ChangeBeneathTest)
#include "tst_change_beneath.moc"
