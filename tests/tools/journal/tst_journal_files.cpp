#include "tests/support/small_disk.h"
#include "tests/support/without_root.h"
#include "tests/tools/journal/undo_ground.h"
#include "tools/builtin/make_folder/make_folder.h"
#include "tools/builtin/move/move.h"
#include "tools/builtin/write_file/write_file.h"
#include "tools/journal/lazy_journal.h"
#include "tools/storage/sqlite_file.h"

#include <QFile>
#include <QProcess>
#include <QTest>

#include <filesystem>
#include <functional>
#include <thread>

using namespace lares;
using namespace lares::test;
namespace fs = std::filesystem;

using State = FileChange::State;

namespace {

std::unique_ptr<UndoJournal> opened(const std::string& folder, UndoJournal::Options options = {}) {
    auto journal = UndoJournal::open(folder, options);
    return journal ? std::move(*journal) : nullptr;
}

std::int64_t kept(const std::string& folder) {
    const auto database = SqliteFile::open(folder + "/journal.db", "it");
    return database ? database->number("SELECT count(*) FROM kept").value_or(-1) : -1;
}

/// One without an id where there is none.
FileChange newest(const UndoJournal& journal) {
    const std::vector<FileChange> changes = all_changes(journal);
    return changes.empty() ? FileChange() : changes.front();
}

QByteArray bytesOf(const std::string& path) {
    QFile file(QString::fromStdString(path));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

fs::perms permissionsOf(const std::string& path) {
    return fs::status(path).permissions();
}

/// All three tools fail for want of a journal and change nothing; else what they did.
std::string changeWithout(ChangeLog& log, const FolderHandle& grant) {
    const TreeSnapshot before = snapshot_of(grant.path());
    const ChangeTools tools{log, "c", "t"};
    const ToolPath old{grant, "old.txt", "old.txt"};
    const ToolPath fresh{grant, "new", "new"};
    for (const ToolText& text : {make_folder(fresh, tools), move(old, fresh, tools),
                                 write_file(fresh, "x", Replacing::Nothing, tools),
                                 write_file(old, "x", Replacing::AnyFile, tools)}) {
        if (!text.result.starts_with("error: cannot be undone, so not done: ") ||
            !text.changes.empty())
            return text.result;
    }
    return difference(before, snapshot_of(grant.path()));
}

/// The program that works with the same journal.
class OtherProcess {
public:
    OtherProcess(const UndoGround& ground, const std::string& grant, const char* mode) {
        m_process.start(CHANGE_UNTIL_KILLED, {QString::fromStdString(ground.journal()),
                                              QString::fromStdString(grant), "1", mode});
    }
    /// Waits until it says that.
    [[nodiscard]] bool says(const char* what) {
        while (!m_said.contains(what) && m_process.waitForReadyRead())
            m_said += m_process.readAllStandardOutput();
        return m_said.contains(what);
    }
    void answer() { m_process.write("\n"); }
    void kill() {
        m_process.kill();
        m_process.waitForFinished();
    }
    [[nodiscard]] bool ends() { return m_process.waitForFinished() && m_process.exitCode() == 0; }

private:
    QProcess m_process;
    QByteArray m_said;
};

}  // namespace

using Damage = std::function<void(QFile&)>;
Q_DECLARE_METATYPE(Damage)

class JournalFilesTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { work_in_memory(); }
    void init();

    void nobodyElseMayRead();
    void forgetsOldChanges();
    void forgetsTheOldestAboveTheQuota();
    void aDamagedJournalIsSetAside_data();
    void aDamagedJournalIsSetAside();
    void aLostCopyIsAProblem();
    void twoJournalsWorkTogether();
    void twoJournalsUndoAtTheSameTime();
    void twoProcessesWorkTogether();
    void anotherProcessIsNotSettled();
    void withoutAWritableJournalNothingChanges();
    void aFullDiskChangesNothing();

private:
    void replaceOld(ChangeLog& log, const std::string& bytes) const;

