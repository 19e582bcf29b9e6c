#include "tests/tools/sandbox/command_ground.h"

#include <QTest>

#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <fstream>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>

using namespace lares;
using lares::test::CommandGround;

namespace {

constexpr const char* kRealBubblewrap = "/usr/bin/bwrap";

/// A bubblewrap that says the right version, and otherwise does `rest`.
std::string fake(const std::string& rest) {
    return "#!/bin/sh\n[ \"$1\" = --version ] && { echo bubblewrap 0.8.0; exit 0; }\n" + rest +
           "\n";
}

/// The real one, with its arguments (a line each) edited first, and `more` after them.
std::string edited(const std::string& sed, const std::string& more = {}) {
    return fake("f=$(mktemp); tr '\\0' '\\n' <&5 | sed -e '" + sed +
                "' | tr '\\n' '\\0' > $f; exec 5< $f; rm $f; exec " + kRealBubblewrap +
                " --args 5 " + more + " -- /.lares/toolhost");
}

}  // namespace

/// Where a layer of the sandbox is missing, wrong or only said to be there, nothing runs, and the
/// sentence says what it is and what to do.
class CommandSetupFailuresTest : public QObject {
    Q_OBJECT

private slots:
    void init() {
        if (!test::why_no_sandbox().empty()) QSKIP(test::why_no_sandbox().c_str());
        m_ground = std::make_unique<CommandGround>();
    }
    void cleanupTestCase() {
        std::printf("%d set-ups that fail, %d refused\n", m_n_tried, m_n_refused);
    }

