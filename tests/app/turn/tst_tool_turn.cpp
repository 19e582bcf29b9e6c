#include "app/turn/tool_turn.h"
#include "tests/support/folder_tree.h"
#include "tools/journal/undo_journal.h"

#include <QTest>

#include <filesystem>

using namespace lares;
using lares::test::FolderTree;

namespace {

Generation answer(std::string text, std::vector<ToolCall> calls = {}) {
    Generation generation;
    generation.text = std::move(text);
    generation.tool_calls = std::move(calls);
    return generation;
}

ToolCall sum(const char* expression) {
    return {"calculate", {{"expression", expression}}};
}

}  // namespace

class ToolTurnTest : public QObject {
    Q_OBJECT

private slots:
    void anAnswerWithoutCallsEndsTheTurn() {
        ToolTurn turn(m_broker, context());
        turn.addAnswer(answer("Hello"));
        QCOMPARE(drive(turn), QString("end"));
        QCOMPARE(spoken(turn), QString("assistant:Hello"));
        QVERIFY(turn.records().empty());
    }
    void callsRunInTheirOrderAndThenTheModelGoesOn() {
        ToolTurn turn(m_broker, context());
        turn.addAnswer(answer("Let me see.", {sum("1+1"), sum("1/0"), {"fly", Json::object()}}));
        QCOMPARE(drive(turn), QString("run run next"));
        QCOMPARE(spoken(turn), QString("assistant:Let me see.|tool:2|tool:error: division by zero|"
                                       "tool:error: no such tool: fly"));
        turn.addAnswer(answer("Two."));
        QCOMPARE(drive(turn), QString("end"));
        QCOMPARE(spoken(turn), QString("assistant:Two."));
        QCOMPARE(turn.records().size(), std::size_t{3});
        QVERIFY(turn.records()[1].outcome.is_error);
    }
    void asksOnceForOneFolder() {
        const FolderTree tree;
        tree.file("a.txt", "text");
        const ToolCall call{"read_file", {{"path", tree.path("a.txt")}}};
        ToolTurn turn(m_broker, context());
        turn.addAnswer(answer("", {call, call}));
        QCOMPARE(drive(turn), QString("ask"));
        QCOMPARE(drive(turn), QString("ask"));  // the same question until it is answered
        turn.approve(GrantDuration::Conversation);
        QCOMPARE(drive(turn), QString("run run next"));
        QCOMPARE(spoken(turn), QString("assistant:|tool:text|tool:text"));
    }
    void aNoIsAResult() {
        const FolderTree tree;
        ToolTurn turn(m_broker, context());
        turn.addAnswer(answer("", {{"list_folder", {{"path", tree.path()}}}}));
        QCOMPARE(drive(turn), QString("ask"));
        turn.refuse();
        QCOMPARE(drive(turn), QString("next"));
        QCOMPARE(spoken(turn), QString("assistant:|tool:error: refused by the user"));
    }
    void aNoCanSayWhy() {
        const FolderTree tree;
        ToolTurn turn(m_broker, context());
        turn.addAnswer(answer("", {{"list_folder", {{"path", tree.path()}}}}));
        QCOMPARE(drive(turn), QString("ask"));
        turn.refuse(RefusalCause::User, " look in\nTaxes\t instead ");
        QCOMPARE(drive(turn), QString("next"));
        QVERIFY(turn.records().front().outcome.summary.ends_with(" (“look in Taxes instead”)"));
        QCOMPARE(spoken(turn),
                 QString("assistant:|tool:error: refused by the user: look in Taxes instead"));
        ToolTurn other(m_broker, context());
        other.addAnswer(answer("", {{"list_folder", {{"path", tree.path()}}}}));
        QCOMPARE(drive(other), QString("ask"));
        std::string endless = "x";
        for (int i = 0; i < 600; ++i) endless += "ü";
        other.refuse(RefusalCause::User, endless);
        QCOMPARE(drive(other), QString("next"));
        const std::string result = other.records().front().outcome.result;
        QVERIFY(result.size() < 540);
        QVERIFY(!QString::fromStdString(result).contains(QChar::ReplacementCharacter));
    }
    void aCallThatCannotBeReadIsToldToTheModel() {
        Generation broken = answer("I try.");
        broken.malformed_calls.push_back(
            {"<tool_call>{", {ErrorCode::InvalidArgument, "the call has no name"}});
        ToolTurn turn(m_broker, context());
        turn.addAnswer(broken);
        QCOMPARE(drive(turn), QString("next"));
        QCOMPARE(spoken(turn),
                 QString("assistant:I try.<tool_call>{|tool:error: the call has no name"));
    }
    void stepsAreCounted() {
        ToolTurn turn(m_broker, context());
        for (int step = 0; step < 8; ++step) {
            turn.addAnswer(answer("", {sum("1")}));
            QCOMPARE(drive(turn), QString("run next"));
        }
        turn.addAnswer(answer("", {sum("1")}));
        QCOMPARE(drive(turn), QString("end at the limit"));
        QVERIFY(spoken(turn).endsWith("tool:error: too many steps"));
    }
    void callsAreCounted() {
        ToolTurn turn(m_broker, context());
        turn.addAnswer(answer("", std::vector<ToolCall>(108, sum("1"))));
        QCOMPARE(drive(turn).count("run"), 100);
        QVERIFY(spoken(turn).endsWith("tool:error: too many calls"));
    }
    void changesOfOneAnswerAreOneQuestion() {
        const FolderTree tree;
        for (int i = 0; i < 40; ++i) tree.file("from/" + std::to_string(i) + ".txt", "x");
        tree.file("to/here.txt", "here");
        const auto journal = std::move(UndoJournal::open(tree.path("undo")).value());
        Broker::Options options;
        options.changes = journal.get();
        Broker broker(m_grants, options);
        std::vector<ToolCall> calls = {{"make_folder", {{"path", tree.path("to/new")}}}};
        for (int i = 0; i < 40; ++i)
            calls.push_back({"move",
                             {{"source", tree.path("from/" + std::to_string(i) + ".txt")},
                              {"destination", tree.path("to/new")}}});
        calls.push_back({"read_file", {{"path", tree.path("to/here.txt")}}});
        CallContext context = ToolTurnTest::context();
        context.offered.insert(context.offered.end(), {"make_folder", "move"});
        context.turn = "turn";
        ToolTurn turn(broker, context);
        turn.addAnswer(answer("", calls));
        const ToolTurn::Step step = turn.next();
        const auto* question = std::get_if<ToolTurn::AskUser>(&step);
        QVERIFY(question);
        QCOMPARE(question->requests.size(), std::size_t{41});
        QCOMPARE(question->positions.back(), std::size_t{40});
        turn.approve(GrantDuration::Once);
        QCOMPARE(drive(turn, broker).count("run"), 41);
        // What reads is a question of its own.
        QVERIFY(std::holds_alternative<ToolTurn::AskUser>(turn.next()));
        turn.refuse();
        QCOMPARE(drive(turn, broker), QString("next"));
        QVERIFY(spoken(turn).endsWith("39.txt|tool:error: refused by the user"));
        std::vector<ChangeId> changes;
        for (const ToolCallRecord& record : turn.records())
            changes.insert(changes.end(), record.outcome.changes.begin(),
                           record.outcome.changes.end());
        QCOMPARE(changes.size(), std::size_t{41});
        QVERIFY(std::filesystem::exists(tree.path("to/new/39.txt")));
        QVERIFY(journal->undo(changes)->is_complete());
        QVERIFY(std::filesystem::exists(tree.path("from/39.txt")));
        QVERIFY(!std::filesystem::exists(tree.path("to/new")));
    }
    void aNoIsForTheWholePlan() {
        const FolderTree tree;
        tree.file("a.txt", "a");
        const auto journal = std::move(UndoJournal::open(tree.path("undo")).value());
        Broker::Options options;
        options.changes = journal.get();
        Broker broker(m_grants, options);
        const ToolCall call{"move",
                            {{"source", tree.path("a.txt")}, {"destination", tree.path("b.txt")}}};
        CallContext context = ToolTurnTest::context();
        context.offered.emplace_back("move");
        ToolTurn turn(broker, context);
        turn.addAnswer(answer("", {call, call}));
        QCOMPARE(drive(turn, broker), QString("ask"));
        turn.refuse();
        QCOMPARE(drive(turn, broker), QString("next"));
        QCOMPARE(spoken(turn), QString("assistant:|tool:error: refused by the user|"
                                       "tool:error: refused by the user"));
        QVERIFY(std::filesystem::exists(tree.path("a.txt")));
    }

private:
    static CallContext context() { return {"c1", {"calculate", "list_folder", "read_file"}}; }

    /// What the turn wanted until it cannot go on by itself.
    QString drive(ToolTurn& turn) { return drive(turn, m_broker); }
    static QString drive(ToolTurn& turn, Broker& broker) {
        QStringList steps;
        while (true) {
            ToolTurn::Step step = turn.next();
            if (auto* run = std::get_if<ToolTurn::RunCall>(&step)) {
                steps.append("run");
                turn.addOutcome(broker.run(std::move(run->call)));
            } else {
                const auto* end = std::get_if<ToolTurn::TurnFinished>(&step);
                steps.append(std::holds_alternative<ToolTurn::AskUser>(step) ? "ask"
                             : !end                                          ? "next"
                             : end->hit_limit                                ? "end at the limit"
                                                                             : "end");
                return steps.join(' ');
            }
        }
    }
    static QString spoken(ToolTurn& turn) {
        QStringList messages;
        for (const Message& message : turn.takeMessages())
            messages.append(QString::fromStdString(message.role + ":" + message.content));
        return messages.join('|');
    }

    GrantList m_grants{ProtectedFolders{}};
    Broker m_broker{m_grants, Broker::Options{}};
};

QTEST_GUILESS_MAIN(ToolTurnTest)
#include "tst_tool_turn.moc"
