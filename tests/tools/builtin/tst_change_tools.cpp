#include "tests/support/folder_tree.h"
#include "tests/support/small_disk.h"
#include "tests/support/tree_snapshot.h"
#include "tools/builtin/make_folder/make_folder.h"
#include "tools/builtin/move/move.h"
#include "tools/builtin/write_file/write_file.h"

#include <QTest>

#include <filesystem>
#include <functional>
#include <map>
#include <set>
#include <sys/stat.h>

using namespace lares;
using namespace lares::test;
namespace fs = std::filesystem;

namespace {

/// Remembers what became of each change.
class NotedLog final : public ChangeLog {
public:
    Result<ChangeId> begin(const FileChange& change, std::string_view replaced_bytes) override {
        if (fails) return Error{ErrorCode::Io, "the disk is full"};
        if (meanwhile) meanwhile();
        change_of[++m_last] = change;
        became[m_last] = "begun";
        bytes = replaced_bytes;
        return m_last;
    }
    void done(ChangeId id) override { became[id] = "done"; }
    void drop(ChangeId id) override { became[id] = "dropped"; }

    bool fails = false;
    std::function<void()> meanwhile;  ///< what somebody does before the change is made
    std::map<ChangeId, std::string> became;
    std::map<ChangeId, FileChange> change_of;
    std::string bytes;

private:
    ChangeId m_last = 0;
};

}  // namespace

class ChangeToolsTest : public QObject {
    Q_OBJECT

private slots:
    void init();

    void saysWhatWasDone_data();
    void saysWhatWasDone();
    void saysWhyNot_data();
    void saysWhyNot();
    void saysWhatSomebodyElseDid_data();
    void saysWhatSomebodyElseDid();
    void saysThatTheDiskIsFull();
    void namesEachFault_data();
    void namesEachFault();
    void notesWhatItTakesToUndo();
    void missingFoldersAreChangesOfTheirOwn();
    void foldersThatWereMadeStayBesideAnError();
    void onlyWhoAskedReplacesAProgram();
    void withoutItsNoteNothingIsChanged();
    void foldersOfPathsAsCalled_data();
    void foldersOfPathsAsCalled();
    void temporaryNamesDiffer();

private:
    [[nodiscard]] ChangeTools tools() { return {m_log, "chat", "turn"}; }
    /// The granted folder is called ~/Documents here.
    [[nodiscard]] ToolPath at(const std::string& relative) const {
        return {*m_grant, relative, "~/Documents/" + relative};
    }
    /// "make_folder PATH", "move SOURCE to DESTINATION", "write_file PATH": with 23 bytes.
    [[nodiscard]] ToolText call(const QString& line, Replacing replacing = Replacing::PlainFile);
    [[nodiscard]] TreeSnapshot snapshot() const { return snapshot_of(m_tree->path()); }

    std::optional<FolderTree> m_tree;
    std::optional<FolderHandle> m_grant;
    NotedLog m_log;
};

void ChangeToolsTest::init() {
    m_log = NotedLog();
    m_grant.reset();
    m_tree.emplace();
    m_tree->file("outside/secret.txt", "secret");
    m_tree->file("grant/notes.txt", "the old bytes");
    m_tree->file("grant/run.sh", "#!/bin/sh");
    fs::permissions(m_tree->path("grant/run.sh"), fs::perms{0750});
    m_tree->file("grant/sub/deep.txt", "deep");
    m_tree->folder("grant/empty");
    m_tree->link("grant/link", "notes.txt");
    m_tree->link("grant/out", "../outside");
    m_tree->link("grant/dangling", "../outside/new.txt");
    QCOMPARE(::mkfifo(m_tree->path("grant/pipe").c_str(), 0600), 0);
    fs::create_hard_link(m_tree->path("outside/secret.txt"), m_tree->path("grant/planted.txt"));
    auto folder = FolderHandle::open(m_tree->path("grant"));
    QVERIFY(folder);
    m_grant.emplace(std::move(*folder));
}

ToolText ChangeToolsTest::call(const QString& line, Replacing replacing) {
    const std::string rest = line.section(' ', 1).toStdString();
    if (line.startsWith("make_folder")) return make_folder(at(rest), tools());
    if (line.startsWith("write_file"))
        return write_file(at(rest), "23 bytes, \u00e4 is two of them", replacing, tools());
    const std::size_t to = rest.find(" to ");
    return move(at(rest.substr(0, to)), at(rest.substr(to + 4)), tools());
}

