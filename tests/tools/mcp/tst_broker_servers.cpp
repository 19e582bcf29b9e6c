#include "tests/tools/mcp/server_ground.h"
#include "tools/audit/audit_log.h"
#include "tools/policy/broker.h"
#include "tools/policy/change_plan.h"

#include <QTest>

#include <fstream>
#include <random>

using namespace lares;
using lares::test::ServerGround;

/// Which calls of tool servers run: what is asked, what a yes covers, and what ends it.
class BrokerServersTest : public QObject {
    Q_OBJECT

private slots:
    void init() {
        if (!test::why_no_sandbox().empty()) QSKIP(test::why_no_sandbox().c_str());
        m_ground = std::make_unique<ServerGround>();
        m_ground->turn_on();
        m_audit = AuditLog::open(m_ground->tree.path("home/.local/share/lares") + "/audit").value();
        m_grants = std::make_unique<GrantList>(
            ProtectedFolders{m_ground->tree.path("home"), {m_ground->data.string()}});
        Broker::Options options;
        options.servers = m_ground->set.get();
        options.audit = m_audit.get();
        m_broker = std::make_unique<Broker>(*m_grants, options);
    }
    void cleanup() {
        m_broker.reset();
        m_audit.reset();
        m_ground.reset();
    }

    void offersThemBehindItsOwn() {
        const std::vector<Json> definitions = m_broker->definitions();
        QCOMPARE(definitions.size(),
                 ToolRegistry::builtin().definitions(ToolEffect::ReadFolders).size() + 10);
        QVERIFY(definitions.back()["function"]["name"] == "fake__variable");
        QVERIFY(m_ground->set->set_on("fake", false));
        QCOMPARE(m_broker->definitions().size(),
                 ToolRegistry::builtin().definitions(ToolEffect::ReadFolders).size());
        QVERIFY(refused(m_broker->prepare("fake__echo", {{"text", "x"}}, context()))
                    .startsWith("error: no such tool"));
    }
    void asksWithAllOfIt() {
        const PermissionRequest request =
            asked("fake__echo", {{"text", "one\n\xE2\x80\xAEtwo\ttabs"}});
        QCOMPARE(request.verb + " " + request.object, std::string("Use echo of fake"));
        QVERIFY(request.folders.empty() && request.path.empty());
        QCOMPARE(request.effect, ToolEffect::UseServer);
        QCOMPARE(request.server->server, std::string("fake"));
        QCOMPARE(request.server->n_folder, 2U);
        QCOMPARE(request.server->lines,
                 (std::vector<std::string>{"text: one", "  \\u{202e}two\\u{9}tabs"}));
        const PermissionPlan plan = plan_of({&request, 1});
        QVERIFY(plan.can_last() && plan.paths.empty() && plan.server);
        const ToolOutcome outcome = ran(m_broker->approve(request, GrantDuration::Once));
        QCOMPARE(outcome.result, std::string("one\n\xE2\x80\xAEtwo\ttabs"));
        QCOMPARE(outcome.summary.substr(0, 20), std::string("Used echo of fake: 1"));
        QCOMPARE(outcome.layers, (std::vector<std::string>{"bubblewrap", "landlock", "seccomp"}));
        // Once is once.
        QVERIFY(is_asked(m_broker->prepare("fake__echo", {{"text", "x"}}, context())));
    }
    void aYesForAConversationIsForThisToolThere() {
        const PermissionRequest request = asked("fake__echo", {{"text", "x"}});
        QCOMPARE(ran(m_broker->approve(request, GrantDuration::Conversation)).result,
                 std::string("x"));
        QCOMPARE(ran(m_broker->prepare("fake__echo", {{"text", "y"}}, context())).result,
                 std::string("y"));
        QVERIFY(is_asked(m_broker->prepare("fake__add", {{"a", 1}, {"b", 2}}, context())));
        CallContext other = context();
        other.conversation = "2";
        QVERIFY(is_asked(m_broker->prepare("fake__echo", {{"text", "x"}}, other)));
    }
    void aYesForGoodIsKeptAndTakenBack() {
        const PermissionRequest request = asked("fake__echo", {{"text", "x"}});
        QCOMPARE(ran(m_broker->approve(request, GrantDuration::Always)).result, std::string("x"));
        CallContext other = context();
        other.conversation = "2";
        Decision prepared = m_broker->prepare("fake__echo", {{"text", "x"}}, other);
        QVERIFY(std::holds_alternative<PreparedCall>(prepared));
        QVERIFY(m_ground->set->set_allowed("fake", "echo", false));
        const ToolOutcome outcome = ran(std::move(prepared));
        QVERIFY(outcome.is_error);
        QCOMPARE(outcome.summary, std::string("The permission was taken back."));
    }
    void aYesIsForTheDefinitionThatWasShown() {
        const PermissionRequest request = asked("fake__echo", {{"text", "x"}});
        QVERIFY(m_ground->set->set_on("fake", false));
        QVERIFY(m_ground->set->set_on("fake", true));
        std::ofstream(m_ground->data / "fake" / "changed") << "x";
        QVERIFY(m_ground->set->look("fake", {}));
        QVERIFY(m_ground->set->accept("fake", m_ground->set->infos().front().changes_sha256));
        // The yes was to another tool of this name: it is asked about anew.
        const ToolOutcome outcome = ran_or_refused(m_broker->approve(request, GrantDuration::Once));
        QVERIFY(outcome.is_error);
        QCOMPARE(outcome.code, ErrorCode::PermissionDenied);
    }
    void refusesWhatIsNoCall() {
        QCOMPARE(refused(m_broker->prepare("fake__add", {{"a", 1}}, context())),
                 QString("error: missing argument: b"));
        QCOMPARE(refused(m_broker->prepare("fake__add", {{"a", 1}, {"b", 1}, {"c", 1}}, context())),
                 QString("error: unknown argument: c"));
        CallContext none = context();
        none.offered.clear();
        QVERIFY(refused(m_broker->prepare("fake__echo", {{"text", "x"}}, none))
                    .startsWith("error: no such tool"));
    }
    void nobodyThereMeansNo() {
        const PermissionRequest request = asked("fake__echo", {{"text", "x"}});
        const Refusal refusal = m_broker->refuse(request, RefusalCause::NobodyToAsk);
        QCOMPARE(refusal.result, std::string("error: permission denied: fake__echo"));
        const PermissionRequest other = asked("fake__echo", {{"text", "x"}});
        QCOMPARE(m_broker->refuse(other).result, std::string("error: refused by the user"));
    }
    void theLogHasEachDecision() {
        (void)ran(m_broker->approve(asked("fake__echo", {{"text", "x"}}), GrantDuration::Always));
        (void)ran(m_broker->prepare("fake__echo", {{"text", "y"}}, context()));
        (void)m_broker->refuse(asked("fake__add", {{"a", 1}, {"b", 2}}));
        const std::string file = m_ground->tree.path("home") + "/log.jsonl";
        QVERIFY(m_audit->export_lines(file));
        std::ifstream lines(file);
        std::vector<std::string> seen;
        for (std::string line; std::getline(lines, line);) {
            const Json entry = Json::parse(line);
            if (entry.value("tool", "").empty()) continue;
            std::string text = entry.value("kind", "") + " " + entry.value("tool", "");
            if (entry.contains("details") && entry["details"].contains("by"))
                text += " by " + entry["details"].value("by", "");
            seen.push_back(std::move(text));
        }
        QCOMPARE(seen, (std::vector<std::string>{"decided fake__echo by user", "ended fake__echo",
                                                 "decided fake__echo by grant", "ended fake__echo",
                                                 "decided fake__add by user"}));
    }
    /// A hijacked model: whatever it asks for, nothing of it runs without a yes.
    void hostileCallsRunNothing() {
        Broker::Options options;
        options.servers = m_ground->set.get();
        Broker broker(*m_grants, options);
        std::mt19937 random(7);
        const std::vector<std::string> names = {
            "fake__keep", "fake__echo", "fake__",       "__keep",      "FAKE__keep",
            "fake_keep",  "keep",       "fake__keep\n", "fake__keep ", "fake__crash"};
        for (int i = 0; i < 2000; ++i) {
            const std::string name = names[random() % names.size()];
            Json arguments = {{"text", std::string(random() % 50, 'x')}};
            if (random() % 3 == 0) arguments["__proto__"] = Json::array({1});
            CallContext hostile = context();
            hostile.offered.push_back(name);
            const Decision decision = broker.prepare(name, arguments, hostile);
            QVERIFY(!std::holds_alternative<PreparedCall>(decision));
        }
        QVERIFY(!std::filesystem::exists(m_ground->data / "fake" / "kept.txt"));
    }

private:
    [[nodiscard]] CallContext context() const {
        CallContext context{"1", {}, "turn-1"};
        for (const Json& definition : m_broker->definitions())
            context.offered.push_back(definition["function"]["name"].get<std::string>());
        return context;
    }
    PermissionRequest asked(const std::string& name, const Json& arguments) {
        Decision decision = m_broker->prepare(name, arguments, context());
        auto* request = std::get_if<PermissionRequest>(&decision);
        if (!request) qFatal("%s was not asked about", name.c_str());
        return std::move(*request);
    }
    static bool is_asked(const Decision& decision) {
        return std::holds_alternative<PermissionRequest>(decision);
    }
    static QString refused(const Decision& decision) {
        const auto* refusal = std::get_if<Refusal>(&decision);
        return refusal ? QString::fromStdString(refusal->result) : QString("(not refused)");
    }
    ToolOutcome ran(Decision decision) {
        auto* call = std::get_if<PreparedCall>(&decision);
        if (!call) qFatal("the call may not run");
        return m_broker->run(std::move(*call));
    }
    /// Of one that may be asked about again: as if nobody were there.
    ToolOutcome ran_or_refused(Decision decision) {
        if (const auto* request = std::get_if<PermissionRequest>(&decision))
            return outcome_of(m_broker->refuse(*request, RefusalCause::NobodyToAsk));
        return ran(std::move(decision));
    }

    std::unique_ptr<ServerGround> m_ground;
    std::unique_ptr<AuditLog> m_audit;
    std::unique_ptr<GrantList> m_grants;
    std::unique_ptr<Broker> m_broker;
};

QTEST_GUILESS_MAIN(BrokerServersTest)
#include "tst_broker_servers.moc"
