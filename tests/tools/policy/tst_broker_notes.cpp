#include "tests/support/folder_tree.h"
#include "tests/tools/policy/call_log_in_memory.h"
#include "tools/policy/broker.h"
#include "tools/policy/change_plan.h"

#include <QTest>

#include <algorithm>

using namespace lares;

namespace {

/// Keeps them in memory, and takes no two that are the same.
class NotesInMemory final : public NoteKeeper {
public:
    Result<std::string> check(const std::string& text, const std::string&) const override {
        if (text.empty()) return Error{ErrorCode::InvalidArgument, "empty note"};
        for (const NoteToKeep& note : kept) {
            if (note.text == text)
                return Error{ErrorCode::InvalidArgument, "a note says this already"};
        }
        return "[" + text + "]";
    }
    Result<std::int64_t> keep(const NoteToKeep& note) override {
        if (isFull) return Error{ErrorCode::Io, "the disk is full"};
        kept.push_back(note);
        return static_cast<std::int64_t>(kept.size());
    }

    bool isFull = false;
    std::vector<NoteToKeep> kept;
};

}  // namespace

/// What keeps a model from having anything remembered by itself.
class BrokerNotesTest : public QObject {
    Q_OBJECT

private slots:
    void init() {
        m_keeper = NotesInMemory();
        m_log = test::CallLogInMemory();
        m_grants = std::make_unique<GrantList>(ProtectedFolders{});
        Broker::Options options;
        options.notes = &m_keeper;
        options.audit = &m_log;
        m_broker = std::make_unique<Broker>(*m_grants, options);
        m_broker->offer_notes(true);
    }

