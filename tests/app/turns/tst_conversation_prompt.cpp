#include "app/chat/attachment.h"
#include "app/chat/call_changes.h"
#include "app/chat/conversation_prompt.h"
#include "engine/base/json.h"

#include <QTest>

using namespace lares;
using namespace lares::app;

namespace {

Part part(Part::Kind kind, const char* text, int step = 0) {
    Part part;
    part.kind = kind;
    part.text = text;
    if (step > 0) part.data[kStepKey] = step;
    return part;
}

Part call(const char* name, const char* arguments, int step = 0) {
    Part made = part(Part::Kind::ToolCall, arguments, step);
    made.toolName = name;
    return made;
}

ChatMessage message(Role role, std::vector<Part> parts) {
    ChatMessage message;
    message.role = role;
    message.parts = std::move(parts);
    return message;
}

/// One line a message: role: thinking | content | calls
QStringList lines(const std::vector<Message>& messages) {
    QStringList out;
    for (const Message& message : messages) {
        std::string line = message.role + ": ";
        if (message.reasoning) line += "(" + *message.reasoning + ") ";
        line += message.content;
        for (const ToolCall& one : message.tool_calls)
            line += " <" + one.name + json_text(one.arguments) + ">";
        out << QString::fromStdString(line);
    }
    return out;
}

using Kind = Part::Kind;

}  // namespace

class ConversationPromptTest : public QObject {
    Q_OBJECT

private slots:
    void aPlainConversation();
    void stepsBecomeMessages();
    void callsOfOneAnswerStandTogether();
    void anOpenCallGetsAResult();
    void anUndoneChangeIsToldToTheModel();
    void anUnreadableCallIsShownToTheModelAgain();
    void noticesStayWithTheUser();
    void argumentsThatAreNoObjectBecomeOne();
    void whatIsAttachedStandsBeforeTheWords();
};

void ConversationPromptTest::aPlainConversation() {
    const ChatMessage asked = message(Role::User, {part(Kind::Text, "Hi")});
    const ChatMessage said =
        message(Role::Assistant, {part(Kind::Thinking, "hm"), part(Kind::Text, "Hello.")});
    QCOMPARE(lines(promptMessages("Be brief.", {&asked, &said})),
             QStringList({"system: Be brief.", "user: Hi", "assistant: (hm) Hello."}));
    QCOMPARE(lines(promptMessages("", {&asked})), QStringList({"user: Hi"}));
}

void ConversationPromptTest::whatIsAttachedStandsBeforeTheWords() {
    Attachment attachment;
    attachment.name = QStringLiteral("b\u00fccher.csv");
    attachment.text = "<|im_end|>\n";
    ChatMessage asked = message(Role::User, {});
    asked.parts = userParts(" How many? ", {attachment, pastedText("x")});
    const auto messages = promptMessages("", {&asked});
    QCOMPARE(messages.size(), std::size_t{1});
    // What lares-cli makes of the same files.
    const std::vector<AttachedText> same = {{"b\xC3\xBC"
                                             "cher.csv",
                                             "<|im_end|>\n", 11},
                                            {"Pasted text", "x", 1}};
    QCOMPARE(messages[0].content, userTurn("How many?", same));
}

void ConversationPromptTest::stepsBecomeMessages() {
    const ChatMessage turn =
        message(Role::Assistant,
                {part(Kind::Thinking, "first"), call("list_folder", R"({"path":"/a"})"),
                 part(Kind::ToolResult, "b.txt"), part(Kind::Thinking, "second", 1),
                 call("read_file", R"({"path":"/a/b.txt"})", 1), part(Kind::ToolResult, "text", 1),
                 part(Kind::Text, "It says: text.", 2)});
    QCOMPARE(lines(promptMessages("", {&turn})),
             QStringList({R"(assistant: (first)  <list_folder{"path":"/a"}>)", "tool: b.txt",
                          R"(assistant: (second)  <read_file{"path":"/a/b.txt"}>)", "tool: text",
                          "assistant: It says: text."}));
}

void ConversationPromptTest::callsOfOneAnswerStandTogether() {
    const ChatMessage turn =
        message(Role::Assistant,
                {part(Kind::Text, "Both."), call("get_time", "{}"), part(Kind::ToolResult, "noon"),
                 call("calculate", R"({"expression":"1"})"), part(Kind::ToolResult, "1"),
                 part(Kind::Text, "Done.", 1)});
    QCOMPARE(lines(promptMessages("", {&turn})),
             QStringList({R"(assistant: Both. <get_time{}> <calculate{"expression":"1"}>)",
                          "tool: noon", "tool: 1", "assistant: Done."}));
}

void ConversationPromptTest::anUndoneChangeIsToldToTheModel() {
    Part move = call("move", "{}");
    addChange(move, 7);
    ChatMessage turn = message(Role::Assistant, {move, part(Kind::ToolResult, "moved a to b"),
                                                 part(Kind::Text, "Done.", 1)});
    QCOMPARE(lines(promptMessages({}, {&turn}))[1], "tool: moved a to b");
    QVERIFY(markUndone(turn, {7}));
    QCOMPARE(lines(promptMessages({}, {&turn}))[1], "tool: moved a to b\n[undone by the user]");
}

void ConversationPromptTest::anOpenCallGetsAResult() {
    const ChatMessage turn =
        message(Role::Assistant,
                {call("get_time", "{}"), call("get_time", "{}"), part(Kind::ToolResult, "noon")});
    QCOMPARE(lines(promptMessages("", {&turn})),
             QStringList({"assistant:  <get_time{}> <get_time{}>", "tool: error: interrupted",
                          "tool: noon"}));
}

void ConversationPromptTest::anUnreadableCallIsShownToTheModelAgain() {
    const ChatMessage turn =
        message(Role::Assistant,
                {call("get_time", "{}"), part(Kind::ToolResult, "noon"), call("", "<tool_call>?"),
                 part(Kind::ToolResult, "error: no name"), part(Kind::Text, "Sorry.", 1)});
    QCOMPARE(lines(promptMessages("", {&turn})),
             QStringList({"assistant: <tool_call>? <get_time{}>", "tool: error: no name",
                          "tool: noon", "assistant: Sorry."}));
}

void ConversationPromptTest::noticesStayWithTheUser() {
    const ChatMessage turn =
        message(Role::Assistant, {part(Kind::Text, "Half"), part(Kind::Notice, "Stopped.")});
    const ChatMessage empty = message(Role::Assistant, {part(Kind::Notice, "No model.")});
    QCOMPARE(lines(promptMessages("", {&turn, &empty})), QStringList({"assistant: Half"}));
}

void ConversationPromptTest::argumentsThatAreNoObjectBecomeOne() {
    const ChatMessage turn =
        message(Role::Assistant, {call("get_time", "[1"), part(Kind::ToolResult, "error: bad")});
    QCOMPARE(lines(promptMessages("", {&turn})),
             QStringList({"assistant:  <get_time{}>", "tool: error: bad"}));
}

QTEST_GUILESS_MAIN(ConversationPromptTest)
#include "tst_conversation_prompt.moc"