void ChangeToolsTest::saysWhatWasDone_data() {
    QTest::addColumn<QString>("line");
    QTest::addColumn<QString>("result");
    QTest::addColumn<QString>("detail");
    const auto row = [](const char* line, const char* result, const char* detail) {
        QTest::newRow(line) << line << result << detail;
    };
    row("make_folder new", "created folder ~/Documents/new", "Made the folder new");
    row("make_folder sub/a/b", "created folder ~/Documents/sub/a/b", "Made the folder b");
    row("move notes.txt to new.txt", "moved ~/Documents/notes.txt to ~/Documents/new.txt",
        "Renamed notes.txt to new.txt");
    row("move notes.txt to sub/notes.txt",
        "moved ~/Documents/notes.txt to ~/Documents/sub/notes.txt", "Moved notes.txt to sub");
    row("move sub to empty/new", "moved ~/Documents/sub to ~/Documents/empty/new",
        "Moved sub to empty/new");
    row("move sub/deep.txt to deep.txt", "moved ~/Documents/sub/deep.txt to ~/Documents/deep.txt",
        "Moved deep.txt to grant");
    row("move run.sh to run", "moved ~/Documents/run.sh to ~/Documents/run",
        "Renamed run.sh to run");
    row("write_file new.txt", "wrote 27 bytes to ~/Documents/new.txt", "Wrote new.txt (27 B)");
    row("write_file notes.txt", "wrote 27 bytes to ~/Documents/notes.txt",
        "Replaced notes.txt (27 B)");
}

void ChangeToolsTest::saysWhatWasDone() {
    QFETCH(QString, line);
    QFETCH(QString, result);
    QFETCH(QString, detail);
    const ToolText text = call(line);
    QCOMPARE(QString::fromStdString(text.result), result);
    QCOMPARE(QString::fromStdString(text.detail), detail);
    QVERIFY(!text.is_error && !text.changes.empty());
    for (const auto& [id, became] : m_log.became) QCOMPARE(became, std::string("done"));
    QCOMPARE(text.changes.size(), m_log.became.size());
}

void ChangeToolsTest::saysWhyNot_data() {
    QTest::addColumn<QString>("line");
    QTest::addColumn<QString>("error");
    const auto row = [](const std::string& line, const std::string& error) {
        QTest::addRow("%.60s", line.c_str())
            << QString::fromStdString(line) << QString::fromStdString("error: " + error);
    };
    const std::string long_name(256, 'n');
    for (const char* name : {"notes.txt", "sub", "sub/deep.txt", "link", "dangling", "pipe", ""})
        row(std::string("make_folder ") + name, std::string("already exists: ~/Documents/") + name);
    row("make_folder notes.txt/new", "not a folder: ~/Documents/notes.txt");
    row("make_folder notes.txt/a/b", "not a folder: ~/Documents/notes.txt");
    row("make_folder link/new", "permission denied: ~/Documents/link/new");
    row("make_folder out/new", "permission denied: ~/Documents/out/new");
    row("make_folder pipe/new", "permission denied: ~/Documents/pipe/new");
    row("make_folder " + long_name, "name too long: ~/Documents/" + long_name);

    row("move none to new", "no such file: ~/Documents/none");
    row("move none/x to new", "no such file: ~/Documents/none/x");
    row("move notes.txt to none/x", "no such folder: ~/Documents/none");
    row("move notes.txt to sub/none/x", "no such folder: ~/Documents/sub/none");
    row("move notes.txt to run.sh/x", "no such folder: ~/Documents/run.sh");
    for (const char* taken : {"notes.txt", "run.sh", "sub", "empty", "link", "dangling", "pipe"})
        row(std::string("move notes.txt to ") + taken,
            std::string("already exists: ~/Documents/") + taken);
    row("move sub to sub/new", "a folder cannot go into itself: ~/Documents/sub/new");
    row("move link to new", "permission denied: ~/Documents/link");
    row("move dangling to new", "permission denied: ~/Documents/dangling");
    row("move pipe to new", "permission denied: ~/Documents/pipe");
    row("move notes.txt to " + long_name, "name too long: ~/Documents/" + long_name);

    row("write_file sub", "already exists: ~/Documents/sub");
    row("write_file none/new.txt", "no such folder: ~/Documents/none");
    row("write_file notes.txt/new.txt", "no such folder: ~/Documents/notes.txt");
    for (const char* path :
         {"link", "dangling", "pipe", "planted.txt", "run.sh", "out/new.txt", "out/secret.txt"})
        row(std::string("write_file ") + path,
            std::string("permission denied: ~/Documents/") + path);
    row("write_file large.bin", "file too large: ~/Documents/large.bin (16 MB at most)");
    row("write_file " + long_name, "name too long: ~/Documents/" + long_name);
}