    void aWrongBubblewrapRunsNothing_data() {
        QTest::addColumn<QString>("program");
        QTest::addColumn<QString>("cause");
        const auto row = [](const char* name, const std::string& program, const char* cause) {
            QTest::newRow(name) << program.c_str() << cause;
        };
        row("too old", "#!/bin/sh\necho bubblewrap 0.7.0\n", "older than 0.8.0");
        row("another program", "#!/bin/sh\necho hello\n", "does not say its version");
        row("no program", "text", "does not say its version");
        row("does nothing", fake("exit 0"), "bubblewrap made no sandbox");
        row("fails", fake("echo 'bwrap: No permissions to create new namespace' >&2; exit 1"),
            "bwrap: No permissions to create new namespace; allow user namespaces");
        row("fails with much", fake("yes | head -c 60000 >&2; exit 1"), "(y; ");
        row("fails with odd bytes", fake("printf 'a\\033[31m\\001\\377b' >&2; exit 1"),
            "(a?[31m??b;");
        row("runs it without a sandbox", fake("exec /proc/self/fd/6"),
            "bubblewrap gave no namespace of its own (user)");
        row("runs the script itself", fake("exec /bin/sh /proc/self/fd/7"), "not found");
        row("says that it is ready",
            fake("echo ready 00000000000000000000000000000000 7 >&3; "
                 "exec /bin/sh /proc/self/fd/7"),
            "a wrong answer");
        row("says nonsense", fake("echo hello >&3; exec /bin/sh /proc/self/fd/7"),
            "something unexpected");
        row("says it without an end", fake("yes says | tr -d '\\n' | head -c 100000 >&3"),
            "says too much");
        row("says what is right",
            fake("n=$(sed -n 's/^nonce //p' <&4); echo ready $n 7 >&3; sh /proc/self/fd/7; echo "
                 "exited 0 >&3"),
            "the self-test did not run");
        row("lets the self-test out",
            fake("n=$(sed -n 's/^nonce //p' <&4); echo ready $n 7 >&3; cat <&6 > "
                 "/tmp/lares-fake-$$; chmod 700 "
                 "/tmp/lares-fake-$$; mkdir -p /tmp/lares-fake-d-$$; s=$(sed "
                 "\"s|/.lares/toolhost|/tmp/lares-fake-$$|; "
                 "s|/lares-self-test|/usr/bin|; s|/file|/sh|\" <&7); TMPDIR=/tmp/lares-fake-d-$$ "
                 "sh -c \"$s\"; rm -r "
                 "/tmp/lares-fake-*$$; echo exited 0 >&3"),
            "a command could get out");
        row("another first program", fake("exec /usr/bin/bwrap --args 5 -- /bin/sh /.lares/script"),
            "made no sandbox");
        row("no namespaces", edited("/^--unshare-all$/d;/^--as-pid-1$/d;/^--hostname$/,+1d"),
            "no namespace of its own");
        row("the system's network", edited("", "--share-net"), "no namespace of its own (net)");
        const std::string all[] = {"--unshare-pid", "--unshare-net", "--unshare-ipc",
                                   "--unshare-uts"};
        for (const std::string& missing : all) {
            std::string rest;
            for (const std::string& one : all) rest += one == missing ? "" : "\\n" + one;
            row(("not " + missing).c_str(),
                edited("s/^--unshare-all$/--unshare-user" + rest + "/" +
                       (missing == "--unshare-uts" ? ";/^--hostname$/,+1d" : "")),
                missing == "--unshare-pid" ? "(" : "no namespace of its own");
        }
        row("not process 1", edited("/^--as-pid-1$/d"), "no list of processes of its own");
        row("capabilities", edited("/^--cap-drop$/,+1d", "--cap-add CAP_SYS_PTRACE"),
            "capabilities");
        row("all capabilities", edited("", "--cap-add ALL"), "capabilities");
        row("a root that can be written", edited("$!N;s/^--remount-ro\\n\\/$//;P;D"),
            "/ can be written");
        row("/proc that can be written", edited("s/^\\/proc$/&/;/^--remount-ro$/{N;/\\/proc$/d}"),
            "/proc can be written");
        row("/dev that can be written", edited("/^--remount-ro$/{N;/\\/dev$/d}"),
            "/dev can be written");
        row("programs that can be written",
            edited("/^--ro-bind$/{N;s/--ro-bind\\n\\/usr/--bind\\n\\/usr/}"),
            "/usr can be written");
        row("other programs", edited("/^--ro-bind$/{N;s/\\n\\/usr/\\n\\/etc/}"),
            "/usr is not the system's own");
        row("notes that can be written",
            edited("/^--ro-bind$/{N;N;/self-test/s/--ro-bind/--bind/}"),
            "/lares-self-test can be written");
        row("another folder", edited("/^--ro-bind$/{N;N;/self-test/s/\\n.*\\n/\\n\\/etc\\n/}"),
            "another folder stands where /lares-self-test was granted");
        row("a folder is missing", edited("/^--ro-bind$/{N;N;/self-test/d}"),
            "the folder /lares-self-test");
        row("no script", edited("s/^\\/.lares\\/script$/\\/.lares\\/other/"), "/.lares/script");
        row("no shell", edited("s/^\\/bin$/\\/bin2/"), "/bin/sh: No such file");
        row("the order is cut",
            fake("head -c 100 <&4 > /tmp/lares-o-$$; exec 4< /tmp/lares-o-$$; rm /tmp/lares-o-$$; "
                 "exec /usr/bin/bwrap --args 5 -- /.lares/toolhost"),
            "the order for the sandbox is damaged");
        row("the order is long",
            fake("{ cat <&4; yes; } 2>/dev/null | head -c 400000 > /tmp/lares-o-$$; exec 4< "
                 "/tmp/lares-o-$$; rm "
                 "/tmp/lares-o-$$; exec /usr/bin/bwrap --args 5 -- /.lares/toolhost"),
            "the order is too long");
        row("no order", fake("exec 4<&-; exec /usr/bin/bwrap --args 5 -- /.lares/toolhost"), "(");
    }
    void aWrongBubblewrapRunsNothing() {
        QFETCH(QString, program);
        QFETCH(QString, cause);
        checkRefused(
            CommandRunner({test::built_toolhost(), written("bwrap", program.toStdString())}),
            cause);
    }

