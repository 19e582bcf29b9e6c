#include "app/chat/conversation_prompt.h"

#include "app/chat/attachment.h"
#include "app/chat/call_changes.h"
#include "app/chat/conversation_model.h"
#include "app/turn/lore_text.h"
#include "engine/base/json.h"

#include <algorithm>

namespace lares::app {
namespace {

constexpr const char* kNoResult = "error: interrupted";
// Behind the result of a call whose changes were taken back: the model must not build on them.
constexpr const char* kUndone = "\n[undone by the user]";

ToolCall callOf(const Part& part) {
    Json arguments = parse_json(part.text.toStdString()).value_or(Json());
    if (!arguments.is_object()) arguments = Json::object();
    return {part.toolName.toStdString(), std::move(arguments)};
}

void appendStep(std::vector<Message>& out, const std::vector<const Part*>& parts) {
    Message answer{.role = "assistant", .content = {}, .reasoning = {}, .tool_calls = {}};
    std::vector<std::string> results;
    std::vector<std::string> complaints;  // about calls that could not be read
    bool isReadable = true;
    bool wasUndone = false;
    for (const Part* part : parts) {
        const std::string text = part->text.toStdString();
        switch (part->kind) {
            case Part::Kind::Thinking:
                answer.reasoning = answer.reasoning.value_or("") + text;
                break;
            case Part::Kind::Text:
                answer.content += text;
                break;
            case Part::Kind::ToolCall:
                isReadable = !part->toolName.isEmpty();
                wasUndone = isUndone(*part);
                if (isReadable) {
                    answer.tool_calls.push_back(callOf(*part));
                    results.emplace_back(kNoResult);
                } else {  // the model sees again what it wrote
                    answer.content += text;
                    complaints.emplace_back(kNoResult);
                }
                break;
            case Part::Kind::ToolResult:
                if (auto& last = isReadable ? results : complaints; !last.empty())
                    last.back() = wasUndone ? text + kUndone : text;
                break;
            case Part::Kind::Notice:
            case Part::Kind::Attachment:  // of the user's
            case Part::Kind::Lore:
                break;
        }
    }
    out.push_back(std::move(answer));
    results.insert(results.begin(), complaints.begin(), complaints.end());
    for (std::string& result : results) {
        out.push_back(
            {.role = "tool", .content = std::move(result), .reasoning = {}, .tool_calls = {}});
    }
}

void appendTurn(std::vector<Message>& out, const ChatMessage& message) {
    std::vector<const Part*> step;
    for (const Part& part : message.parts) {
        if (part.kind == Part::Kind::Notice) continue;
        if (!step.empty() && stepOf(part) != stepOf(*step.back())) {
            appendStep(out, step);
            step.clear();
        }
        step.push_back(&part);
    }
    if (!step.empty()) appendStep(out, step);
}

std::string userContent(const ChatMessage& message) {
    std::vector<AttachedText> attached;
    std::vector<std::string> lore;
    for (const Part& part : message.parts) {
        if (part.kind == Part::Kind::Attachment) attached.push_back(attachedTextOf(part));
        if (part.kind == Part::Kind::Lore) lore.push_back(part.text.toStdString());
    }
    // Behind what is attached, which is longer and stays when the words are edited.
    return userTurn(loreTurn(markdownOf(message).toStdString(), lore), attached);
}

}  // namespace

int stepOf(const Part& part) {
    return part.data[kStepKey].toInt();
}

std::vector<Message> promptMessages(const QString& system,
                                    const std::vector<const ChatMessage*>& path) {
    std::vector<Message> messages;
    if (!system.isEmpty()) {
        messages.push_back(
            {.role = "system", .content = system.toStdString(), .reasoning = {}, .tool_calls = {}});
    }
    for (const ChatMessage* message : path) {
        if (message->role == Role::User) {
            messages.push_back({.role = "user",
                                .content = userContent(*message),
                                .reasoning = {},
                                .tool_calls = {}});
        } else {
            appendTurn(messages, *message);
        }
    }
    return messages;
}

CondensedText ReadBranch::condensed() const {
    if (!summarised || !summarised->summary) return {};
    return {summarised->summary->text.toStdString(), summarised->summary->isLeavingOut};
}

ReadBranch readBranch(const ConversationModel& conversation,
                      MessageId leaf,
                      std::optional<MessageId> summaryAt) {
    ReadBranch branch;
    for (const ChatMessage* at = conversation.find(leaf); at; at = conversation.find(at->parent)) {
        const bool isAsked = at->id == leaf && at->role == Role::User;
        if (at->summary && !isAsked && at->id == summaryAt.value_or(at->id)) {
            branch.summarised = at;
            break;
        }
        branch.messages.push_back(at);
    }
    std::reverse(branch.messages.begin(), branch.messages.end());
    return branch;
}

std::vector<Message> branchMessages(const QString& system, const ReadBranch& branch) {
    std::vector<Message> messages = promptMessages(system, branch.messages);
    if (branch.summarised) putCondensed(messages, branch.condensed());
    return messages;
}

MessageId endOfTurns(const ReadBranch& branch, std::size_t nTurns) {
    std::size_t n = 0;
    MessageId last = 0;
    for (const ChatMessage* message : branch.messages) {
        // One that says nothing is in no prompt.
        const bool isRead =
            message->role == Role::User ||
            std::any_of(message->parts.begin(), message->parts.end(),
                        [](const Part& part) { return part.kind != Part::Kind::Notice; });
        if (isRead && (n == 0 || message->role == Role::User)) ++n;
        if (n > nTurns) return last;
        last = message->id;
    }
    return n == nTurns ? last : 0;
}

}  // namespace lares::app
