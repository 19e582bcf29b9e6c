#include "tests/support/tree_snapshot.h"
#include "tests/tools/sandbox/command_ground.h"
#include "tests/tools/sandbox/escape_attempts.h"
#include "tools/sandbox/linux/bait.h"

#include <QTest>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <sys/socket.h>
#include <sys/un.h>

using namespace lares;
using lares::test::CommandGround;
using lares::test::EscapeAttempt;
using namespace std::chrono_literals;

namespace {

/// A socket at a path that takes what comes.
UniqueNativeHandle listening(const std::string& path, int type) {
    UniqueNativeHandle socket(::socket(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
    const auto* any = reinterpret_cast<const sockaddr*>(&address);
    if (::bind(socket.get(), any, sizeof address) != 0) return {};
    if (type == SOCK_STREAM && ::listen(socket.get(), 8) != 0) return {};
    return socket;
}

std::string assigned(const std::string& name, const std::string& value) {
    return name + "='" + value + "'\n";
}

}  // namespace

/// What a command does when it is the attacker's: every attempt is refused, while what it is after
/// is there, and while the same works inside its folders.
class CommandEscapesTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { ::setenv("LARES_TEST_SECRET", "not for commands", 1); }
    void init() {
        if (!test::why_no_sandbox().empty()) QSKIP(test::why_no_sandbox().c_str());
        m_ground = std::make_unique<CommandGround>();
        m_bait = std::make_unique<Bait>();
        QVERIFY(m_bait->set_out(test::built_toolhost()));
        plant();
    }
    void cleanupTestCase() {
        std::printf("%d attempts to get out, %d kept in; %d of them work without the sandbox\n",
                    m_n_tried, m_n_kept, m_n_outside);
    }

    void isKeptIn_data() {
        QTest::addColumn<int>("index");
        int index = 0;
        for (const EscapeAttempt& one : test::escape_attempts()) QTest::newRow(one.name) << index++;
    }
    void isKeptIn() {
        QFETCH(int, index);
        const EscapeAttempt& attempt = test::escape_attempts()[static_cast<std::size_t>(index)];
        const auto other = test::snapshot_of(path("other"));
        const auto notes = test::snapshot_of(path("notes"));
        QVERIFY(m_bait->check_alive());
        ++m_n_tried;
        const auto outcome = m_runner.run(m_ground->spec(script(attempt, "/desk", "/notes")), {});
        QVERIFY2(outcome, outcome ? "" : outcome.error().message.c_str());
        QVERIFY2(outcome->output.find("ESCAPED") == std::string::npos, outcome->output.c_str());
        QVERIFY2(outcome->output.find("CONTROL") != std::string::npos, outcome->output.c_str());
        QVERIFY(test::snapshot_of(path("other")) == other);
        QVERIFY(test::snapshot_of(path("notes")) == notes);
        QVERIFY(std::filesystem::exists(path("work")) &&
                std::filesystem::exists(path("work-twin")));
        QVERIFY(!m_bait->was_taken());
        QVERIFY(m_bait->check_alive());
        ++m_n_kept;
        if (attempt.works_outside) checkItWorksOutside(attempt);
    }

    void exhaustionIsBounded_data() {
        QTest::addColumn<QString>("script");
        QTest::newRow("G/forks") << "f() { f | f & }; f; sleep 20";
        QTest::newRow("G/many sleepers") << "for i in $(seq 1 500); do sleep 60 & done; wait";
        QTest::newRow("G/sessions of their own")
            << "for i in $(seq 1 500); do setsid sleep 60 & done; wait";
        QTest::newRow("G/memory of one") << "head -c 3G /dev/zero | tail";
        QTest::newRow("G/memory of many")
            << "for i in 1 2 3 4 5 6; do (head -c 100M /dev/zero | tail | sleep 60) & done; wait";
        QTest::newRow("G/memory as files")
            << "head -c 1G /dev/zero > /tmp/f; head -c 1G /dev/zero > "
               "/dev/shm/f; head -c 1G /dev/zero > ~/f; sleep 60";
        QTest::newRow("G/memory as variables") << "x=aaaaaaaaaaaaaaaa; while :; do x=$x$x; done";
        QTest::newRow("G/disk") << "while :; do head -c 4M /dev/zero >> big$((i=i+1)); done";
        QTest::newRow("G/one large file") << "yes > big; sleep 60";
        QTest::newRow("G/sparse file") << "truncate -s 100G big; sleep 60";
        QTest::newRow("G/disk, nameless") << "for i in 1 2 3 4 5 6; do (exec 5> f; rm f; head -c "
                                             "15M /dev/zero >&5; sleep 60) & done; wait";
        QTest::newRow("G/output") << "yes";
        QTest::newRow("G/output, from many") << "yes & yes & yes & yes";
        QTest::newRow("G/processor")
            << "while :; do :; done & while :; do :; done & while :; do :; done";
        QTest::newRow("G/open files")
            << "i=3; while :; do eval \"exec $i< inside.txt\" || break; i=$((i+1)); done; sleep 60";
        QTest::newRow("G/deep folders") << "while mkdir d && cd d; do :; done; sleep 60";
        QTest::newRow("G/waits for ever") << "sleep 1000000";
        QTest::newRow("G/stops itself") << "kill -STOP $$";
        QTest::newRow("G/ignores signals")
            << "trap '' TERM INT HUP QUIT PIPE; while :; do sleep 1; done";
        QTest::newRow("G/closes its output") << "exec > /dev/null 2>&1; sleep 1000";
    }
    void exhaustionIsBounded() {
        QFETCH(QString, script);
        // The kernel does not hold root to a number of processes, and ours is looked at four times
        // a second: in between, a bomb takes every number that this machine has for a process.
        if (script.startsWith("f()") && ::geteuid() == 0)
            QSKIP("as root other programs of this machine would feel it; as a user it runs");
        CommandSpec spec = m_ground->spec(script.toStdString());
        spec.limits.wall_time = 1s;
        spec.limits.max_process = 32;
        spec.limits.max_resident_bytes = 256ULL << 20;
        spec.limits.max_address_space_bytes = 512ULL << 20;
        spec.limits.max_file_bytes = 16ULL << 20;
        spec.limits.max_written_bytes = 48ULL << 20;
        spec.limits.max_temporary_bytes = 8ULL << 20;
        ++m_n_tried;
        const auto outcome = m_runner.run(spec, {});
        QVERIFY2(outcome, outcome ? "" : outcome.error().message.c_str());
        QVERIFY(outcome->output.size() <= std::size_t(256) << 10);
        QVERIFY(outcome->duration < 60s);  // far more than it takes, on a machine with much to do
        // It is over, and the next command has everything again.
        const auto next =
            m_runner.run(m_ground->spec("cat inside.txt; echo x > /tmp/f && sleep 0.01"), {});
        QVERIFY(next && next->status == 0 && next->output == "inside\n");
        ++m_n_kept;
    }

private:
    std::string path(const std::string& relative) const { return m_ground->tree.path(relative); }

    /// What was in the folders before the grant.
    void plant() {
        m_inner = {};
        m_inner_datagrams = {};
        m_ground->tree.file("work-twin/secret.txt", "the twin's\n");
        m_ground->tree.link("work/planted-good", "inside.txt");
        m_ground->tree.link("work/planted-inner", ".");
        m_ground->tree.link("work/planted-file", path("other/secret.txt"));
        m_ground->tree.link("work/planted-relative", "../other/secret.txt");
        m_ground->tree.link("work/planted-folder", path("other"));
        m_ground->tree.link("work/planted-twice", "planted-file");
        m_ground->tree.link("work/planted-root", "/");
        m_ground->tree.link("work/planted-proc", "/proc/self/root");
        const std::filesystem::path test = std::filesystem::read_symlink("/proc/self/exe");
        std::filesystem::copy_file(test.parent_path() / "command_attempts", path("work/attempts"));
        m_inner = listening(path("work/inner"), SOCK_STREAM);
        m_inner_datagrams = listening(path("work/inner.d"), SOCK_DGRAM);
        QVERIFY(m_inner && m_inner_datagrams);
    }

    std::string script(const EscapeAttempt& attempt,
                       const std::string& work,
                       const std::string& notes) const {
        const char* const home = std::getenv("HOME");
        return assigned("WORK", work) + assigned("NOTES", notes) + assigned("OUT", path("other")) +
               assigned("SECRET", path("other/secret.txt")) + assigned("TWIN", path("work-twin")) +
               assigned("SOCKET", m_bait->socket()) +
               assigned("ABSTRACT", m_bait->abstract_socket()) +
               assigned("TCP", std::to_string(m_bait->tcp_port())) +
               assigned("UDP", std::to_string(m_bait->udp_port())) +
               assigned("INNER_SOCKET", work + "/inner") +
               assigned("PARENT", std::to_string(::getpid())) +
               assigned("USER_HOME", home ? home : "/root") + assigned("A", work + "/attempts") +
               "cd $WORK\nif (\n" + attempt.escape + "\n) 2>&1; then echo ESCAPED; fi\n" +
               "if (\n" + attempt.control + "\n) 2>&1; then echo CONTROL; fi\n";
    }

    void checkItWorksOutside(const EscapeAttempt& attempt) {
        m_ground = std::make_unique<CommandGround>();  // as if nobody had tried before
        plant();
        const std::string file = path("outside.sh");
        std::ofstream(file) << script(attempt, path("work"), path("notes"));
        FILE* const said = ::popen(("/bin/sh " + file + " < /dev/null 2>&1").c_str(), "r");
        std::string output;
        for (int c; (c = std::fgetc(said)) != EOF;) output.push_back(static_cast<char>(c));
        ::pclose(said);
        QVERIFY2(output.find("ESCAPED") != std::string::npos, output.c_str());
        ++m_n_outside;
    }

    CommandRunner m_runner{test::built_options()};
    std::unique_ptr<CommandGround> m_ground;
    std::unique_ptr<Bait> m_bait;
    UniqueNativeHandle m_inner;
    UniqueNativeHandle m_inner_datagrams;
    int m_n_tried = 0;
    int m_n_kept = 0;
    int m_n_outside = 0;
};

QTEST_GUILESS_MAIN(CommandEscapesTest)
#include "tst_command_escapes.moc"