void ChangeToolsTest::saysWhyNot() {
    QFETCH(QString, line);
    QFETCH(QString, error);
    if (line.endsWith("large.bin")) {
        m_tree->file("grant/large.bin");
        fs::resize_file(m_tree->path("grant/large.bin"), kMaxReplacedBytes + 1);
    }
    const TreeSnapshot before = snapshot();
    const ToolText text = call(line);
    QCOMPARE(QString::fromStdString(text.result), error);
    QVERIFY(text.is_error && text.changes.empty());
    QCOMPARE(difference(before, snapshot()), std::string());
    for (const auto& [id, became] : m_log.became) QCOMPARE(became, std::string("dropped"));
}

void ChangeToolsTest::saysWhatSomebodyElseDid_data() {
    QTest::addColumn<QString>("line");
    QTest::addColumn<QString>("meanwhile");  // a path that is removed, or "+" and one that appears
    QTest::addColumn<QString>("error");
    const auto row = [](const char* line, const char* meanwhile, const char* error) {
        QTest::addRow("%s, %s", line, meanwhile) << line << meanwhile << error;
    };
    row("make_folder new", "+new", "error: already exists: ~/Documents/new");
    row("make_folder empty/new", "empty", "error: no such folder: ~/Documents/empty");
    row("move notes.txt to new", "+new", "error: already exists: ~/Documents/new");
    row("move notes.txt to new", "notes.txt", "error: no such file: ~/Documents/notes.txt");
    row("move notes.txt to empty/new", "empty", "error: no such folder: ~/Documents/empty");
    row("write_file new", "+new", "error: already exists: ~/Documents/new");
    row("write_file empty/new", "empty", "error: no such folder: ~/Documents/empty");
    row("write_file notes.txt", "+notes.txt",
        "error: changed by somebody else just now: ~/Documents/notes.txt");
    row("write_file notes.txt", "notes.txt",
        "error: changed by somebody else just now: ~/Documents/notes.txt");
}

void ChangeToolsTest::saysWhatSomebodyElseDid() {
    QFETCH(QString, line);
    QFETCH(QString, meanwhile);
    QFETCH(QString, error);
    TreeSnapshot before;
    m_log.meanwhile = [&] {
        const std::string path = meanwhile.toStdString();
        path.starts_with('+') ? m_tree->file("grant/" + path.substr(1), "somebody else's")
                              : static_cast<void>(fs::remove(m_tree->path("grant/" + path)));
        before = snapshot();
    };
    const ToolText text = call(line);
    QCOMPARE(QString::fromStdString(text.result), error);
    QCOMPARE(difference(before, snapshot()), std::string());
    QCOMPARE(m_log.became, (std::map<ChangeId, std::string>{{1, "dropped"}}));
}

