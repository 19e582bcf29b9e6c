#include "tests/support/folder_tree.h"
#include "tests/support/plain_shell.h"
#include "tests/support/small_disk.h"
#include "tools/audit/audit_log.h"
#include "tools/journal/undo_journal.h"
#include "tools/policy/broker.h"

#include <QTest>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <mutex>
#include <random>

using namespace lares;
using lares::test::FolderTree;
namespace fs = std::filesystem;

namespace {

const std::vector<std::string> kAll = {"get_time",   "calculate",   "list_folder", "read_file",
                                       "find_files", "make_folder", "move",        "write_file"};

/// What the broker wrote down, as one line an entry.
class RecordedLog final : public CallLog {
public:
    Result<EntryNumber> decided_all(std::span<const DecidedCall> calls) override {
        if (fails) return Error{ErrorCode::Io, "calls.db: the disk is full; free some space"};
        const EntryNumber first = n_entry + 1;
        for (const DecidedCall& call : calls) note(call);
        ++n_write;
        return first;
    }
    Result<void> ended_all(std::span<const EndedCall> calls) override {
        if (fails) return Error{ErrorCode::Io, "calls.db: the disk is full; free some space"};
        for (const EndedCall& call : calls) note(call);
        ++n_write;
        return {};
    }

    bool fails = false;
    int n_write = 0;
    EntryNumber n_entry = 0;
    std::vector<std::string> lines;
    std::vector<DecidedCall> decisions;
    std::vector<EndedCall> ends;

private:
    void note(const DecidedCall& call) {
        decisions.push_back(call);
        std::string line = (call.is_allowed ? "allowed " : "refused ") +
                           (call.tool.empty() ? "(" + call.called + ")" : call.tool) + " by " +
                           std::string(to_string(call.by));
        if (!call.lasts.empty()) line += " " + call.lasts;
        if (!call.grants.empty()) line += " of grant";
        lines.push_back(std::move(line));
        ++n_entry;
    }
    void note(const EndedCall& call) {
        ends.push_back(call);
        lines.push_back("ended " + std::to_string(call.decision) +
                        (call.is_error ? " " + std::string(to_string(call.code)) : " ok"));
        ++n_entry;
    }
};

}  // namespace

/// Every door of the broker leaves an entry, and nothing acts without one.
class BrokerAuditTest : public QObject {
    Q_OBJECT

private slots:
    void init() {
        m_tree = std::make_unique<FolderTree>();
        m_tree->file("docs/a.txt", "text of a");
        m_grants = std::make_unique<GrantList>(
            ProtectedFolders{m_tree->path("home"), {m_tree->path("data")}});
        m_journal = std::move(UndoJournal::open(m_tree->path("data/undo")).value());
        m_log = std::make_unique<RecordedLog>();
        m_broker = std::make_unique<Broker>(*m_grants, options(m_log.get()));
    }
    void cleanup() {
        m_broker.reset();
        m_journal.reset();
    }

