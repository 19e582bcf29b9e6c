#include "tests/support/folder_tree.h"
#include "tests/support/plain_shell.h"
#include "tools/journal/undo_journal.h"
#include "tools/policy/broker.h"
#include "tools/policy/change_plan.h"

#include <QTest>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sys/stat.h>

using namespace lares;
using lares::test::FolderTree;
using lares::test::PlainShell;
namespace fs = std::filesystem;

namespace {

std::string bytes_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

/// Which commands run, where, and what is left of them.
class BrokerCommandsTest : public QObject {
    Q_OBJECT

private slots:
    void init() {
        m_tree = std::make_unique<FolderTree>();
        m_tree->file("home/docs/a.txt", "text of a");
        m_tree->file("home/docs/sub/b.txt", "text of b");
        m_tree->folder("home/.local/share/lares");
        m_journal =
            std::move(UndoJournal::open(m_tree->path("home/.local/share/lares/undo")).value());
        m_grants = std::make_unique<GrantList>(
            ProtectedFolders{m_tree->path("home"), {m_tree->path("home/.local/share/lares")}});
        m_shell = std::make_unique<PlainShell>();
        m_broker = std::make_unique<Broker>(*m_grants, options());
        m_broker->offer_commands(true);
    }
    void cleanup() {
        m_broker.reset();
        m_journal.reset();
    }

