#include "app/turn/tool_turn.h"
#include "tests/support/folder_tree.h"

#include <QTest>

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
        turn.addAnswer(answer("", std::vector<ToolCall>(40, sum("1"))));
        QCOMPARE(drive(turn).count("run"), 32);
        QVERIFY(spoken(turn).endsWith("tool:error: too many calls"));
    }

private:
    static CallContext context() { return {"c1", {"calculate", "list_folder", "read_file"}}; }

    /// What the turn wanted until it cannot go on by itself.
    QString drive(ToolTurn& turn) {
        QStringList steps;
        while (true) {
            ToolTurn::Step step = turn.next();
            if (auto* run = std::get_if<ToolTurn::RunCall>(&step)) {
                steps.append("run");
                turn.addOutcome(m_broker.run(std::move(run->call)));
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