    void aBubblewrapThatCannotBeTrusted() {
        const std::string toolhost = test::built_toolhost();
        checkRefused(CommandRunner({toolhost, "/nowhere/bwrap"}),
                     "bubblewrap is missing; install the package bubblewrap");
        checkRefused(CommandRunner({toolhost, path("other")}), "is not a program");
        checkRefused(CommandRunner({toolhost, ""}), "bubblewrap is missing");
        const std::string copy = path("bwrap");
        std::filesystem::copy_file(kRealBubblewrap, copy);
        ::chmod(copy.c_str(), 0644);
        checkRefused(CommandRunner({toolhost, copy}), "is not a program");
        ::chmod(copy.c_str(), 04755);
        checkRefused(CommandRunner({toolhost, copy}), "has the rights of its owner");
        ::chmod(copy.c_str(), 02755);
        checkRefused(CommandRunner({toolhost, copy}), "has the rights of its owner");
        ::chmod(copy.c_str(), 0777);
        checkRefused(CommandRunner({toolhost, copy}), "others can write");
        ::chmod(copy.c_str(), 0755);
        QVERIFY(CommandRunner({toolhost, copy}).support().is_available);
    }
    void aToolhostThatCannotBeTrusted() {
        const auto refused = [&](const std::string& toolhost, const char* cause) {
            checkRefused(CommandRunner({toolhost, kRealBubblewrap}), cause);
        };
        refused("/nowhere/lares-toolhost", "lares-toolhost is missing");
        refused("", "lares-toolhost is missing");
        refused(path("other"), "is not a program");
        refused(written("empty", ""), "is not a program");
        refused(written("text", "not a program"), "(");
        refused(written("script", "#!/bin/sh\n[ $# = 0 ] && exec sh /.lares/script\n"),
                "made no sandbox");
        refused(written("liar",
                        "#!/bin/sh\n[ $# = 0 ] || exit 0\nn=$(sed -n 's/^nonce //p' <&4)\n"
                        "echo ready $n 7 >&3\nsh /.lares/script\n"),
                "the self-test did not run");
        refused(written("bolder",
                        "#!/bin/sh\nif [ $# = 0 ]; then n=$(sed -n 's/^nonce //p' <&4)\n"
                        "echo ready $n 7 >&3; sh /.lares/script; else echo control-read reached .; "
                        "echo control-write reached .; fi\n"),
                "the self-test did not run");
        refused(written("boldest",
                        "#!/bin/sh\ncase $1 in\n"
                        "'') n=$(sed -n 's/^nonce //p' <&4)\n"
                        "echo ready $n 7 >&3; sh /.lares/script;;\n"
                        "name) echo lares-toolhost;;\n"
                        "bait) echo bait /nowhere 1 2\n"
                        "while read -n 1 x; do echo alive; done;;\n"
                        "*) echo control-read reached .; echo control-write reached .;;\nesac\n"),
                "(");
        std::filesystem::copy_file("/usr/bin/true", path("true"));
        refused(path("true"), "made no sandbox");
        std::filesystem::copy_file(test::built_toolhost(), path("toolhost"));
        ::chmod(path("toolhost").c_str(), 0775);
        refused(path("toolhost"), "others can write");
        ::chmod(path("toolhost").c_str(), 0755);
        QVERIFY(CommandRunner({path("toolhost"), kRealBubblewrap}).support().is_available);
        // Another one that only looks the same.
        std::string bytes(std::filesystem::file_size(path("toolhost")) / 2, '\0');
        std::ifstream(path("toolhost"), std::ios::binary).read(bytes.data(), std::ssize(bytes));
        refused(written("half", bytes), "(");
    }

