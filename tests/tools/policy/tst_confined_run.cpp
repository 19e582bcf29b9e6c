#include "tests/support/folder_tree.h"
#include "tools/builtin/read_file/read_file.h"
#include "tools/policy/confined_run.h"

#include <QTest>

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <functional>
#include <memory>
#include <new>
#include <optional>
#include <sched.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

using namespace lares;
using lares::test::FolderTree;

namespace {

/// What a system call came to: 0 or errno.
int result_of(int returned) {
    if (returned < 0) return errno;
    return 0;
}

int opened(const std::string& path, int flags) {
    const int fd = ::open(path.c_str(), flags | O_CLOEXEC, 0600);
    const int result = result_of(fd);
    if (fd >= 0) ::close(fd);
    return result;
}

/// A log that remembers in which thread it was used.
class ThreadLog final : public ChangeLog {
public:
    [[nodiscard]] Result<ChangeId> begin(const FileChange&, std::string_view bytes) override {
        thread = std::this_thread::get_id();
        kept = bytes;
        return ChangeId{7};
    }
    void done(ChangeId id) override { last = id; }
    void drop(ChangeId id) override { last = -id; }

    std::thread::id thread;
    std::string kept;
    ChangeId last = 0;
};

}  // namespace

/// What a tool's thread can still do when the code in it does whatever it likes.
class ConfinedRunTest : public QObject {
    Q_OBJECT

private slots:
    void init() {
        m_tree = std::make_unique<FolderTree>();
        m_tree->file("grant/notes.txt", "inside");
        m_tree->file("other/secret.txt", "secret");
        m_grant.emplace(std::move(FolderHandle::open(m_tree->path("grant")).value()));
        const ConfinedOutcome outcome = confined(false, [] {});
        if (outcome.layers.empty()) QSKIP("this system has neither Landlock nor seccomp");
        m_has_landlock = outcome.layers.front() == "landlock";
        m_has_seccomp = outcome.layers.back() == "seccomp";
    }