    void isOffTillSomebodyTurnsItOn() {
        Broker broker(*m_grants, options());
        QVERIFY(!broker.offers_commands());
        QCOMPARE(broker.definitions().size(), std::size_t{11});
        const Decision decision = broker.prepare("run_command", arguments("true"), context());
        QCOMPARE(refusal(decision), QString("error: commands are switched off"));
        broker.offer_commands(true);
        QCOMPARE(broker.definitions().size(), std::size_t{12});
    }
    void needsASandboxAndAJournal() {
        Broker::Options without = options();
        without.commands = nullptr;
        Broker one(*m_grants, without);
        one.offer_commands(true);
        QVERIFY(!one.offers_commands());
        without = options();
        without.changes = nullptr;
        Broker other(*m_grants, without);
        other.offer_commands(true);
        QVERIFY(!other.offers_commands());
        QVERIFY(refusal(other.prepare("run_command", arguments("true"), context()))
                    .startsWith("error: commands are switched off"));
    }
    void isAskedAboutEachTime() {
        grant(Access::ReadWrite);
        for (int i = 0; i < 2; ++i) {
            const PermissionRequest request = asked("echo one\necho \xE2\x80\xAE two");
            QCOMPARE(request.verb + " " + request.object, std::string("Run a command in docs"));
            QCOMPARE(request.path, m_tree->path("home/docs"));
            QVERIFY(request.folders.empty());  // a yes is for this once
            QCOMPARE(request.command->lines,
                     (std::vector<std::string>{"echo one", "echo \\u{202e} two"}));
            QVERIFY(request.command->keeps_changes);
            const Decision decision = m_broker->approve(request, GrantDuration::Always);
            QVERIFY(std::holds_alternative<PreparedCall>(decision));
        }
        QCOMPARE(m_grants->list().size(), std::size_t{1});
        const PermissionPlan plan = plan_of(std::vector{asked("true")});
        QCOMPARE(plan.command->lines, std::vector<std::string>{"true"});
    }
    void worksInACopy() {
        grant(Access::ReadWrite);
        const ToolOutcome outcome = ran("cat a.txt; pwd; echo new > n.txt; mv a.txt sub/");
        QVERIFY(m_shell->ran_in != m_tree->path("home/docs"));
        QVERIFY(m_shell->ran_in.starts_with(m_tree->path("home/.local/share/lares/work")));
        QCOMPARE(m_shell->last.folders.front().seen_as, m_tree->path("home/docs"));
        QCOMPARE(m_shell->last.working_folder, m_tree->path("home/docs"));
        QVERIFY(m_shell->last.folders.front().is_writable);
        QVERIFY(!fs::exists(m_shell->ran_in));  // gone with the call
        QCOMPARE(QString::fromStdString(outcome.result),
                 "exit status 0\ntext of a" + QString::fromStdString(m_shell->ran_in) +
                     "\n[moved 1 item, wrote 1 file]");
        QCOMPARE(outcome.summary, std::string("Ran a command in docs: exit status 0, 2 changes"));
        QCOMPARE(outcome.layers, (std::vector<std::string>{"bubblewrap", "landlock", "seccomp"}));
        QCOMPARE(bytes_of(m_tree->path("home/docs/n.txt")), std::string("new\n"));
        QCOMPARE(bytes_of(m_tree->path("home/docs/sub/a.txt")), std::string("text of a"));
        QCOMPARE(outcome.changes.size(), std::size_t{2});
        QCOMPARE(m_journal->changes_of_turn("turn-1")->size(), std::size_t{2});
        QVERIFY(m_journal->undo(outcome.changes)->is_complete());
        QVERIFY(!fs::exists(m_tree->path("home/docs/n.txt")));
        QCOMPARE(bytes_of(m_tree->path("home/docs/a.txt")), std::string("text of a"));
    }
    void worksInAFolderInside() {
        grant(Access::ReadWrite);
        const ToolOutcome outcome = ran("ls; echo x > x", "~/docs/sub");
        QCOMPARE(QString::fromStdString(outcome.result),
                 QString("exit status 0\nb.txt\n[wrote 1 file]"));
        QCOMPARE(bytes_of(m_tree->path("home/docs/sub/x")), std::string("x\n"));
    }
    void aFailureKeepsWhatWasDone() {
        grant(Access::ReadWrite);
        const ToolOutcome outcome = ran("echo x > x; echo broken >&2; exit 3");
        QVERIFY(!outcome.is_error);
        QCOMPARE(QString::fromStdString(outcome.result),
                 QString("exit status 3\nbroken\n[wrote 1 file]"));
        QVERIFY(fs::exists(m_tree->path("home/docs/x")));
    }
    void whatDidNotEndByItselfKeepsNothing_data() {
        QTest::addColumn<CommandEnd>("end");
        QTest::addColumn<QString>("text");
        QTest::newRow("time") << CommandEnd::TimedOut << "error: ended after 60 s";
        QTest::newRow("silent") << CommandEnd::Silent << "error: ended after 20 s without output";
        QTest::newRow("memory") << CommandEnd::TooMuchMemory
                                << "error: ended: more than 2.1 GB of memory";
        QTest::newRow("disk") << CommandEnd::TooMuchWritten
                              << "error: ended: more than 537 MB written";
        QTest::newRow("stopped") << CommandEnd::Stopped << "error: stopped by the user";
    }
    void whatDidNotEndByItselfKeepsNothing() {
        QFETCH(CommandEnd, end);
        QFETCH(QString, text);
        grant(Access::ReadWrite);
        m_shell->end = end;
        const ToolOutcome outcome = ran("echo x > x; echo so far");
        QVERIFY(outcome.is_error);
        QCOMPARE(QString::fromStdString(outcome.result), text + "\nso far");
        QVERIFY(!fs::exists(m_tree->path("home/docs/x")));
        QVERIFY(outcome.changes.empty());
    }
    void aFolderThatMayBeReadIsOnlyRead() {
        grant(Access::Read);
        QVERIFY(!asked("cat a.txt").command->keeps_changes);
        const ToolOutcome outcome = ran("cat a.txt");
        QCOMPARE(QString::fromStdString(outcome.result), QString("exit status 0\ntext of a"));
        QCOMPARE(m_shell->ran_in, m_tree->path("home/docs"));
        QVERIFY(!m_shell->last.folders.front().is_writable);
    }
    void aFolderThatNobodyGrantedIsAskedAboutWithTheCommand() {
        const PermissionRequest request = asked("echo x > x");
        QVERIFY(request.command->keeps_changes);
        Decision decision = m_broker->approve(request, GrantDuration::Once);
        const ToolOutcome outcome = m_broker->run(std::move(std::get<PreparedCall>(decision)));
        QVERIFY(!outcome.is_error);
        QVERIFY(fs::exists(m_tree->path("home/docs/x")));
        QVERIFY(m_grants->list().empty());
    }
    void whereNoCommandRuns_data() {
        QTest::addColumn<QString>("folder");
        QTest::newRow("the home folder") << "~";
        QTest::newRow("everything") << "/";
        QTest::newRow("Lares' own data") << "~/.local/share/lares";
        QTest::newRow("nowhere") << "~/missing";
        QTest::newRow("a file") << "~/docs/a.txt";
        QTest::newRow("the kernel's") << "/proc/self";
        QTest::newRow("a link out of the grant") << "~/docs/out";
    }
    void whereNoCommandRuns() {
        QFETCH(QString, folder);
        m_tree->link("home/docs/out", m_tree->path("home/.local/share/lares"));
        grant(Access::ReadWrite);
        const Decision decision =
            m_broker->prepare("run_command", arguments("true", folder.toStdString()), context());
        QCOMPARE(refusal(decision), "error: permission denied: " + folder);
    }
    void wrongCalls() {
        QCOMPARE(refusal(m_broker->prepare("run_command", arguments(" \n\t"), context())),
                 QString("error: empty command"));
        QVERIFY(refusal(m_broker->prepare("run_command", arguments(std::string(16'001, 'x')),
                                          context()))
                    .startsWith("error: argument too long: command"));
        QVERIFY(
            refusal(m_broker->prepare("run_command", arguments(std::string("a\0b", 3)), context()))
                .startsWith("error: control character"));
        QVERIFY(refusal(m_broker->prepare("run_command",
                                          {{"command", "true"}, {"folder", "~/docs"}, {"env", "x"}},
                                          context()))
                    .startsWith("error: unknown argument: env"));
    }
    void nobodyToAskMeansNo() {
        grant(Access::ReadWrite);
        const Refusal no = m_broker->refuse(asked("true"), RefusalCause::NobodyToAsk);
        QVERIFY(QString::fromStdString(no.reason).startsWith("Each command is asked about"));
        QCOMPARE(m_broker->refuse(asked("true")).result, std::string("error: refused by the user"));
    }
    void aGrantThatWasTakenBackStopsIt() {
        const GrantId id = grant(Access::ReadWrite);
        Decision decision = m_broker->approve(asked("echo x > x"), GrantDuration::Once);
        m_grants->revoke(id);
        const ToolOutcome outcome = m_broker->run(std::move(std::get<PreparedCall>(decision)));
        QCOMPARE(outcome.code, ErrorCode::PermissionDenied);
        QVERIFY(m_shell->ran_in.empty());
    }
    void aSandboxThatFailsRunsNothing() {
        grant(Access::ReadWrite);
        m_shell->fails = true;
        const ToolOutcome outcome = ran("echo x > x");
        QCOMPARE(outcome.code, ErrorCode::Unsupported);
        QCOMPARE(outcome.summary, std::string("bubblewrap is missing; install it"));
    }
    void whatCouldRunLaterStaysInTheCopy() {
        grant(Access::ReadWrite);
        m_tree->file("home/docs/tool", "#!/bin/sh\n");
        ::chmod(m_tree->path("home/docs/tool").c_str(), 0755);
        const ToolOutcome outcome =
            ran("mkdir .git; echo > .git/config; echo evil >> tool; echo > x; chmod +x x; rm a.txt;"
                "ln -s /etc/passwd l");
        QCOMPARE(QString::fromStdString(outcome.result),
                 QString("exit status 0\n[wrote 1 file]\n[left as it was, not deleted: a.txt]\n"
                         "[left as it was, no plain file: l]\n"
                         "[left as it was, could run as a program: .git, tool]\n"
                         "[cannot be run yet: x]"));
        QVERIFY(!fs::exists(m_tree->path("home/docs/.git")));
        QCOMPARE(bytes_of(m_tree->path("home/docs/tool")), std::string("#!/bin/sh\n"));
        QVERIFY(fs::exists(m_tree->path("home/docs/a.txt")));
        struct stat status {};
        QCOMPARE(::stat(m_tree->path("home/docs/x").c_str(), &status), 0);
        QVERIFY((status.st_mode & 0111) == 0);
    }
    void aFolderThatIsTooLargeIsOnlyRead() {
        grant(Access::ReadWrite);
        for (int i = 0; i < 5'001; ++i) m_tree->file("home/docs/many/" + std::to_string(i));
        const ToolOutcome outcome = ran("cat a.txt");
        QCOMPARE(m_shell->ran_in, m_tree->path("home/docs"));
        QVERIFY(!m_shell->last.folders.front().is_writable);
        QCOMPARE(QString::fromStdString(outcome.result),
                 QString("exit status 0\ntext of a\n[the folder is too large to work in a copy of "
                         "it, so it could only be read]"));
    }
    void whatIsPutInItsPlaceMeanwhileIsNotUsed() {
        grant(Access::ReadWrite);
        m_shell->meanwhile = [this] {
            fs::rename(m_tree->path("home/docs/sub"), m_tree->path("home/docs/was"));
            m_tree->folder("outside");
            m_tree->link("home/docs/sub", m_tree->path("outside"));
        };
        const ToolOutcome outcome = ran("echo x > sub/x");
        QVERIFY(!fs::exists(m_tree->path("outside/x")));
        QVERIFY(outcome.changes.empty());
        QVERIFY(outcome.result.find("[not done: permission denied: sub/x]") != std::string::npos);
    }
    void longOutputIsCut() {
        grant(Access::ReadWrite);
        const ToolOutcome outcome =
            ran("i=0; while [ $i -lt 5000 ]; do echo line $i; i=$((i+1)); done");
        QVERIFY(outcome.result.size() < 9'000);
        QVERIFY(outcome.result.starts_with("exit status 0\nline 0\n"));
        QVERIFY(outcome.result.ends_with("line 4999"));
        QVERIFY(outcome.result.find("characters left out ...]") != std::string::npos);
    }

private:
    Broker::Options options() {
        Broker::Options options;
        options.home = m_tree->path("home");
        options.changes = m_journal.get();
        options.commands = m_shell.get();
        options.scratch_folder = m_tree->path("home/.local/share/lares/work");
        return options;
    }
    static CallContext context() { return {"c1", {"run_command"}, "turn-1"}; }
    static Json arguments(const std::string& command, const std::string& folder = "~/docs") {
        return {{"command", command}, {"folder", folder}};
    }
    GrantId grant(Access access) {
        Grant grant;
        grant.folder = m_tree->path("home/docs");
        grant.access = access;
        grant.duration = GrantDuration::Always;
        return m_grants->add(grant).value().id;
    }
    PermissionRequest asked(const std::string& command, const std::string& folder = "~/docs") {
        Decision decision = m_broker->prepare("run_command", arguments(command, folder), context());
        if (!std::holds_alternative<PermissionRequest>(decision)) return {};
        return std::get<PermissionRequest>(std::move(decision));
    }
    ToolOutcome ran(const std::string& command, const std::string& folder = "~/docs") {
        Decision decision = m_broker->approve(asked(command, folder), GrantDuration::Once);
        if (const auto* no = std::get_if<Refusal>(&decision)) return outcome_of(*no);
        return m_broker->run(std::move(std::get<PreparedCall>(decision)));
    }
    static QString refusal(const Decision& decision) {
        const auto* no = std::get_if<Refusal>(&decision);
        return no ? QString::fromStdString(no->result) : QString("not refused");
    }

    std::unique_ptr<FolderTree> m_tree;
    std::unique_ptr<UndoJournal> m_journal;
    std::unique_ptr<GrantList> m_grants;
    std::unique_ptr<PlainShell> m_shell;
    std::unique_ptr<Broker> m_broker;
};

QTEST_GUILESS_MAIN(BrokerCommandsTest)
#include "tst_broker_commands.moc"