    std::unique_ptr<UndoGround> m_ground;
    std::optional<FolderHandle> m_grant;
};

void JournalFilesTest::init() {
    m_ground = std::make_unique<UndoGround>();
    m_ground->tree.file("grant/old.txt", "the old bytes");
    m_ground->begin();
    auto folder = FolderHandle::open(m_ground->grant());
    QVERIFY(folder);
    m_grant.emplace(std::move(*folder));
}

void JournalFilesTest::replaceOld(ChangeLog& log, const std::string& bytes) const {
    const ToolText text =
        write_file({*m_grant, "old.txt", "old.txt"}, bytes, Replacing::AnyFile, {log, "c", "t"});
    QVERIFY2(!text.is_error, text.result.c_str());
}

void JournalFilesTest::nobodyElseMayRead() {
    fs::create_directory(m_ground->journal());
    fs::permissions(m_ground->journal(), fs::perms{0755});
    const auto journal = opened(m_ground->journal());
    QVERIFY(journal);
    replaceOld(*journal, "new");
    QCOMPARE(permissionsOf(m_ground->journal()), fs::perms{0700});
    int n_file = 0;
    for (const auto& entry : fs::directory_iterator(m_ground->journal())) {
        QCOMPARE(permissionsOf(entry.path()), fs::perms{0600});
        ++n_file;
    }
    QVERIFY(n_file > 0);
}

void JournalFilesTest::forgetsOldChanges() {
    replaceOld(*opened(m_ground->journal()), "new");
    QCOMPARE(all_changes(*opened(m_ground->journal(), {std::chrono::hours(1)})).size(),
             std::size_t{1});
    QCOMPARE(kept(m_ground->journal()), 1);
    // One hour from now.
    QVERIFY(all_changes(*opened(m_ground->journal(), {std::chrono::hours(-1)})).empty());
    QCOMPARE(kept(m_ground->journal()), 0);
}

void JournalFilesTest::forgetsTheOldestAboveTheQuota() {
    UndoJournal::Options options;
    options.max_kept_bytes = 1000;
    const auto journal = opened(m_ground->journal(), options);
    for (const char letter : {'a', 'b', 'c', 'd'}) replaceOld(*journal, std::string(400, letter));
    const std::vector<FileChange> changes = all_changes(*journal);
    QCOMPARE(changes.size(), std::size_t{2});  // those that replaced b and c
    QCOMPARE(kept(m_ground->journal()), 2);
    QVERIFY(journal->undo(std::vector{changes[0].id, changes[1].id})->is_complete());
    QCOMPARE(bytesOf(m_ground->tree.path("grant/old.txt")), QByteArray(400, 'b'));
    // One that does not fit at all is kept as long as it is the newest.
    replaceOld(*journal, std::string(5000, 'x'));
    replaceOld(*journal, "new");
    QCOMPARE(all_changes(*journal).size(), std::size_t{1});
    QVERIFY(journal->undo(std::vector{newest(*journal).id})->is_complete());
    QCOMPARE(bytesOf(m_ground->tree.path("grant/old.txt")), QByteArray(5000, 'x'));
}

void JournalFilesTest::aDamagedJournalIsSetAside_data() {
    QTest::addColumn<Damage>("damage");
    const auto row = [](const char* name, const Damage& damage) { QTest::newRow(name) << damage; };
    row("another file", [](QFile& file) { file.write("This is no journal at all."); });
    row("cut off", [](QFile& file) { file.resize(file.size() / 2); });
    row("no schema", [](QFile& file) {
        file.seek(100);
        file.write(QByteArray(3996, '\0'));
    });
    row("noise on every page but the first", [](QFile& file) {
        for (qint64 page = 4096; page < file.size(); page += 4096) {
            file.seek(page);
            file.write(QByteArray(100, '\xA5'));
        }
    });
}

