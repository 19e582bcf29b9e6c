#include "tests/app/store/chat_script.h"

#include "tests/app/store/store_samples.h"

namespace lares::test {

using namespace lares::app;

namespace {

constexpr int kCallStep = 5;
constexpr int kResultStep = 6;

/// Between a line and a few pages long, with characters of every UTF-8 length.
QString textOf(MessageId id, int step) {
    const QString line =
        QString::fromUtf8("%1.%2 word für слово 家 🏺\n").arg(id).arg(step);
    return line.repeated(static_cast<int>((id * 7 + step * 13) % 40) + 1);
}

}  // namespace

ChatMessage scriptedQuestion(MessageId id, ConversationId conversation, MessageId parent) {
    return userMessage(id, conversation, parent, textOf(id, 0));
}

ChatMessage scriptedAnswer(MessageId id, ConversationId conversation, MessageId parent, int steps) {
    ChatMessage answer = userMessage(id, conversation, parent, {});
    answer.role = Role::Assistant;
    answer.state =
        steps < kScriptedSteps ? ChatMessage::State::Generating : ChatMessage::State::Complete;
    for (int step = 1; step <= steps; ++step) {
        if (step == kCallStep) {
            Part call = part(Part::Kind::ToolCall, R"({"path": "Documents"})");
            call.toolName = "list_folder";
            call.callState = steps < kResultStep ? Part::CallState::Waiting : Part::CallState::Done;
            answer.parts.push_back(call);
        } else if (step == kResultStep) {
            answer.parts.push_back(part(Part::Kind::ToolResult, textOf(id, step)));
            answer.parts.push_back(part(Part::Kind::Text, {}));
        } else {
            answer.parts.back().text += textOf(id, step);
        }
    }
    if (steps == kScriptedSteps) answer.stats = {{"finishReason", "stop"}};
    return answer;
}

int stepsOf(const ChatMessage& answer) {
    for (int steps = 0; steps <= kScriptedSteps; ++steps) {
        if (answer == scriptedAnswer(answer.id, answer.conversation, answer.parent, steps)) {
            return steps;
        }
    }
    return -1;
}

}  // namespace lares::test
