#include "tests/tools/journal/undo_ground.h"
#include "tools/builtin/make_folder/make_folder.h"
#include "tools/builtin/move/move.h"
#include "tools/builtin/write_file/write_file.h"

#include <QTest>

#include <array>
#include <csignal>
#include <cstddef>
#include <fcntl.h>
#include <functional>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

using namespace lares;
using namespace lares::test;

namespace {

enum class Ended { Killed, AtItsEnd, Untraced };

/// From here on this process stops, for who traces it, before each call that changes the disk.
bool stopBeforeChanges() {
    constexpr std::array kCalls = {
        SYS_write,     SYS_pwrite64, SYS_ftruncate, SYS_fchmod,
        SYS_utimensat, SYS_mkdirat,  SYS_unlinkat,  SYS_renameat2,
#ifdef SYS_unlink
        SYS_unlink,
#endif
    };
    std::vector<sock_filter> filter;
    filter.push_back(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)));
    for (const long call : kCalls) {
        filter.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, static_cast<__u32>(call), 0, 1));
        filter.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRACE));
    }
    // openat, where it makes a file.
    filter.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_openat, 0, 3));
    filter.push_back(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, args[2])));
    filter.push_back(BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, O_CREAT, 0, 1));
    filter.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRACE));
    filter.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
    const sock_fprog program{static_cast<unsigned short>(filter.size()), filter.data()};
    return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

/// Runs `work` in a process that is killed before it changes something on the disk for the n-th
/// time.
Ended runUntilChange(int n, const std::function<void()>& work) {
    const pid_t child = ::fork();
    if (child < 0) return Ended::Untraced;
    if (child == 0) {
        if (::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) != 0 || !stopBeforeChanges()) ::_exit(1);
        ::raise(SIGSTOP);
        work();
        ::_exit(0);
    }
    int status = 0;
    if (::waitpid(child, &status, 0) != child || !WIFSTOPPED(status)) return Ended::Untraced;
    ::ptrace(PTRACE_SETOPTIONS, child, nullptr, PTRACE_O_TRACESECCOMP | PTRACE_O_EXITKILL);
    for (int change = 0; change < n; ++change) {
        if (::ptrace(PTRACE_CONT, child, nullptr, nullptr) != 0) return Ended::Untraced;
        if (::waitpid(child, &status, 0) != child) return Ended::Untraced;
        if (WIFEXITED(status)) return WEXITSTATUS(status) == 0 ? Ended::AtItsEnd : Ended::Untraced;
        if (status >> 8 != (SIGTRAP | PTRACE_EVENT_SECCOMP << 8)) return Ended::Untraced;
    }
    ::kill(child, SIGKILL);
    ::waitpid(child, &status, 0);
    return Ended::Killed;
}

/// A change, or several, made by the tools.
using Work = std::function<void(const FolderHandle&, ChangeLog&)>;

std::unique_ptr<UndoGround> newGround() {
    auto ground = std::make_unique<UndoGround>();
    ground->tree.file("grant/old.txt", "the old bytes");
    ground->tree.file("grant/folder/deep.txt", "deep");
    ground->begin();
    return ground;
}

/// Opens all and works. Ends the process when something is missing.
void workOn(const UndoGround& ground, const Work& work) {
    const auto journal = UndoJournal::open(ground.journal());
    const auto grant = FolderHandle::open(ground.grant());
    if (!journal || !grant) ::_exit(2);
    work(*grant, **journal);
}

void undoOn(const UndoGround& ground) {
    const auto journal = UndoJournal::open(ground.journal());
    if (!journal || !ground.undo_all(**journal).empty()) ::_exit(2);
}

ToolText write(const FolderHandle& grant,
               ChangeLog& log,
               const char* name,
               std::string_view bytes) {
    return write_file({grant, name, name}, bytes, Replacing::AnyFile, {log, "c", "t"});
}

}  // namespace

Q_DECLARE_METATYPE(Work)

/// Where tst_undo_kill hits by chance, this one goes from one change on the disk to the next.
class UndoCrashPointsTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void aKilledChangeCanBeUndone_data() { works(); }
    void aKilledChangeCanBeUndone();
    void aKilledUndoCanGoOn_data() { works(); }
    void aKilledUndoCanGoOn();
    void aKilledStartCanBeTriedAgain_data() { works(); }
    void aKilledStartCanBeTriedAgain();

private:
    static void works();
    void verify(const UndoGround& ground, int n);
};

void UndoCrashPointsTest::initTestCase() {
    work_in_memory();
    if (runUntilChange(1, [] { (void)::write(-1, "", 1); }) != Ended::Killed)
        QSKIP("this system lets no process look at another one");
}