void JournalFilesTest::aDamagedJournalIsSetAside() {
    QFETCH(Damage, damage);
    {
        const auto journal = opened(m_ground->journal());
        for (int i = 0; i < 50; ++i) replaceOld(*journal, std::to_string(i));
    }
    const std::string path = m_ground->journal() + "/journal.db";
    QFile file(QString::fromStdString(path));
    QVERIFY(file.open(QIODevice::ReadWrite));
    damage(file);
    file.close();
    const QByteArray damaged = bytesOf(path);
    const auto journal = opened(m_ground->journal());
    QVERIFY(journal);
    QCOMPARE(journal->notice(),
             "The journal of file changes was damaged: earlier changes cannot be undone. It is "
             "kept as " +
                 path + ".damaged-1");
    QVERIFY(bytesOf(path + ".damaged-1") == damaged);
    QVERIFY(all_changes(*journal).empty());
    replaceOld(*journal, "after the damage");
    QVERIFY(journal->undo(std::vector{newest(*journal).id})->is_complete());
    QVERIFY(opened(m_ground->journal())->notice().empty());
}

void JournalFilesTest::aLostCopyIsAProblem() {
    const auto journal = opened(m_ground->journal());
    replaceOld(*journal, "new");
    const std::vector<ChangeId> ids = {newest(*journal).id};
    const auto sentence = [&](const char* sql) {
        auto database = SqliteFile::open(m_ground->journal() + "/journal.db", "it");
        const bool is_done = database && database->execute(sql);
        return is_done ? journal->undo(ids)->problems.at(0).sentence : "cannot damage it";
    };
    QCOMPARE(sentence("UPDATE kept SET bytes=x'00'"),
             std::string("the copy of the old file is damaged"));
    QCOMPARE(sentence("DELETE FROM kept"), std::string("the copy of the old file was forgotten"));
    QCOMPARE(bytesOf(m_ground->tree.path("grant/old.txt")), QByteArray("new"));
}

void JournalFilesTest::twoJournalsWorkTogether() {
    const auto first = opened(m_ground->journal());
    FileChange change;
    change.place = {m_ground->grant(), m_grant->identity().file, "new"};
    const auto id = first->begin(change, {});
    QVERIFY(id);
    const auto second = opened(m_ground->journal());
    QVERIFY(second);
    QCOMPARE(newest(*second).state, State::Intent);  // it is not for the second one
    QCOMPARE(newest(*second).id, *id);
    replaceOld(*second, "new");
    QCOMPARE(all_changes(*first).size(), std::size_t{2});
    first->drop(*id);
    QCOMPARE(m_ground->undo_all(*first), std::string());
    QCOMPARE(newest(*second).state, State::Undone);
}

/// Each change is undone by one of them, and says so.
void JournalFilesTest::twoJournalsUndoAtTheSameTime() {
    const auto first = opened(m_ground->journal());
    const auto second = opened(m_ground->journal());
    for (int i = 0; i < 40; ++i)
        (void)make_folder({*m_grant, std::to_string(i), "new"}, {*first, "c", "t"});
    std::vector<ChangeId> ids;
    for (const FileChange& change : all_changes(*first)) ids.push_back(change.id);
    std::vector<ChangeId> undone;
    {
        std::vector<ChangeId> by_second;
        std::jthread thread([&] { by_second = second->undo(ids)->undone; });
        undone = first->undo(ids)->undone;
        thread.join();
        undone.insert(undone.end(), by_second.begin(), by_second.end());
    }
    std::sort(undone.rbegin(), undone.rend());
    QCOMPARE(undone, ids);
    for (const FileChange& change : all_changes(*first)) QCOMPARE(change.state, State::Undone);
    QCOMPARE(m_ground->undo_all(*first), std::string());
}

/// Both change files all the time.
void JournalFilesTest::twoProcessesWorkTogether() {
    m_ground->tree.folder("other");
    OtherProcess other(*m_ground, m_ground->tree.path("other"), "change");
    QVERIFY(other.says("open"));
    const auto journal = opened(m_ground->journal());
    QVERIFY(journal);
    for (int i = 0; i < 30; ++i) replaceOld(*journal, std::to_string(i));
    other.kill();
    std::vector<ChangeId> mine;
    for (const FileChange& change : all_changes(*journal))
        if (change.conversation == "c") mine.push_back(change.id);
    QCOMPARE(mine.size(), std::size_t{30});
    QVERIFY(journal->undo(mine)->is_complete());
    QCOMPARE(bytesOf(m_ground->tree.path("grant/old.txt")), QByteArray("the old bytes"));
}

