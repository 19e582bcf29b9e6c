#include "tests/tools/policy/call_log_in_memory.h"
#include "tools/policy/broker.h"

#include <QTest>

#include <condition_variable>
#include <functional>
#include <future>
#include <mutex>
#include <thread>

using namespace lares;

namespace {

PastText pastText(std::int64_t message, const std::string& text) {
    PastText past;
    past.message = {1, message, 0};
    past.title = "Heating";
    past.text = text;
    return past;
}

/// One message a page.
class PastInMemory final : public PastReader {
public:
    Result<PastPage> read(const std::string& asking,
                          std::int64_t before,
                          const RunLimits& limits) override {
        asked.push_back(asking);
        if (during) during(limits);
        if (limits.stop.stop_requested()) return Error{ErrorCode::Cancelled, "stopped"};
        if (fails) return Error{ErrorCode::Io, "the disk is gone"};
        PastPage page;
        for (const PastText& text : texts) {
            if (before != 0 && text.message.message >= before) continue;
            page.texts = {text};
            page.next = text.message.message > 1 ? text.message.message : 0;
            break;
        }
        return page;
    }

    std::vector<PastText> texts;  ///< the newest first, down to message 1
    std::vector<std::string> asked;
    bool fails = false;
    std::function<void(const RunLimits&)> during;
};

/// Until somebody wants an end of it.
void wait_for_stop(const RunLimits& limits) {
    std::mutex mutex;
    std::condition_variable_any changed;
    std::unique_lock lock(mutex);
    changed.wait(lock, limits.stop, [] { return false; });
}

}  // namespace

/// When a model may look into earlier conversations, and what ends that.
class BrokerPastTest : public QObject {
    Q_OBJECT

private slots:
    void init() {
        m_reader = PastInMemory();
        m_reader.texts = {pastText(3, "The boiler is loud."), pastText(2, "Rivers."),
                          pastText(1, "A new boiler costs 2,000.")};
        m_log = test::CallLogInMemory();
        m_grants = std::make_unique<GrantList>(ProtectedFolders{});
        m_broker = std::make_unique<Broker>(*m_grants, options());
        m_broker->offer_past(true);
    }

