#include "tests/tools/sandbox/command_ground.h"
#include "tools/sandbox/input_pipe.h"

#include <QTest>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <sstream>
#include <sys/stat.h>
#include <sys/wait.h>
#include <thread>

using namespace lares;
using lares::test::CommandGround;
using namespace std::chrono_literals;

namespace {

std::string text_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

std::size_t n_entries(const char* folder) {
    const std::filesystem::directory_iterator entries(folder);
    return static_cast<std::size_t>(std::distance(begin(entries), end(entries)));
}

/// Processes whose command line contains `mark`, of everybody that /proc shows.
unsigned n_processes_with(const std::string& mark) {
    unsigned n = 0;
    for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
        if (text_of(entry.path() / "cmdline").find(mark) != std::string::npos) ++n;
    }
    return n;
}

}  // namespace

/// What a command gets, what it leaves, and how each limit ends it.
class CommandRunnerTest : public QObject {
    Q_OBJECT

private slots:
    void init() {
        if (!test::why_no_sandbox().empty()) QSKIP(test::why_no_sandbox().c_str());
        m_ground = std::make_unique<CommandGround>();
    }

    void saysWhatItPrintsAndHowItEnded() {
        const CommandOutcome outcome = ran("echo out; echo err >&2; exit 7");
        QCOMPARE(outcome.end, CommandEnd::Exited);
        QCOMPARE(outcome.status, 7);
        QCOMPARE(outcome.output, std::string("out\nerr\n"));
        QCOMPARE(outcome.left_out_bytes, 0U);
        QCOMPARE(outcome.layers, (std::vector<std::string>{"bubblewrap", "landlock", "seccomp"}));
    }
    void aSignalIsNoExitStatus() {
        CommandOutcome outcome = ran("kill -SEGV $$");
        QCOMPARE(outcome.end, CommandEnd::Signalled);
        QCOMPARE(outcome.status, SIGSEGV);
        outcome = ran("exit 139");
        QCOMPARE(outcome.end, CommandEnd::Exited);
        QCOMPARE(outcome.status, 139);
    }
    void worksInItsFolders() {
        const CommandOutcome outcome = ran(
            "pwd; cat inside.txt /notes/note.txt; echo new > made.txt; mkdir d; mv made.txt d/m; "
            "ln -s m d/link; echo x >> inside.txt; rm -f nothing; echo t > /tmp/t && cat /tmp/t; "
            "cd; pwd; id -un");
        QCOMPARE(outcome.output, std::string("/desk\ninside\na note\nt\n/work-home\nuser\n"));
        QCOMPARE(outcome.status, 0);
        QCOMPARE(text_of(path("work/d/link")), std::string("new\n"));
        QCOMPARE(text_of(path("work/inside.txt")), std::string("inside\nx\n"));
        struct stat status {};
        QCOMPARE(::stat(path("work/d/m").c_str(), &status), 0);
        QCOMPARE(status.st_uid, ::geteuid());
    }
    void streamsAreApart() {
        InputPipe input = InputPipe::open().value();
        QVERIFY(input.write("first\nsecond\n", std::chrono::steady_clock::now() + 5s, {}));
        std::string printed;
        CommandSpec spec = m_ground->spec(
            "read a; echo \"got $a\"; echo complaint >&2; read b; echo \"got $b\"; read c || echo "
            "end");
        spec.streams = CommandStreams{input.reading_end(), [&](std::string_view bytes) {
                                          printed += bytes;
                                          if (printed.ends_with("second\n")) input.close();
                                      }};
        const auto outcome = CommandRunner(test::built_options()).run(spec, {});
        QVERIFY2(outcome, outcome ? "" : outcome.error().message.c_str());
        QCOMPARE(outcome->end, CommandEnd::Exited);
        QCOMPARE(printed, std::string("got first\ngot second\nend\n"));
        QCOMPARE(outcome->output, std::string("complaint\n"));
    }
    void whoDoesNotReadIsWaitedForUntilTheDeadline() {
        InputPipe input = InputPipe::open().value();
        const std::string much(1 << 20, 'x');
        const auto written =
            input.write(much, std::chrono::steady_clock::now() + 50ms, std::stop_token());
        QVERIFY(!written);
        QCOMPARE(written.error().code, ErrorCode::Cancelled);
        input.close();
        QVERIFY(!input.write("x", std::chrono::steady_clock::now() + 1s, {}));
    }
    void startsInAFolderBelow() {
        m_ground->tree.folder("work/a b/c");
        CommandSpec spec = m_ground->spec("pwd");
        spec.working_folder = "/desk/a b/c";
        QCOMPARE(ran(spec).output, std::string("/desk/a b/c\n"));
    }
    void ordinaryToolsWork() {
        const CommandOutcome outcome =
            ran("seq 3 | sort -r | tr '\\n' ' '; printf 'b\\na\\n' > l; sort l | head -n 1; "
                "find . -name '*.txt'; grep -c in inside.txt; (exit 3) || echo $?; "
                "date +%Y > /dev/null && echo dated; x=$(echo sub); echo $x > /dev/stdout; "
                "yes | head -n 1; sleep 0.05; wc -c < /bin/sh > /dev/null; cp inside.txt c && cmp "
                "inside.txt c; "
                "tar cf /tmp/a.tar . && tar tf /tmp/a.tar | grep -c inside; echo $HOME $TMPDIR; "
                "env | wc -l");
        QCOMPARE(
            outcome.output.substr(0, outcome.output.rfind('\n', outcome.output.size() - 2) + 1),
            std::string("3 2 1 a\n./inside.txt\n1\n3\ndated\nsub\ny\n1\n/work-home /tmp\n"));
        QCOMPARE(outcome.status, 0);
    }
    void theScriptIsAFileWhateverIsInIt() {
        const std::string odd =
            "#!/bin/false\nprintf '%s|' \"$#\" \"$0\"\n"
            "printf 'caf\xc3\xa9 \xff\\n' # '\"`$(\n-x 2>/dev/null\ncat <<'E'\n$x `\\\nE\n";
        QCOMPARE(ran(odd).output, std::string("0|/.lares/script|caf\xc3\xa9 \xff\n$x `\\\n"));
        QCOMPARE(ran("").status, 0);
        QCOMPARE(ran("-c 'echo no'").status, 127);
        QCOMPARE(ran("if true; then").status, 2);
        std::string big;
        for (int i = 0; i < 20'000; ++i) big += "# line\n";
        QCOMPARE(ran(big + "echo end").output, std::string("end\n"));
    }
    void outputMayBeAnyBytes() {
        const CommandOutcome outcome = ran("printf '\\000\\001\\377\\n\\000'");
        QCOMPARE(outcome.output, std::string("\0\1\377\n\0", 5));
    }
    void ofMuchOutputBothEndsAreKept() {
        CommandSpec spec = m_ground->spec("seq 1 2000000");
        spec.limits.kept_first_bytes = 10;
        spec.limits.kept_last_bytes = 16;
        const CommandOutcome outcome = ran(spec);
        QCOMPARE(outcome.output, std::string("1\n2\n3\n4\n5\n1999999\n2000000\n"));
        QCOMPARE(outcome.left_out_bytes, 14'888'896U - 26U);
        QCOMPARE(outcome.end, CommandEnd::Exited);
    }
    void outputWithoutEndIsBounded() {
        CommandSpec spec = m_ground->spec("yes");
        spec.limits.wall_time = 700ms;
        const CommandOutcome outcome = ran(spec);
        QCOMPARE(outcome.end, CommandEnd::TimedOut);
        QCOMPARE(outcome.output.size(), std::size_t(256) << 10);
        QVERIFY(outcome.left_out_bytes > 0);
    }

    void limitsEndIt_data() {
        QTest::addColumn<QString>("script");
        QTest::addColumn<int>("end");
        QTest::newRow("time") << "while :; do echo x; sleep 0.1; done" << int(CommandEnd::TimedOut);
        QTest::newRow("silence") << "echo x; sleep 100" << int(CommandEnd::Silent);
        QTest::newRow("memory") << "head -c 200M /dev/zero | tail | wc -c"
                                << int(CommandEnd::TooMuchMemory);
        QTest::newRow("disk")
            << "for i in 1 2 3 4 5 6 7 8; do head -c 8M /dev/zero > f$i; sleep 0.3; "
               "echo; done; sleep 5"
            << int(CommandEnd::TooMuchWritten);
        QTest::newRow("disk, and deleted at once") << "for i in 1 2 3 4 5 6 7 8; do head -c 8M "
                                                      "/dev/zero > f; rm f; sleep 0.3; echo; done; "
                                                      "sleep 5"
                                                   << int(CommandEnd::TooMuchWritten);
    }
    void limitsEndIt() {
        QFETCH(QString, script);
        QFETCH(int, end);
        CommandSpec spec = m_ground->spec(script.toStdString());
        // The limit that a row is not about must be far away, and the one it is about be reached.
        const bool is_time = end == int(CommandEnd::TimedOut);
        spec.limits.wall_time = is_time ? 1s : 60s;
        spec.limits.silent_time = end == int(CommandEnd::Silent) ? 1000ms : 30'000ms;
        spec.limits.max_resident_bytes = 100ULL << 20;
        spec.limits.max_written_bytes = 20ULL << 20;
        const CommandOutcome outcome = ran(spec);
        QCOMPARE(int(outcome.end), end);
        QVERIFY(outcome.duration < 30s);
    }
    void aFileTooLargeIsNotWritten() {
        CommandSpec spec = m_ground->spec("head -c 3M /dev/zero > big; echo $?; wc -c < big");
        spec.limits.max_file_bytes = 1ULL << 20;
        const CommandOutcome outcome = ran(spec);
        QVERIFY2(outcome.output.find("1048576\n") != std::string::npos, outcome.output.c_str());
        QVERIFY(!outcome.output.starts_with("0\n"));
    }
    void processorTimeEndsAProcess() {
        CommandSpec spec = m_ground->spec("while :; do :; done");
        spec.limits.processor_time = 1s;
        const CommandOutcome outcome = ran(spec);
        QCOMPARE(outcome.end, CommandEnd::Signalled);
        QVERIFY(outcome.status == SIGKILL || outcome.status == SIGXCPU);
    }
    void openFilesAreLimited() {
        CommandSpec spec = m_ground->spec("ulimit -n; ulimit -c; ulimit -Hn");
        spec.limits.max_open_file = 32;
        QCOMPARE(ran(spec).output, std::string("32\n0\n32\n"));
    }
    void addressSpaceIsLimited() {
        CommandSpec spec =
            m_ground->spec("dd if=/dev/zero of=/dev/null bs=300M count=1 2>&1; echo $?");
        spec.limits.max_address_space_bytes = 200ULL << 20;
        const CommandOutcome outcome = ran(spec);
        QVERIFY2(outcome.output.ends_with("1\n"), outcome.output.c_str());
    }
    void processesAreLimited() {
        CommandSpec spec = m_ground->spec(
            "for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do sleep 30 & done; "
            "sleep 5; "
            "echo all");
        spec.limits.max_process = 8;
        const CommandOutcome outcome = ran(spec);
        // As root the system does not count, so it is ended instead.
        QVERIFY2(outcome.output.find("all") == std::string::npos, outcome.output.c_str());
        QVERIFY(outcome.duration < 20s);
    }
    void temporaryFilesAreLimited_data() {
        QTest::addColumn<QString>("place");
        for (const char* place : {"/tmp", "/work-home", "/dev/shm"}) QTest::newRow(place) << place;
    }
    void temporaryFilesAreLimited() {
        QFETCH(QString, place);
        CommandSpec spec = m_ground->spec("head -c 3M /dev/zero > " + place.toStdString() +
                                          "/f; echo $?; stat -c %s " + place.toStdString() + "/f");
        spec.limits.max_temporary_bytes = 1ULL << 20;
        const CommandOutcome outcome = ran(spec);
        QVERIFY2(outcome.output.ends_with("\n1\n1048576\n"), outcome.output.c_str());
    }

    void stopEndsIt() {
        std::stop_source stop;
        std::jthread later([&] {
            // As soon as it is there.
            while (::access(path("work/started").c_str(), F_OK) != 0)
                std::this_thread::sleep_for(5ms);
            stop.request_stop();
        });
        const auto outcome =
            runner().run(m_ground->spec("touch started; sleep 100"), stop.get_token());
        QVERIFY(outcome);
        QCOMPARE(outcome->end, CommandEnd::Stopped);
        QVERIFY(outcome->duration < 20s);
    }
    void stoppedBeforeItBegins() {
        std::stop_source stop;
        stop.request_stop();
        const auto outcome = runner().run(m_ground->spec("sleep 100"), stop.get_token());
        QVERIFY(outcome);
        QCOMPARE(outcome->end, CommandEnd::Stopped);
    }
    void nothingOutlivesIt_data() {
        QTest::addColumn<QString>("script");
        QTest::addColumn<bool>("is_stopped");
        const char* daemon =
            "setsid sh -c 'trap \"\" TERM HUP; sleep %1 & (sleep %1 &); exec sleep %1' "
            "< /dev/null > /dev/null 2>&1 &\n";
        const char* holder = "setsid sleep %1 &\n";
        QTest::newRow("daemon") << QString(daemon) + "sleep 0.3; exit 4" << false;
        QTest::newRow("holds the output") << QString(holder) + "exit 4" << false;
        QTest::newRow("daemon, stopped") << QString(daemon) + "sleep %1" << true;
        QTest::newRow("ignores everything, stopped")
            << "trap '' 1 2 3 13 15; while :; do sleep %1; done" << true;
    }
    void nothingOutlivesIt() {
        QFETCH(QString, script);
        QFETCH(bool, is_stopped);
        // A number of seconds that only this test sleeps for.
        const std::string mark = "3" + std::to_string(::getpid()) + ".25";
        CommandSpec spec = m_ground->spec(script.replace("%1", mark.c_str()).toStdString());
        if (is_stopped) spec.limits.wall_time = 1s;
        const CommandOutcome outcome = ran(spec);
        QCOMPARE(outcome.end, is_stopped ? CommandEnd::TimedOut : CommandEnd::Exited);
        if (!is_stopped) QCOMPARE(outcome.status, 4);
        QCOMPARE(n_processes_with(mark), 0U);
    }
    void nothingIsLeftOpenOrBehind() {
        (void)ran("true");
        const std::size_t n_open = n_entries("/proc/self/fd");
        const std::size_t n_thread = n_entries("/proc/self/task");
        for (int i = 0; i < 5; ++i) {
            (void)ran("echo x; exit 1");
            CommandSpec spec = m_ground->spec("sleep 50");
            spec.limits.wall_time = 200ms;
            QCOMPARE(ran(spec).end, CommandEnd::TimedOut);
        }
        QCOMPARE(n_entries("/proc/self/fd"), n_open);
        QCOMPARE(n_entries("/proc/self/task"), n_thread);
        QCOMPARE(::waitpid(-1, nullptr, WNOHANG), -1);  // no child, not even a dead one
    }
    void whoeverKillsBubblewrapKillsAll() {
        const std::string mark = "4" + std::to_string(::getpid()) + ".25";
        std::jthread killer([&] {
            while (::access(path("work/started").c_str(), F_OK) != 0)
                std::this_thread::sleep_for(5ms);
            for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
                const std::string stat = text_of(entry.path() / "stat");
                const std::string parent = ") S " + std::to_string(::getpid()) + " ";
                if (stat.find("(bwrap" + parent) == std::string::npos) continue;
                ::kill(std::stoi(entry.path().filename()), SIGKILL);
            }
        });
        const CommandOutcome outcome =
            ran("setsid sleep " + mark + " & touch started; sleep " + mark);
        QCOMPARE(outcome.end, CommandEnd::Signalled);
        QCOMPARE(n_processes_with(mark), 0U);
    }
    void manyAtOnce() {
        const CommandRunner one = runner();
        std::atomic<int> n_right = 0;
        {
            std::vector<std::jthread> threads;
            for (int i = 0; i < 6; ++i) {
                threads.emplace_back([&, i] {
                    const std::string script =
                        "echo " + std::to_string(i) + "; exit " + std::to_string(i);
                    const auto outcome = one.run(m_ground->spec(script), {});
                    n_right += outcome && outcome->status == i &&
                               outcome->output == std::to_string(i) + "\n";
                });
            }
        }
        QCOMPARE(n_right.load(), 6);
    }