    /// The kernel refuses a step, or says that it took it and did not.
    void aLayerThatIsNotInForce_data() {
        QTest::addColumn<int>("call");
        QTest::addColumn<int>("error");
        QTest::addColumn<int>("option");
        QTest::addColumn<QString>("cause");
        constexpr int kAny = -1;
        const auto row = [](const char* name, long call, int error, int option, const char* cause) {
            QTest::newRow(name) << int(call) << error << option << cause;
        };
        row("no Landlock", SYS_landlock_create_ruleset, ENOSYS, kAny, "Landlock");
        row("Landlock is off", SYS_landlock_create_ruleset, EOPNOTSUPP, kAny, "Landlock");
        row("no Landlock rule", SYS_landlock_add_rule, EINVAL, kAny, "Landlock");
        row("Landlock refuses", SYS_landlock_restrict_self, EPERM, kAny, "Landlock");
        row("Landlock lies", SYS_landlock_restrict_self, 0, kAny, "Landlock: it is not in force");
        row("no seccomp", SYS_seccomp, ENOSYS, kAny, "seccomp");
        row("seccomp refuses", SYS_prctl, EINVAL, 22, "seccomp");
        row("seccomp lies", SYS_prctl, 0, 22, "seccomp: it is not in force");
        row("limits refused", SYS_prlimit64, EPERM, kAny, "the limit core");
        row("limits lie", SYS_prlimit64, 0, kAny, "the limit");
        row("descriptors stay open", SYS_close_range, ENOSYS, kAny, "close_range");
        row("no openat2", SYS_openat2, ENOSYS, kAny, "/usr");
        row("not private", SYS_prctl, EPERM, 4, "PR_SET_DUMPABLE");
        row("no working folder", SYS_chdir, EACCES, kAny, "the working folder");
        row("no processes", SYS_clone, EAGAIN, kAny, "fork");
    }
    void aLayerThatIsNotInForce() {
        QFETCH(int, call);
        QFETCH(int, error);
        QFETCH(int, option);
        QFETCH(QString, cause);
        writeFilter(path("filter"), static_cast<unsigned>(call), error, option);
        // The filter takes the place of a file that does not matter here.
        const std::string wrapper = fake(
            "f=$(mktemp); tr '\\0' '\\n' <&5 | sed -e '/^--perms$/{N;N;N;N;/\\n8\\n/d}' | tr '\\n' "
            "'\\0' > $f; exec 5< "
            "$f; rm $f; exec 8< " +
            path("filter") + "; exec " + kRealBubblewrap +
            " --args 5 --add-seccomp-fd 8 -- /.lares/toolhost");
        checkRefused(CommandRunner({test::built_toolhost(), written("bwrap", wrapper)}), cause);
    }

    void aFolderThatIsExchangedMeanwhile_data() {
        QTest::addColumn<QString>("exchange");
        QTest::addColumn<bool>("runs");
        QTest::newRow("nothing happens") << "true" << true;
        QTest::newRow("by a link") << "mv work gone; ln -s other work" << false;
        QTest::newRow("by another folder") << "mv work gone; mv other work" << false;
        QTest::newRow("by an empty folder") << "mv work gone; mkdir work" << false;
        QTest::newRow("by a link to /") << "mv work gone; ln -s / work" << false;
        QTest::newRow("by a file") << "mv work gone; echo > work" << false;
        QTest::newRow("by nothing") << "mv work gone" << false;
        QTest::newRow("folder in it, by a link")
            << "mv work/deep gone; ln -s ../other work/deep" << false;
        QTest::newRow("folder in it, by a link to /usr")
            << "mv work/deep gone; ln -s /oldroot/usr work/deep" << false;
        QTest::newRow("folder in it, by a link to our own")
            << "mv work/deep gone; ln -s /newroot/.lares work/deep" << false;
        QTest::newRow("folder in it, by another") << "mv work/deep gone; mkdir work/deep" << false;
        QTest::newRow("a link on the way")
            << "mv work w2; mkdir work; ln -s . work/x; rmdir work/x; rm -r work; ln -s w2 work"
            << true;
    }
    void aFolderThatIsExchangedMeanwhile() {
        QFETCH(QString, exchange);
        QFETCH(bool, runs);
        m_ground->tree.folder("work/deep");
        const FolderHandle deep = FolderHandle::open(path("work/deep")).value();
        const std::string flag = path("now");
        const std::string program = written(
            "bwrap", fake("if [ -e " + flag + " ]; then rm " + flag + "; cd " + path("") + "; " +
                          exchange.toStdString() + "; fi\nexec " + kRealBubblewrap + " \"$@\""));
        const CommandRunner runner({test::built_toolhost(), program});
        QVERIFY(runner.support().is_available);
        CommandSpec spec = m_ground->spec("echo ran; touch /desk/ran");
        spec.folders.push_back({&deep, "/desk/deep", false});
        m_ground->tree.file("now");
        const auto outcome = runner.run(spec, {});
        if (runs) {
            QVERIFY2(outcome && outcome->output == "ran\n",
                     outcome ? "" : outcome.error().message.c_str());
            return;
        }
        ++m_n_tried;
        QVERIFY(!outcome);
        QCOMPARE(outcome.error().code, ErrorCode::Unsupported);
        for (const char* place : {"work/ran", "gone/ran", "other/ran"})
            QVERIFY(::access(path(place).c_str(), F_OK) != 0);
        ++m_n_refused;
    }