    void isOffTillSomebodyTurnsItOn() {
        Broker broker(*m_grants, options());
        const std::vector<Json> before = broker.definitions();
        QCOMPARE(result(broker.prepare("search_conversations", query("boiler"), context())),
                 QString("error: earlier conversations are switched off"));
        broker.offer_past(true);
        QCOMPARE(broker.definitions().size(), before.size() + 1);
        QCOMPARE(broker.definitions().back()["function"]["name"].get<std::string>(),
                 std::string("search_conversations"));
        broker.offer_past(false);
        QVERIFY(broker.definitions() == before);
    }
    void needsAReader() {
        Broker broker(*m_grants, {});
        broker.offer_past(true);
        QVERIFY(!broker.offers_past());
        QCOMPARE(result(broker.prepare("search_conversations", query("boiler"), context())),
                 QString("error: earlier conversations are switched off"));
    }
    void isNotForTemporaryConversations() {
        QCOMPARE(m_broker->definitions(/*is_temporary=*/true).size() + 1,
                 m_broker->definitions().size());
        CallContext temporary = context();
        temporary.is_temporary = true;
        QCOMPARE(result(m_broker->prepare("search_conversations", query("boiler"), temporary)),
                 QString("error: earlier conversations are switched off"));
        QVERIFY(m_log.decisions.back().is_temporary);  // the log keeps no word of it
        QVERIFY(m_reader.asked.empty());
    }
    void readsAllOfItWithoutAQuestion() {
        const ToolOutcome outcome = run("boiler");
        QVERIFY(!outcome.is_error);
        QCOMPARE(QString::fromStdString(outcome.summary),
                 QString("Searched earlier conversations for boiler: 2 passages in 1 "
                         "conversation"));
        QVERIFY(outcome.result.find("A new boiler costs 2,000.") != std::string::npos);
        QCOMPARE(outcome.sources.size(), std::size_t{2});
        QVERIFY(outcome.sources[0].message.has_value());
        QVERIFY(outcome.paths.empty());
        QCOMPARE(m_reader.asked.size(), std::size_t{3});
        QCOMPARE(m_reader.asked[0], std::string("c1"));  // who asks is left out
        QCOMPARE(run("boiler").result, outcome.result);
    }
    void noPermissionForFoldersOpensIt() {
        QCOMPARE(ToolRegistry::builtin().find_or_null("search_conversations")->effect,
                 ToolEffect::ReadPast);
        for (const Json& tool : ToolRegistry::builtin().definitions(ToolEffect::RunPrograms))
            QVERIFY(tool["function"]["name"] != "search_conversations");
    }
    void aCallThatWaitsDoesNotRunOnceItIsOff() {
        PreparedCall call = prepared("boiler");
        m_broker->offer_past(false);
        const ToolOutcome outcome = m_broker->run(std::move(call));
        QCOMPARE(QString::fromStdString(outcome.result),
                 QString("error: earlier conversations are switched off"));
        QCOMPARE(outcome.code, ErrorCode::PermissionDenied);
        QVERIFY(m_reader.asked.empty());
    }
    void turningItOffEndsASearchAndWhatItFound() {
        m_reader.during = [&](const RunLimits& limits) {
            if (m_reader.asked.size() < 2) return;
            m_broker->offer_past(false);
            m_broker->offer_past(true);  // even where somebody changes his mind
            QVERIFY(limits.stop.stop_requested());
        };
        const ToolOutcome outcome = run("boiler");
        QCOMPARE(QString::fromStdString(outcome.result),
                 QString("error: earlier conversations are switched off"));
        QVERIFY(outcome.sources.empty());
        QCOMPARE(m_reader.asked.size(), std::size_t{2});
        m_reader.during = {};
        QVERIFY(!run("boiler").is_error);
    }
    void stopsWhereItWaits() {
        std::stop_source stop;
        std::promise<void> waits;
        m_reader.during = [&](const RunLimits& limits) {
            waits.set_value();
            wait_for_stop(limits);
        };
        auto outcome = std::async(std::launch::async, [&, call = prepared("boiler")]() mutable {
            return m_broker->run(std::move(call), stop.get_token());
        });
        waits.get_future().wait();
        stop.request_stop();
        const ToolOutcome ended = outcome.get();
        QCOMPARE(QString::fromStdString(ended.result), QString("error: stopped by the user"));
        QVERIFY(ended.sources.empty());
    }
    void outOfTimeItShowsWhatItHas() {
        Broker::Options some = options();
        some.time_limit = std::chrono::milliseconds(1);
        Broker broker(*m_grants, some);
        broker.offer_past(true);
        m_reader.during = [&](const RunLimits& limits) {
            while (!limits.expired()) std::this_thread::yield();
        };
        Decision decision = broker.prepare("search_conversations", query("boiler"), context());
        const ToolOutcome outcome = broker.run(std::get<PreparedCall>(std::move(decision)));
        QVERIFY(outcome.result.ends_with("[stopped: out of time]"));
        QCOMPARE(m_reader.asked.size(), std::size_t{1});
    }
    void saysWhyItCannotBeRead() {
        m_reader.fails = true;
        const ToolOutcome outcome = run("boiler");
        QVERIFY(outcome.is_error);
        QCOMPARE(QString::fromStdString(outcome.result),
                 QString("error: earlier conversations cannot be searched: the disk is gone"));
    }
    void emptyQueriesReadNothing() {
        QCOMPARE(QString::fromStdString(run("").result), QString("error: empty text: query"));
        QCOMPARE(QString::fromStdString(run("?!").result), QString("(nothing found)"));
        QVERIFY(m_reader.asked.empty());
        QCOMPARE(result(m_broker->prepare("search_conversations", {{"query", 7}}, context())),
                 QString("error: argument is not a text: query"));
        QCOMPARE(result(m_broker->prepare("search_conversations", query(std::string(1001, 'x')),
                                          context())),
                 QString("error: argument too long: query (1000 bytes at most)"));
    }
    void theLogHasItsEntry() {
        (void)run("boiler");
        QCOMPARE(m_log.decisions.size(), std::size_t{1});
        QCOMPARE(m_log.decisions[0].tool, std::string("search_conversations"));
        QCOMPARE(m_log.decisions[0].effect, std::string("past"));
        QCOMPARE(m_log.decisions[0].by, DecidedBy::Grant);
        QVERIFY(m_log.decisions[0].arguments.find("boiler") != std::string::npos);
        QCOMPARE(m_log.ends.size(), std::size_t{1});
        m_log.fails = true;
        QVERIFY(result(m_broker->prepare("search_conversations", query("boiler"), context()))
                    .startsWith("error: cannot be written down, so not done"));
    }

private:
    static Json query(const std::string& text) { return {{"query", text}}; }
    static CallContext context() { return {"c1", {"search_conversations"}, "t1"}; }
    static QString result(const Decision& decision) {
        const auto* refusal = std::get_if<Refusal>(&decision);
        return refusal ? QString::fromStdString(refusal->result) : QString("not refused");
    }
    [[nodiscard]] Broker::Options options() {
        Broker::Options some;
        some.past = &m_reader;
        some.audit = &m_log;
        return some;
    }
    [[nodiscard]] PreparedCall prepared(const std::string& text) const {
        return std::get<PreparedCall>(
            m_broker->prepare("search_conversations", query(text), context()));
    }
    [[nodiscard]] ToolOutcome run(const std::string& text) const {
        return m_broker->run(prepared(text));
    }

    PastInMemory m_reader;
    test::CallLogInMemory m_log;
    std::unique_ptr<GrantList> m_grants;
    std::unique_ptr<Broker> m_broker;
};

QTEST_GUILESS_MAIN(BrokerPastTest)
#include "tst_broker_past.moc"