    void foldersCanBeInEachOther() {
        m_ground->tree.file("notes/deep/er/f", "x");
        const FolderHandle deeper = FolderHandle::open(path("notes/deep/er")).value();
        CommandSpec spec =
            m_ground->spec("echo a > /notes/deep/er/g; echo b > /notes/h; ls /notes/deep/er");
        spec.folders.insert(spec.folders.begin(), {&deeper, "/notes/deep/er", true});
        const CommandOutcome outcome = ran(spec);
        QVERIFY2(outcome.output.ends_with("f\ng\n"), outcome.output.c_str());
        QVERIFY(::access(path("notes/deep/er/g").c_str(), F_OK) == 0);
        QVERIFY(::access(path("notes/h").c_str(), F_OK) != 0);
    }
    void aRenamedFolderIsStillTheOne() {
        std::filesystem::rename(path("work"), path("renamed"));
        m_ground->tree.file("work/inside.txt", "another");
        QCOMPARE(ran("cat inside.txt").output, std::string("inside\n"));
    }
    void specsThatMakeNoSense_data() {
        QTest::addColumn<QString>("place");
        QTest::addColumn<QString>("working");
        const auto row = [](const char* place) { QTest::newRow(place) << place << place; };
        for (const char* place : {"/",
                                  "/usr",
                                  "/usr/local/x",
                                  "/bin",
                                  "/lib64",
                                  "/lib/x",
                                  "/proc",
                                  "/proc/1/root",
                                  "/dev",
                                  "/dev/shm/x",
                                  "/etc",
                                  "/etc/alternatives",
                                  "/sys/x",
                                  "/tmp",
                                  "/run/user/1000",
                                  "/run/media",
                                  "/.lares",
                                  "/.lares/script",
                                  "/work-home",
                                  "/oldroot/x",
                                  "relative",
                                  "",
                                  "/a/../usr",
                                  "/a/./b",
                                  "/a//b",
                                  "/a/",
                                  "/a\nb",
                                  "/a\x01",
                                  "/a/..",
                                  "/notes",
                                  "/desk/missing",
                                  "/notes/link"})
            row(place);
        QTest::newRow("working folder outside") << "/fine"
                                                << "/notes2";
        QTest::newRow("working folder twin") << "/fine"
                                             << "/fine2";
        QTest::newRow("working folder up") << "/fine"
                                           << "/fine/../etc";
        QTest::newRow("no working folder") << "/fine"
                                           << "";
    }
    void specsThatMakeNoSense() {
        QFETCH(QString, place);
        QFETCH(QString, working);
        m_ground->tree.link("notes/link", path("other"));
        const FolderHandle other = FolderHandle::open(path("other")).value();
        CommandSpec spec = m_ground->spec("touch /desk/ran");
        spec.folders.push_back({&other, place.toStdString(), true});
        spec.working_folder = working.toStdString();
        const auto outcome = runner().run(spec, {});
        QVERIFY(!outcome);
        QCOMPARE(outcome.error().code, ErrorCode::InvalidArgument);
        QVERIFY(!outcome.error().message.empty());
        QVERIFY(::access(path("work/ran").c_str(), F_OK) != 0);
    }
    void limitsThatMakeNoSense() {
        CommandSpec spec = m_ground->spec("true");
        spec.limits.max_process = 0;
        QCOMPARE(runner().run(spec, {}).error().code, ErrorCode::InvalidArgument);
        spec = m_ground->spec(std::string(300'000, '#'));
        QCOMPARE(runner().run(spec, {}).error().code, ErrorCode::InvalidArgument);
        spec = m_ground->spec("true");
        spec.folders.front().folder = nullptr;
        QCOMPARE(runner().run(spec, {}).error().code, ErrorCode::InvalidArgument);
        std::filesystem::remove_all(path("work"));
        QCOMPARE(runner().run(m_ground->spec("true"), {}).error().code, ErrorCode::InvalidArgument);
    }
    void supportNamesTheLayers() {
        const CommandRunner one = runner();
        const CommandSupport support = one.support();
        QVERIFY2(support.is_available, support.reason.c_str());
        QVERIFY(support.reason.empty());
        QCOMPARE(support.layers, (std::vector<std::string>{"bubblewrap", "landlock", "seccomp"}));
    }

private:
    static CommandRunner& runner() {
        static CommandRunner one(test::built_options());
        return one;
    }
    std::string path(const std::string& relative) const { return m_ground->tree.path(relative); }

    CommandOutcome ran(const CommandSpec& spec) const {
        const auto outcome = runner().run(spec, {});
        if (outcome) return *outcome;
        qWarning("%s", outcome.error().message.c_str());
        CommandOutcome failed;
        failed.status = -1;
        return failed;
    }
    CommandOutcome ran(const std::string& script) const { return ran(m_ground->spec(script)); }

    std::unique_ptr<CommandGround> m_ground;
};

QTEST_GUILESS_MAIN(CommandRunnerTest)
#include "tst_command_runner.moc"