    void isOffTillSomebodyTurnsItOn() {
        Broker::Options options;
        options.notes = &m_keeper;
        Broker broker(*m_grants, options);
        const std::size_t n = broker.definitions().size();
        QCOMPARE(refused(broker.prepare("remember", note("Tea"), context())),
                 QString("error: notes are switched off"));
        broker.offer_notes(true);
        QCOMPARE(broker.definitions().size(), n + 1);
        QCOMPARE(broker.definitions().back()["function"]["name"].get<std::string>(),
                 std::string("remember"));
        broker.offer_notes(false);
        QCOMPARE(broker.definitions().size(), n);
    }
    void needsAKeeper() {
        Broker broker(*m_grants, {});
        broker.offer_notes(true);
        QVERIFY(!broker.offers_notes());
        QCOMPARE(refused(broker.prepare("remember", note("Tea"), context())),
                 QString("error: notes are switched off"));
    }
    void isNotForTemporaryConversations() {
        QCOMPARE(m_broker->definitions(/*is_temporary=*/true).size() + 1,
                 m_broker->definitions().size());
        CallContext temporary = context();
        temporary.is_temporary = true;
        QCOMPARE(refused(m_broker->prepare("remember", note("Tea"), temporary)),
                 QString("error: notes are switched off"));
    }
    /// Whatever was said before: there is no longer yes, and no second use of one.
    void eachOneIsAsked() {
        for (int i = 0; i < 3; ++i) {
            const PermissionRequest request = asked("Tea " + std::to_string(i));
            QCOMPARE(request.effect, ToolEffect::KeepNotes);
            QVERIFY(request.folders.empty());
            QVERIFY(!plan_of({&request, 1}).can_last());
            QVERIFY(plan_of({&request, 1}).paths.empty());
            Decision decision = m_broker->approve(request, GrantDuration::Always);
            (void)m_broker->run(std::get<PreparedCall>(std::move(decision)));
            QVERIFY(refused(m_broker->approve(request, GrantDuration::Always))
                        .startsWith("error: permission denied"));
        }
        QCOMPARE(m_keeper.kept.size(), std::size_t{3});
    }
    void showsAndKeepsWhatTheKeeperMadeOfIt() {
        const PermissionRequest request = asked("Tea");
        QCOMPARE(QString::fromStdString(*request.note), QString("[Tea]"));
        const ToolOutcome outcome = yes(request, {*request.note, {}});
        QCOMPARE(outcome.note, 1);
        QCOMPARE(QString::fromStdString(outcome.result), QString("remembered"));
        QCOMPARE(QString::fromStdString(outcome.summary), QString("Remembered: [Tea]"));
        QCOMPARE(m_keeper.kept[0].text, std::string("[Tea]"));
        QCOMPARE(m_keeper.kept[0].conversation, std::string("c1"));
        QCOMPARE(m_keeper.kept[0].turn, std::string("t1"));
    }
    void keepsWhatTheUserMadeOfIt() {
        const ToolOutcome outcome = yes(asked("Tea"), {"Coffee,\nrather", "robin"});
        QCOMPARE(QString::fromStdString(outcome.result),
                 QString("remembered as the user changed it: Coffee,\nrather"));
        QCOMPARE(QString::fromStdString(outcome.summary), QString("Remembered: Coffee, rather"));
        QCOMPARE(m_keeper.kept[0].text, std::string("Coffee,\nrather"));
        QCOMPARE(m_keeper.kept[0].persona, std::string("robin"));
    }
    void aYesHoldsWhateverHappensToGrants() {
        const PermissionRequest request = asked("Tea");
        test::FolderTree tree;
        tree.folder("docs");
        Grant grant;
        grant.folder = tree.path("docs");
        grant.conversation = "c1";
        QVERIFY(m_grants->add(grant).has_value());  // no folder matters to a note
        QVERIFY(!yes(request, {"Coffee", {}}).is_error);
    }
    void refusedNothingIsKept() {
        QCOMPARE(refused(m_broker->refuse(asked("Tea"))), QString("error: refused by the user"));
        const Refusal nobody = m_broker->refuse(asked("Tea"), RefusalCause::NobodyToAsk);
        QCOMPARE(refused(nobody), QString("error: permission denied: remember"));
        QVERIFY(m_keeper.kept.empty());
        QCOMPARE(m_log.decisions.back().by, DecidedBy::Nobody);
    }
    void theKeeperMayRefuse() {
        (void)yes(asked("Tea"), {"Tea", {}});
        QCOMPARE(refused(m_broker->prepare("remember", note("Tea"), context())),
                 QString("error: a note says this already"));
        QCOMPARE(refused(m_broker->prepare("remember", note(""), context())),
                 QString("error: empty note"));
        m_keeper.isFull = true;
        const ToolOutcome outcome = yes(asked("Coffee"), {"Coffee, black", {}});
        QVERIFY(outcome.is_error);
        QCOMPARE(outcome.note, 0);
        QCOMPARE(QString::fromStdString(outcome.result),
                 QString("error: not remembered: the disk is full"));
        QCOMPARE(QString::fromStdString(outcome.summary),
                 QString("Not remembered (the disk is full): Coffee, black"));
    }
    /// As of what a file will hold: its size and what it comes to, never the text.
    void theLogHasNoWordOfIt() {
        (void)yes(asked("I like tea"), {"I like coffee", {}});
        (void)m_broker->refuse(asked("I like cocoa"));
        QCOMPARE(m_log.decisions.size(), std::size_t{2});
        QCOMPARE(m_log.ends.size(), std::size_t{1});
        QCOMPARE(m_log.decisions[0].effect, std::string("note"));
        QCOMPARE(m_log.decisions[0].lasts, std::string("once"));
        for (const DecidedCall& call : m_log.decisions) {
            QCOMPARE(call.tool, std::string("remember"));
            QVERIFY(call.arguments.find("\"sha256\"") != std::string::npos);
            for (const std::string& text : {call.arguments, call.reason})
                QVERIFY2(text.find("like") == std::string::npos, text.c_str());
        }
    }
    void withoutItsEntryNothingIsKept() {
        const PermissionRequest request = asked("Tea");
        m_log.fails = true;
        QVERIFY(refused(m_broker->approve_note(request, {"Tea", {}}))
                    .startsWith("error: cannot be written down, so not done"));
        QVERIFY(m_keeper.kept.empty());
    }
    void wrongArgumentsAreRefused() {
        QCOMPARE(refused(m_broker->prepare("remember", Json::object(), context())),
                 QString("error: missing argument: note"));
        QCOMPARE(refused(m_broker->prepare("remember", {{"note", 7}}, context())),
                 QString("error: argument is not a text: note"));
        QCOMPARE(refused(m_broker->prepare("remember", note(std::string(16'001, 'x')), context())),
                 QString("error: argument too long: note (16000 bytes at most)"));
    }

private:
    static Json note(const std::string& text) { return {{"note", text}}; }
    static CallContext context() { return {"c1", {"remember"}, "t1"}; }
    static QString refused(const Decision& decision) {
        const auto* refusal = std::get_if<Refusal>(&decision);
        return refusal ? QString::fromStdString(refusal->result) : QString("not refused");
    }
    [[nodiscard]] PermissionRequest asked(const std::string& text) const {
        const Decision decision = m_broker->prepare("remember", note(text), context());
        return std::get<PermissionRequest>(decision);
    }
    [[nodiscard]] ToolOutcome yes(const PermissionRequest& request,
                                  const NoteAnswer& answer) const {
        Decision decision = m_broker->approve_note(request, answer);
        return m_broker->run(std::get<PreparedCall>(std::move(decision)));
    }

    NotesInMemory m_keeper;
    test::CallLogInMemory m_log;
    std::unique_ptr<GrantList> m_grants;
    std::unique_ptr<Broker> m_broker;
};

QTEST_GUILESS_MAIN(BrokerNotesTest)
#include "tst_broker_notes.moc"