    void filesOutsideAreOutOfReach() {
        if (!m_has_landlock) QSKIP("this kernel has no Landlock");
        const std::string secret = m_tree->path("other/secret.txt");
        const std::string fresh = m_tree->path("other/new.txt");
        int outside = 0, inside = -1, system = 0, created = 0, removed = 0, listed = 0;
        const auto attempt = [&] {
            outside = opened(secret, O_RDONLY);
            inside = opened(m_tree->path("grant/notes.txt"), O_RDONLY);
            system = opened("/etc/passwd", O_RDONLY);
            created = opened(fresh, O_WRONLY | O_CREAT);
            removed = result_of(::unlink(secret.c_str()));
            listed = opened(m_tree->path("other"), O_RDONLY | O_DIRECTORY);
        };
        const ConfinedOutcome outcome = confined(true, attempt);
        QVERIFY(!outcome.text.is_error);
        QCOMPARE(outside, EACCES);
        QCOMPARE(inside, 0);
        QCOMPARE(system, EACCES);
        QCOMPARE(created, EACCES);
        QCOMPARE(removed, EACCES);
        QCOMPARE(listed, EACCES);
        // The same works here: it was the confinement, and only that thread has it.
        attempt();
        QCOMPARE(outside + inside + system + created + removed + listed, 0);
    }
    void aFolderThatIsReadCannotBeChanged() {
        if (!m_has_landlock) QSKIP("this kernel has no Landlock");
        const std::string notes = m_tree->path("grant/notes.txt");
        const std::string fresh = m_tree->path("grant/new.txt");
        int written = 0, created = 0, removed = 0, renamed = 0;
        const auto attempt = [&] {
            written = opened(notes, O_WRONLY);
            created = opened(fresh, O_WRONLY | O_CREAT);
            renamed = result_of(::rename(fresh.c_str(), m_tree->path("grant/n.txt").c_str()));
            removed = result_of(::unlink(notes.c_str()));
        };
        (void)confined(false, attempt);
        QCOMPARE(written, EACCES);
        QCOMPARE(created, EACCES);
        QCOMPARE(removed, EACCES);
        (void)confined(true, attempt);
        QCOMPARE(written + created + removed + renamed, 0);
    }
    void linksProgramsAndPipesCannotBeMade() {
        if (!m_has_landlock) QSKIP("this kernel has no Landlock");
        const std::string made = m_tree->path("grant/made");
        int linked = 0, piped = 0, device = 0;
        (void)confined(true, [&] {
            linked = result_of(::symlink("/etc", made.c_str()));
            piped = result_of(::mkfifo(made.c_str(), 0600));
            device = result_of(::mknod(made.c_str(), S_IFCHR | 0600, 0));
        });
        QVERIFY(linked != 0 && piped != 0 && device != 0);
        QVERIFY(::access(made.c_str(), F_OK) != 0);
    }
    void networkProgramsAndProcessesAreOutOfReach() {
        if (!m_has_seccomp) QSKIP("this kernel has no seccomp");
        int inet = 0, local = 0, ran = 0, signalled = 0, forked = 0;
        const auto attempt = [&] {
            inet = result_of(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
            local = result_of(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
            char name[] = "/bin/true";
            char* words[] = {name, nullptr};
            ran = result_of(::execve(name, words, nullptr));  // replaces the process where it works
            signalled = result_of(::kill(::getpid(), 0));
            forked = result_of(::unshare(CLONE_NEWUSER));
        };
        (void)confined(true, attempt);
        QCOMPARE(inet, EPERM);
        QCOMPARE(local, EPERM);
        QCOMPARE(ran, EPERM);
        QCOMPARE(signalled, EPERM);
        QCOMPARE(forked, EPERM);
        QCOMPARE(result_of(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)), 0);
        QCOMPARE(result_of(::kill(::getpid(), 0)), 0);
    }
    void nothingRunsWhereALayerFails() {
        if (!m_has_landlock) QSKIP("this kernel has no Landlock");
        FolderHandle gone = std::move(*m_grant);  // leaves a handle of nothing behind
        bool has_run = false;
        const ConfinedOutcome outcome = confined(true, [&] { has_run = true; });
        QVERIFY(!has_run);
        QVERIFY(outcome.text.is_error);
        QVERIFY(outcome.text.result.starts_with("error: the system could not confine the tool"));
        QVERIFY(outcome.layers.empty());
        m_grant.emplace(std::move(gone));
    }
    void theJournalIsWrittenByTheThreadThatWaits() {
        ThreadLog log;
        const ConfinedFolder folder{&*m_grant, true};
        std::thread::id worker;
        Result<ChangeId> begun = ChangeId{0};
        const ConfinedOutcome outcome = run_confined({&folder, 1}, &log, [&](ChangeLog* changes) {
            worker = std::this_thread::get_id();
            begun = changes->begin({}, "old bytes");
            changes->done(3);
            changes->drop(4);
            return ToolText{"worked", {}};
        });
        QCOMPARE(outcome.text.result, std::string("worked"));
        QCOMPARE(*begun, ChangeId{7});
        QCOMPARE(log.kept, std::string("old bytes"));
        QCOMPARE(log.last, ChangeId{-4});
        QVERIFY(log.thread == std::this_thread::get_id() && worker != log.thread);
    }
    void anExceptionIsAnError() {
        const ConfinedFolder folder{&*m_grant, false};
        const ConfinedOutcome outcome = run_confined(
            {&folder, 1}, nullptr, [](ChangeLog*) -> ToolText { throw std::bad_alloc(); });
        QVERIFY(outcome.text.is_error);
        QCOMPARE(outcome.text.code, ErrorCode::OutOfMemory);
    }

private:
    ConfinedOutcome confined(bool is_for_changes, const std::function<void()>& attempt) const {
        const ConfinedFolder folder{&*m_grant, is_for_changes};
        return run_confined({&folder, 1}, nullptr, [&](ChangeLog*) {
            attempt();
            return ToolText{"done", {}};
        });
    }

    std::unique_ptr<FolderTree> m_tree;
    std::optional<FolderHandle> m_grant;
    bool m_has_landlock = false;
    bool m_has_seccomp = false;
};

QTEST_GUILESS_MAIN(ConfinedRunTest)
#include "tst_confined_run.moc"