void JournalFilesTest::anotherProcessIsNotSettled() {
    const auto state_of_other = [&](const UndoJournal& journal) {
        const auto changes = journal.changes_of_turn("other");
        return changes && !changes->empty() ? changes->front().state : State::Unclear;
    };
    OtherProcess done(*m_ground, m_ground->grant(), "hold");
    QVERIFY(done.says("begun"));
    auto journal = opened(m_ground->journal());
    QVERIFY(journal);
    QCOMPARE(state_of_other(*journal), State::Intent);
    journal = opened(m_ground->journal());  // nor when it is looked at again
    QCOMPARE(state_of_other(*journal), State::Intent);
    done.answer();
    QVERIFY(done.ends());
    QCOMPARE(state_of_other(*journal), State::Done);
    QCOMPARE(m_ground->undo_all(*journal), std::string());

    OtherProcess killed(*m_ground, m_ground->grant(), "hold");
    QVERIFY(killed.says("begun"));
    killed.kill();
    QCOMPARE(state_of_other(*journal), State::Intent);
    journal.reset();
    journal = opened(m_ground->journal());  // alone now: it was not made
    QCOMPARE(journal->changes_of_turn("other")->size(), std::size_t{1});
    QCOMPARE(m_ground->problem_of(*journal), std::string());
}

void JournalFilesTest::withoutAWritableJournalNothingChanges() {
    opened(m_ground->journal());
    m_ground->tree.folder("nowhere");
    for (const char* name : {"grant", "grant/old.txt"})  // these may be written
        fs::permissions(m_ground->tree.path(name), fs::perms{0777});
    for (const char* name : {"journal", "nowhere"})
        fs::permissions(m_ground->tree.path(name), fs::perms{0555});
    for (const auto& entry : fs::directory_iterator(m_ground->journal()))
        fs::permissions(entry.path(), fs::perms{0444});
    const auto unlock = qScopeGuard([this] {  // they are removed at the end
        for (const char* name : {"journal", "nowhere"})
            fs::permissions(m_ground->tree.path(name), fs::perms{0755});
    });
    std::string problem;
    {
        const WithoutRoot user;
        if (!user.holds()) QSKIP("root may write everywhere, and cannot be somebody else here");
        for (const char* name : {"journal", "nowhere/journal"}) {
            LazyJournal journal(m_ground->tree.path(name));
            if (problem.empty()) problem = changeWithout(journal, *m_grant);
        }
    }
    QVERIFY2(problem.empty(), problem.c_str());
}

void JournalFilesTest::aFullDiskChangesNothing() {
    const std::string folder = m_ground->journal();
    fs::create_directory(folder);
    const auto check = [&]() -> std::string {
        const auto journal = opened(folder);
        if (!journal) return "cannot begin";
        fill_disk(folder + "/all");
        const std::string problem = changeWithout(*journal, *m_grant);
        if (!problem.empty()) return problem;
        const auto refused = journal->begin(FileChange{}, {});
        if (refused) return "it was written down on a full disk";
        if (refused.error().message.find("free some space") == std::string::npos)
            return refused.error().message;
        fs::remove(folder + "/all");
        const ToolText text = write_file({*m_grant, "old.txt", "old.txt"}, "new",
                                         Replacing::AnyFile, {*journal, "c", "t"});
        return text.is_error ? text.result : m_ground->undo_all(*journal);
    };
    const auto problem = on_small_disk(folder, 200'000, check);
    if (!problem) QSKIP("this system does not let the test mount anything");
    QVERIFY2(problem->empty(), problem->c_str());
}

QTEST_GUILESS_MAIN(JournalFilesTest)
#include "tst_journal_files.moc"