void ChangeToolsTest::saysThatTheDiskIsFull() {
    const std::string root = m_tree->path("grant/empty");
    const auto check = [&]() -> std::string {
        const auto folder = FolderHandle::open(root);
        if (!folder) return folder.error().message;
        fill_disk(root + "/all");
        const TreeSnapshot before = snapshot_of(root);
        const ToolText text =
            write_file({*folder, "x", "x"}, std::string(100'000, 'x'), Replacing::Nothing, tools());
        if (text.result != "error: disk full") return text.result;
        return difference(before, snapshot_of(root));
    };
    const auto problem = on_small_disk(root, 65536, check);
    if (!problem) QSKIP("this system does not let the test mount anything");
    QVERIFY2(problem->empty(), problem->c_str());
}

void ChangeToolsTest::namesEachFault_data() {
    QTest::addColumn<int>("fault");
    QTest::addColumn<QString>("error");
    QTest::addColumn<int>("code");
    const auto row = [](ChangeFault fault, ErrorCode code, const char* error) {
        QTest::newRow(error) << static_cast<int>(fault) << error << static_cast<int>(code);
    };
    row(ChangeFault::NotFound, ErrorCode::NotFound, "no such file: /a/b");
    row(ChangeFault::NoFolder, ErrorCode::NotFound, "no such folder: /a");
    row(ChangeFault::Exists, ErrorCode::InvalidArgument, "already exists: /a/b");
    row(ChangeFault::IntoItself, ErrorCode::InvalidArgument,
        "a folder cannot go into itself: /a/b");
    row(ChangeFault::OtherDisk, ErrorCode::Unsupported, "on another disk: /a/b");
    row(ChangeFault::Changed, ErrorCode::Io, "changed by somebody else just now: /a/b");
    row(ChangeFault::DiskFull, ErrorCode::Io, "disk full");
    row(ChangeFault::NameTooLong, ErrorCode::InvalidArgument, "name too long: /a/b");
    row(ChangeFault::TooLarge, ErrorCode::InvalidArgument, "file too large: /a/b");
    row(ChangeFault::Denied, ErrorCode::PermissionDenied, "permission denied: /a/b");
    row(ChangeFault::Unsupported, ErrorCode::Unsupported,
        "file tools are not available on this system");
    row(ChangeFault::Io, ErrorCode::Io, "cannot be changed: /a/b");
}

void ChangeToolsTest::namesEachFault() {
    QFETCH(int, fault);
    QFETCH(QString, error);
    QFETCH(int, code);
    const ToolText text = change_fault_text(static_cast<ChangeFault>(fault), "/a/b");
    QCOMPARE(QString::fromStdString(text.result), "error: " + error);
    QCOMPARE(static_cast<int>(text.code), code);
}

void ChangeToolsTest::notesWhatItTakesToUndo() {
    (void)call("write_file notes.txt");
    QCOMPARE(m_log.bytes, std::string("the old bytes"));
    const FileChange& write = m_log.change_of.at(1);
    QCOMPARE(write.kind, FileChange::Kind::Write);
    QCOMPARE(write.conversation + write.turn, std::string("chatturn"));
    QCOMPARE(write.place.folder, m_tree->path("grant"));
    QCOMPARE(write.place.folder_file, m_grant->identity().file);
    QCOMPARE(write.place.relative, std::string("notes.txt"));
    QCOMPARE(write.old_mode, std::uint32_t{0644});
    (void)call("move sub to empty/new");
    const FileChange& moved = m_log.change_of.at(2);
    QCOMPARE(moved.kind, FileChange::Kind::Move);
    QCOMPARE(moved.place.relative, std::string("empty/new"));
    QCOMPARE(moved.from.relative, std::string("sub"));
    QCOMPARE(moved.file, facts_beneath({*m_grant, "empty/new"})->identity.file);
}

void ChangeToolsTest::missingFoldersAreChangesOfTheirOwn() {
    const ToolText text = call("make_folder sub/a/b/c");
    QCOMPARE(text.changes, (std::vector<ChangeId>{1, 2, 3}));
    QCOMPARE(m_log.change_of.at(1).place.relative, std::string("sub/a"));
    QCOMPARE(m_log.change_of.at(3).place.relative, std::string("sub/a/b/c"));
    QVERIFY(fs::is_directory(m_tree->path("grant/sub/a/b/c")));
}

void ChangeToolsTest::foldersThatWereMadeStayBesideAnError() {
    const ToolText text = call("make_folder a/b/" + QString(256, 'n') + "/c");
    QVERIFY(text.is_error);
    QCOMPARE(text.changes, (std::vector<ChangeId>{1, 2}));
    QVERIFY(fs::is_directory(m_tree->path("grant/a/b")));
    QCOMPARE(m_log.became.at(3), std::string("dropped"));
}

void ChangeToolsTest::onlyWhoAskedReplacesAProgram() {
    QCOMPARE(call("write_file notes.txt", Replacing::Nothing).result,
             std::string("error: already exists: ~/Documents/notes.txt"));
    QVERIFY(!call("write_file run.sh", Replacing::AnyFile).is_error);
    QCOMPARE(fs::status(m_tree->path("grant/run.sh")).permissions(), fs::perms{0750});
}

void ChangeToolsTest::withoutItsNoteNothingIsChanged() {
    m_log.fails = true;
    const TreeSnapshot before = snapshot();
    for (const char* line : {"make_folder new", "write_file new", "write_file notes.txt"}) {
        const ToolText text = call(line);
        QCOMPARE(text.result, "error: cannot be undone, so not done: ~/Documents/" +
                                  QString(line).section(' ', 1).toStdString());
        QVERIFY(text.detail.find("the disk is full") != std::string::npos);
        QVERIFY(text.is_error && text.code == ErrorCode::Io && text.changes.empty());
    }
    QCOMPARE(call("move notes.txt to new").result,
             std::string("error: cannot be undone, so not done: ~/Documents/notes.txt"));
    QCOMPARE(difference(before, snapshot()), std::string());
}

void ChangeToolsTest::foldersOfPathsAsCalled_data() {
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("folder");
    const auto row = [](const char* path, const char* folder) {
        QTest::newRow(path) << path << folder;
    };
    row("/a/b/c", "/a/b");
    row("/a/b/c/", "/a/b");
    row("/a", "/");
    row("/", "/");
    row("notes.txt", ".");
    row("~/notes.txt", "~");
}

void ChangeToolsTest::foldersOfPathsAsCalled() {
    QFETCH(QString, path);
    QFETCH(QString, folder);
    QCOMPARE(QString::fromStdString(folder_as_called(path.toStdString())), folder);
}

void ChangeToolsTest::temporaryNamesDiffer() {
    std::set<std::string> names;
    for (int i = 0; i < 1000; ++i) {
        const std::string name = temporary_name();
        QVERIFY(name.starts_with(".lares-") && name.size() == 23);
        names.insert(name);
    }
    QCOMPARE(names.size(), std::size_t{1000});
}

QTEST_GUILESS_MAIN(ChangeToolsTest)
#include "tst_change_tools.moc"