    void harmlessTools() {
        run(prepare("calculate", {{"expression", "2+2"}}));
        expect({"allowed calculate by rules", "ended 1 ok"});
        QCOMPARE(m_log->decisions[0].arguments, std::string("{\"expression\":\"2+2\"}"));
    }
    void whatTheRulesRefuse() {
        (void)prepare("fly", {{"to", "the moon"}});
        (void)prepare("read_file", {{"name", "x"}});
        (void)prepare("list_folder", {{"path", "/"}});
        (void)m_broker->prepare("read_file", {{"path", "/x"}}, {"1", {}});
        expect({"refused (fly) by rules", "refused read_file by rules",
                "refused list_folder by rules", "refused read_file by rules"});
        QVERIFY(!m_log->decisions[2].reason.empty());
        QCOMPARE(m_log->decisions[0].arguments, std::string("{\"to\":\"the moon\"}"));
    }
    void aGrantedFolder() {
        grant(Access::Read);
        run(prepare("read_file", {{"path", m_tree->path("docs/a.txt")}}));
        expect({"allowed read_file by grant of grant", "ended 1 ok"});
        QCOMPARE(m_log->decisions[0].paths, std::vector{m_tree->path("docs/a.txt")});
        QCOMPARE(m_log->decisions[0].folders, std::vector{m_tree->path("docs")});
        QCOMPARE(m_log->decisions[0].conversation, std::string("1"));
        QCOMPARE(m_log->decisions[0].turn, std::string("t"));
        QCOMPARE(m_log->ends[0].result_bytes, std::size_t{9});
        QVERIFY(!m_log->ends[0].layers.empty());
    }
    void aCommandIsThereWhole() {
        lares::test::PlainShell shell;
        Broker::Options with = options(m_log.get());
        with.commands = &shell;
        with.scratch_folder = m_tree->path("data/work");
        m_broker = std::make_unique<Broker>(*m_grants, with);
        m_broker->offer_commands(true);
        grant(Access::ReadWrite);
        const std::string script = "echo 1 > n.txt # " + std::string(9'000, 'x') + " end";
        const Json arguments = {{"command", script}, {"folder", m_tree->path("docs")}};
        Decision decision =
            m_broker->prepare("run_command", arguments, {"1", {"run_command"}, "t"});
        run(m_broker->approve(std::get<PermissionRequest>(decision), GrantDuration::Once));
        expect({"allowed run_command by user once of grant", "ended 1 ok"});
        QVERIFY(m_log->decisions[0].arguments.find(script) != std::string::npos);
        QCOMPARE(m_log->decisions[0].paths, std::vector{m_tree->path("docs")});
        QCOMPARE(m_log->ends[0].changes.size(), std::size_t{1});
        // What cannot be written down does not run.
        m_log->fails = true;
        shell.ran_in.clear();
        decision = m_broker->prepare("run_command", arguments, {"1", {"run_command"}, "t"});
        if (auto* asked = std::get_if<PermissionRequest>(&decision))
            decision = m_broker->approve(*asked, GrantDuration::Once);
        QVERIFY(std::holds_alternative<Refusal>(decision));
        QVERIFY(shell.ran_in.empty());
    }
    void whatTheUserSays() {
        const auto read = [&] {
            return std::get<PermissionRequest>(
                prepare("read_file", {{"path", m_tree->path("docs/a.txt")}}));
        };
        run(m_broker->approve(read(), GrantDuration::Once));
        (void)m_broker->refuse(read());
        (void)m_broker->refuse(read(), RefusalCause::NobodyToAsk);
        const PermissionRequest last = read();
        run(m_broker->approve(last, GrantDuration::Conversation));
        (void)m_broker->approve(last, GrantDuration::Always);  // answered already
        (void)m_broker->refuse(last);
        expect({"allowed read_file by user once", "ended 1 ok", "refused read_file by user",
                "refused read_file by nobody", "allowed read_file by user conversation of grant",
                "ended 5 ok", "refused read_file by rules", "refused read_file by user"});
    }
    /// A yes that comes too late is judged anew: one entry, not two.
    void aYesToOtherGrants() {
        const auto request = std::get<PermissionRequest>(
            prepare("read_file", {{"path", m_tree->path("docs/a.txt")}}));
        grant(Access::Read);
        run(m_broker->approve(request, GrantDuration::Once));
        expect({"allowed read_file by grant of grant", "ended 1 ok"});
    }
    void aRevokedGrant() {
        const GrantId id = grant(Access::Read);
        Decision decision = prepare("read_file", {{"path", m_tree->path("docs/a.txt")}});
        m_grants->revoke(id);
        run(std::move(decision));
        expect({"allowed read_file by grant of grant", "ended 1 permission_denied"});
    }
    void changesAndTheirContent() {
        grant(Access::ReadWrite);
        run(prepare("write_file",
                    {{"path", m_tree->path("docs/b.txt")}, {"content", "a love letter"}}));
        (void)prepare("write_file", {{"content", "a love letter"}});
        (void)prepare("save", {{"content", "a love letter"}});
        expect({"allowed write_file by grant of grant", "ended 1 ok", "refused write_file by rules",
                "refused (save) by rules"});
        QCOMPARE(m_log->ends[0].changes.size(), std::size_t{1});
        for (const DecidedCall& call : m_log->decisions) {
            QVERIFY2(call.arguments.find("letter") == std::string::npos, call.arguments.c_str());
            QVERIFY(call.arguments.find("\"bytes\":13") != std::string::npos);
        }
        QCOMPARE(m_log->decisions[0].paths, std::vector{m_tree->path("docs/b.txt")});
    }
    void callsOfOneAnswer() {
        const std::vector<RequestedCall> calls = {
            {"make_folder", {{"path", m_tree->path("docs/new")}}},
            {"move",
             {{"source", m_tree->path("docs/a.txt")}, {"destination", m_tree->path("docs/new")}}}};
        std::vector<PermissionRequest> requests;
        for (Decision& one : m_broker->prepare_all(calls, context()))
            requests.push_back(std::get<PermissionRequest>(std::move(one)));
        for (Decision& one : m_broker->approve_all(requests, GrantDuration::Once))
            run(std::move(one));
        expect({"allowed make_folder by user once", "allowed move by user once", "ended 1 ok",
                "ended 2 ok"});
        QCOMPARE(m_log->decisions[1].paths,
                 (std::vector{m_tree->path("docs/a.txt"), m_tree->path("docs/new/a.txt")}));
    }
    /// A disk is written to twice for a plan, not twice for each of its calls.
    void callsOfOneAnswerAreWrittenTogether() {
        grant(Access::ReadWrite);
        std::vector<RequestedCall> calls;
        for (int i = 0; i < 40; ++i)
            calls.push_back({"make_folder", {{"path", m_tree->path("docs/" + std::to_string(i))}}});
        calls.push_back({"fly", {}});
        for (Decision& one : m_broker->prepare_all(calls, context()))
            if (std::holds_alternative<PreparedCall>(one)) run(std::move(one));
        QCOMPARE(m_log->decisions.size(), std::size_t{41});
        QCOMPARE(m_log->ends.size(), std::size_t{40});
        for (int i = 0; i < 40; ++i) QCOMPARE(m_log->ends[i].decision, EntryNumber{i + 1});
        QVERIFY2(m_log->n_write < 40, qPrintable(QString::number(m_log->n_write)));
    }
    /// Somebody stops in the middle of a plan: what was done has its end in the log.
    void aPlanThatIsLetGo() {
        grant(Access::ReadWrite);
        std::vector<RequestedCall> calls;
        for (const char* name : {"docs/1", "docs/2", "docs/3"})
            calls.push_back({"make_folder", {{"path", m_tree->path(name)}}});
        {
            std::vector<Decision> decisions = m_broker->prepare_all(calls, context());
            run(std::move(decisions[0]));
        }
        expect({"allowed make_folder by grant of grant", "allowed make_folder by grant of grant",
                "allowed make_folder by grant of grant", "ended 1 ok"});
    }
    void secretsAreRedacted() {
        (void)prepare("fly", {{"password", "hunter2"}, {"x", "token=abcdef"}});
        const std::string& arguments = m_log->decisions[0].arguments;
        QCOMPARE(arguments,
                 std::string("{\"password\":\"[redacted]\",\"x\":\"token=[redacted]\"}"));
    }

    /// Its entries say what was decided, and no word of the calls; the chain holds all the same.
    void aTemporaryConversationLeavesNoWord() {
        const auto log = AuditLog::open(m_tree->path("data/audit"));
        QVERIFY(log);
        Broker broker(*m_grants, options(log->get()));
        CallContext from = context();
        from.is_temporary = true;
        const Json file = {{"path", m_tree->path("docs/a.txt")}};
        const auto ask = [&] {
            return std::get<PermissionRequest>(broker.prepare("read_file", file, from));
        };
        (void)broker.prepare("fly", {{"to", "docs on the moon"}}, from);
        (void)broker.prepare("read_file", {{"docs", "a.txt"}}, from);
        const PermissionRequest asked = ask();
        Decision approved = broker.approve(asked, GrantDuration::Once);
        QCOMPARE(broker.run(std::move(std::get<PreparedCall>(approved))).result,
                 std::string("text of a"));
        (void)broker.approve(asked, GrantDuration::Always);  // answered already
        (void)broker.refuse(asked);
        (void)broker.refuse(ask(), RefusalCause::NobodyToAsk);
        const auto report = (*log)->check();
        QVERIFY2(report && report->is_intact(), report ? report->problem.c_str() : "");
        QCOMPARE(report->n_entry, std::int64_t{8});
        QVERIFY((*log)->export_lines(m_tree->path("lines")));
        std::ifstream lines(m_tree->path("lines"));
        const std::string said{std::istreambuf_iterator<char>(lines), {}};
        QVERIFY(said.find("read_file") != std::string::npos);
        for (const char* word : {"docs", "moon", "fly", "private", "salt"})
            QVERIFY2(said.find(word) == std::string::npos, said.c_str());
    }

    /// Nothing is read or changed; a refusal stays one, and arithmetic goes on.
    void withoutAnEntryNothingActs() {
        grant(Access::ReadWrite);
        m_tree->file("other/c.txt", "text of c");
        const auto asked = std::get<PermissionRequest>(
            prepare("read_file", {{"path", m_tree->path("other/c.txt")}}));
        m_log->fails = true;
        for (const auto& [name, arguments] : std::map<std::string, Json>{
                 {"read_file", {{"path", m_tree->path("docs/a.txt")}}},
                 {"make_folder", {{"path", m_tree->path("docs/new")}}},
                 {"write_file", {{"path", m_tree->path("docs/a.txt")}, {"content", "x"}}}}) {
            const Decision decision = prepare(name, arguments);
            const auto* refusal = std::get_if<Refusal>(&decision);
            QVERIFY2(refusal, name.c_str());
            QCOMPARE(refusal->code, ErrorCode::Io);
            QCOMPARE(refusal->result, std::string("error: cannot be written down, so not done: "
                                                  "calls.db: the disk is full; free some space"));
            QVERIFY(refusal->reason.find("free some space") != std::string::npos);
        }
        QVERIFY(!fs::exists(m_tree->path("docs/new")));
        const Decision approved = m_broker->approve(asked, GrantDuration::Once);
        QVERIFY(std::holds_alternative<Refusal>(approved));
        QCOMPARE(std::get<Refusal>(prepare("fly", {})).result,
                 std::string("error: no such tool: fly"));
        QCOMPARE(run(prepare("calculate", {{"expression", "2+2"}})).result, std::string("4"));
        QVERIFY(m_log->ends.empty());
    }
    void anEndThatCannotBeWrittenIsSaid() {
        grant(Access::ReadWrite);
        Decision decision = prepare("make_folder", {{"path", m_tree->path("docs/new")}});
        m_log->fails = true;
        const ToolOutcome outcome = run(std::move(decision));
        QVERIFY(!outcome.is_error);
        QVERIFY(fs::exists(m_tree->path("docs/new")));
        QVERIFY(outcome.summary.find("not in the tool log: calls.db: the disk is full") !=
                std::string::npos);
    }

    /// A disk that is full when the model calls, with the real log: the sentence says what to do.
    void onAFullDiskNothingActs() {
        grant(Access::ReadWrite);
        const std::string folder = m_tree->path("data/audit");
        fs::create_directory(folder);
        const auto check = [&]() -> std::string {
            const auto log = AuditLog::open(folder);
            if (!log) return log.error().message;
            Broker broker(*m_grants, options(log->get()));
            test::fill_disk(folder + "/all");
            for (int i = 0; i < 300; ++i) {
                const std::string path = m_tree->path("docs/" + std::to_string(i));
                Decision decision = broker.prepare("make_folder", {{"path", path}}, context());
                const auto* refusal = std::get_if<Refusal>(&decision);
                if (!refusal) {
                    (void)broker.run(std::move(std::get<PreparedCall>(decision)));
                    continue;
                }
                if (fs::exists(path)) return "it was made";
                return refusal->reason.find("free some space") == std::string::npos
                           ? refusal->reason
                           : std::string();
            }
            return "everything was written down on a full disk";
        };
        const auto problem = test::on_small_disk(folder, 400'000, check);
        if (!problem) QSKIP("this system does not let the test mount anything");
        QVERIFY2(problem->empty(), problem->c_str());
    }

    /// Ten thousand calls of a model in an attacker's hands: each is an entry, and the chain holds.
    void hostileCallsAreWrittenDown() {
        if (fs::exists("/dev/shm")) qputenv("TMPDIR", "/dev/shm");
        const FolderTree memory;
        const auto log = AuditLog::open(memory.path("audit"));
        QVERIFY(log);
        Broker broker(*m_grants, options(log->get()));
        grant(Access::Read);
        std::mt19937 random(7);
        std::int64_t n_expected = 1;
        for (int i = 0; i < 10'000; ++i) {
            const std::string name = random() % 4 ? kAll[random() % kAll.size()] : junk(random);
            Json arguments = Json::object();
            for (const char* field :
                 {"path", "source", "destination", "content", "expression", "pattern"})
                if (random() % 3 == 0) arguments[field] = junk(random);
            if (random() % 8 == 0) arguments[junk(random)] = junk(random);
            if (random() % 50 == 0) arguments = Json::array({junk(random)});
            CallContext from = context();
            from.conversation = random() % 20 ? "1" : junk(random);
            Decision decision = broker.prepare(name, arguments, from);
            if (auto* call = std::get_if<PreparedCall>(&decision)) {
                (void)broker.run(std::move(*call));
                n_expected += 2;
            } else if (const auto* asked = std::get_if<PermissionRequest>(&decision)) {
                (void)broker.refuse(*asked);
                ++n_expected;
            } else {
                ++n_expected;
            }
        }
        const auto report = (*log)->check();
        QVERIFY2(report && report->is_intact(), report ? report->problem.c_str() : "");
        QCOMPARE(report->n_entry, n_expected);
        const auto n_line = (*log)->export_lines(memory.path("lines"));
        QCOMPARE(n_line.value_or(0), n_expected);
        QVERIFY(fs::file_size(memory.path("audit/calls.db")) < 100'000'000);
    }

private:
    Broker::Options options(CallLog* log) const {
        Broker::Options options;
        options.home = m_tree->path("home");
        options.changes = m_journal.get();
        options.audit = log;
        return options;
    }
    static CallContext context() { return {"1", kAll, "t"}; }
    Decision prepare(const std::string& name, const Json& arguments) {
        return m_broker->prepare(name, arguments, context());
    }
    GrantId grant(Access access) {
        Grant grant;
        grant.folder = m_tree->path("docs");
        grant.access = access;
        grant.conversation = "1";
        return m_grants->add(grant)->id;
    }
    ToolOutcome run(Decision decision) {
        if (auto* call = std::get_if<PreparedCall>(&decision))
            return m_broker->run(std::move(*call));
        ToolOutcome none;
        none.result = "(not prepared)";
        return none;
    }
    void expect(const std::vector<std::string>& lines) const { QCOMPARE(m_log->lines, lines); }

    /// Control characters, bytes that are no text, huge and empty ones, paths and tokens.
    std::string junk(std::mt19937& random) const {
        switch (random() % 8) {
            case 0:
                return m_tree->path("docs/a.txt");
            case 1:
                return std::string(random() % 40'000, static_cast<char>(random()));
            case 2:
                return "\u202e../../etc/passwd\n";
            case 3:
                return std::string("\0nul", 4) + "'; DROP TABLE entries; --";
            case 4:
                return "password=\"" + std::string(random() % 100, 'p');
            case 5:
                return {};
            default: {
                std::string bytes(random() % 64, '\0');
                for (char& byte : bytes) byte = static_cast<char>(random());
                return bytes;
            }
        }
    }

    std::unique_ptr<FolderTree> m_tree;
    std::unique_ptr<GrantList> m_grants;
    std::unique_ptr<UndoJournal> m_journal;
    std::unique_ptr<RecordedLog> m_log;
    std::unique_ptr<Broker> m_broker;
};

QTEST_GUILESS_MAIN(BrokerAuditTest)
#include "tst_broker_audit.moc"