    /// A hole in one layer shows nothing while the next one is there.
    void holesAreCoveredByTheNextLayer() {
        for (const char* hole : {"--ro-bind / /leak", "--bind / /leak", "--dev-bind /dev /leak"}) {
            const CommandRunner runner(
                {test::built_toolhost(),
                 written("bwrap", edited("s/^--remount-ro$/--remount-ro/", hole))});
            const auto outcome = runner.run(
                m_ground->spec(
                    "ls /leak || cat /leak/etc/passwd || head -c 1 /leak/zero || echo kept"),
                {});
            if (!outcome) continue;  // noticed even before
            QVERIFY2(outcome->output.ends_with("kept\n"), outcome->output.c_str());
        }
    }
    void tighterLimitsOfOursAreNoFailure() {
        rlimit files{};
        QCOMPARE(::getrlimit(RLIMIT_NOFILE, &files), 0);
        const CommandRunner runner(test::built_options());
        CommandSpec spec = m_ground->spec("ulimit -n");
        spec.limits.max_open_file =
            static_cast<std::uint32_t>(std::min<rlim_t>(files.rlim_max, 1U << 20)) + 7;
        const auto outcome = runner.run(spec, {});
        QVERIFY2(outcome, outcome ? "" : outcome.error().message.c_str());
        QVERIFY(std::stoull(outcome->output) <= files.rlim_max);
    }

private:
    std::string path(const std::string& relative) const { return m_ground->tree.path(relative); }

    /// A program of the test's.
    std::string written(const std::string& name, const std::string& text) const {
        m_ground->tree.file(name, text);
        ::chmod(path(name).c_str(), 0755);
        return path(name);
    }

    /// Where `option` is not negative, only with it as the first argument.
    static void writeFilter(const std::string& file, unsigned call, int error, int option) {
        const std::uint32_t answer = SECCOMP_RET_ERRNO | static_cast<std::uint32_t>(error);
        const auto wanted = static_cast<std::uint32_t>(option);
        const std::array<sock_filter, 6> program = {{
            BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
            BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call, 0, 3),
            BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, args)),
            BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, option < 0 ? 0 : wanted, 0, 1),
            BPF_STMT(BPF_RET | BPF_K, answer),
            BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
        }};
        std::array<sock_filter, 6> exact = program;
        if (option >= 0) exact[3].code = BPF_JMP | BPF_JEQ | BPF_K;
        std::ofstream(file, std::ios::binary)
            .write(reinterpret_cast<const char*>(exact.data()), sizeof exact);
    }

    void checkRefused(const CommandRunner& runner, const QString& cause) {
        ++m_n_tried;
        const CommandSupport support = runner.support();
        QVERIFY(!support.is_available);
        const auto outcome = runner.run(m_ground->spec("touch ran; touch /desk/ran"), {});
        QVERIFY(!outcome);
        QCOMPARE(outcome.error().code, ErrorCode::Unsupported);
        const QString message = QString::fromStdString(outcome.error().message);
        QVERIFY2(message.startsWith("Commands are switched off: this system cannot isolate them ("),
                 message.toUtf8().constData());
        QVERIFY2(message.contains(cause), message.toUtf8().constData());
        QVERIFY2(message.contains("; ") && message.endsWith(")"), message.toUtf8().constData());
        QVERIFY(::access(path("work/ran").c_str(), F_OK) != 0);
        QCOMPARE(message.toStdString(), support.reason);
        ++m_n_refused;
    }

    std::unique_ptr<CommandGround> m_ground;
    int m_n_tried = 0;
    int m_n_refused = 0;
};

QTEST_GUILESS_MAIN(CommandSetupFailuresTest)
#include "tst_command_setup_failures.moc"