void UndoCrashPointsTest::works() {
    QTest::addColumn<Work>("work");
    const auto row = [](const char* name, const Work& work) { QTest::newRow(name) << work; };
    row("new folders", [](const FolderHandle& grant, ChangeLog& log) {
        (void)make_folder({grant, "a/b", "a/b"}, {log, "c", "t"});
    });
    row("move", [](const FolderHandle& grant, ChangeLog& log) {
        (void)move({grant, "folder", "folder"}, {grant, "moved", "moved"}, {log, "c", "t"});
    });
    row("failing move", [](const FolderHandle& grant, ChangeLog& log) {
        (void)move({grant, "old.txt", "old.txt"}, {grant, "old.txt", "old.txt"}, {log, "c", "t"});
    });
    row("new file", [](const FolderHandle& grant, ChangeLog& log) {
        (void)write(grant, log, "folder/new.txt", "new bytes");
    });
    row("replaced file", [](const FolderHandle& grant, ChangeLog& log) {
        (void)write(grant, log, "old.txt", "new bytes");
    });
    row("replaced by the same", [](const FolderHandle& grant, ChangeLog& log) {
        (void)write(grant, log, "old.txt", "the old bytes");
    });
    row("replaced by nothing",
        [](const FolderHandle& grant, ChangeLog& log) { (void)write(grant, log, "old.txt", ""); });
    row("moved and replaced", [](const FolderHandle& grant, ChangeLog& log) {
        (void)move({grant, "old.txt", "old.txt"}, {grant, "new.txt", "new.txt"}, {log, "c", "t"});
        (void)write(grant, log, "new.txt", "new bytes");
    });
}

void UndoCrashPointsTest::verify(const UndoGround& ground, int n) {
    const auto journal = UndoJournal::open(ground.journal());
    QVERIFY2(journal, journal ? "" : journal.error().message.c_str());
    std::string problem = ground.problem_of(**journal);
    if (problem.empty()) problem = ground.undo_all(**journal);
    if (problem.empty()) problem = ground.problem_of(**journal);
    problem += " before change " + std::to_string(n);
    QVERIFY2(problem.starts_with(' '), problem.c_str());
}

void UndoCrashPointsTest::aKilledChangeCanBeUndone() {
    QFETCH(Work, work);
    int n = 1;
    for (Ended ended = Ended::Killed; ended == Ended::Killed; ++n) {
        const auto ground = newGround();
        // A journal that is there already: how one is made is another story.
        QVERIFY(UndoJournal::open(ground->journal()));
        ended = runUntilChange(n, [&] { workOn(*ground, work); });
        QVERIFY(ended != Ended::Untraced);
        verify(*ground, n);
        if (QTest::currentTestFailed()) return;
    }
    QVERIFY(n > 10);
}

void UndoCrashPointsTest::aKilledUndoCanGoOn() {
    QFETCH(Work, work);
    if (QByteArray(QTest::currentDataTag()) == "failing move") return;  // nothing to undo
    int n = 1;
    for (Ended ended = Ended::Killed; ended == Ended::Killed; ++n) {
        const auto ground = newGround();
        workOn(*ground, work);
        ended = runUntilChange(n, [&] { undoOn(*ground); });
        QVERIFY(ended != Ended::Untraced);
        verify(*ground, n);
        if (QTest::currentTestFailed()) return;
    }
    QVERIFY(n > 10);
}

/// The start after a kill has the most to do when a temporary file was left: at the first and at
/// the last moment at which it was there.
void UndoCrashPointsTest::aKilledStartCanBeTriedAgain() {
    QFETCH(Work, work);
    std::vector<int> moments;
    for (int n = 1;; ++n) {
        const auto ground = newGround();
        if (runUntilChange(n, [&] { workOn(*ground, work); }) != Ended::Killed) break;
        if (ground->has_rest()) moments.push_back(n);
    }
    if (moments.empty()) return;  // this change needs no temporary file
    for (const int moment : {moments.front(), moments.back()}) {
        int n = 1;
        for (Ended ended = Ended::Killed; ended == Ended::Killed; ++n) {
            const auto ground = newGround();
            QCOMPARE(runUntilChange(moment, [&] { workOn(*ground, work); }), Ended::Killed);
            ended = runUntilChange(n, [&] { (void)UndoJournal::open(ground->journal()); });
            QVERIFY(ended != Ended::Untraced);
            verify(*ground, n);
            if (QTest::currentTestFailed()) return;
        }
        QVERIFY(n > 10);
    }
}

QTEST_GUILESS_MAIN(UndoCrashPointsTest)
#include "tst_undo_crash_points.moc"
