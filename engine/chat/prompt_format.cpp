#include "engine/chat/prompt_format.h"

#include "engine/chat/bounded_json.h"
#include "engine/chat/prompt_renderers.h"
#include "engine/chat/python_text.h"

#include <array>
#include <utility>

namespace lares {
namespace {

constexpr std::array kFormats = {PromptFormat::Nemotron3, PromptFormat::NemotronV2,
                                 PromptFormat::NemotronV2LlamaCpp};

Result<void> check_text(std::string_view text, std::string_view field) {
    if (is_valid_utf8(text)) return {};
    return invalid_argument(std::string(field) + " is not valid UTF-8");
}

Result<void> check_message(const Message& message) {
    RETURN_IF_ERROR(check_text(message.role, "role"));
    RETURN_IF_ERROR(check_text(message.content, "content"));
    RETURN_IF_ERROR(check_text(message.reasoning.value_or(""), "reasoning_content"));
    for (const ToolCall& call : message.tool_calls) {
        RETURN_IF_ERROR(check_text(call.name, "a tool call's name"));
        auto bounds = check_json_bounds(call.arguments);
        if (!bounds)
            return std::move(bounds).error().with_context("arguments of '" + call.name + "'");
        if (!call.arguments.is_object() && !call.arguments.is_string()) {
            return invalid_argument("the arguments of '" + call.name +
                                    "' are neither an object nor a string");
        }
    }
    return {};
}

Result<void> check_tool(const Json& tool) {
    RETURN_IF_ERROR(check_json_bounds(tool));
    if (!tool.is_object()) return invalid_argument("not an object");
    if (tool.contains("function") && !tool["function"].is_object()) {
        return invalid_argument("function is not an object");
    }
    return {};
}

Result<void> check_conversation(const Conversation& conversation) {
    if (conversation.messages.empty()) return invalid_argument("the conversation has no message");
    for (std::size_t i = 0; i < conversation.messages.size(); ++i) {
        auto checked = check_message(conversation.messages[i]);
        if (!checked)
            return std::move(checked).error().with_context("message " + std::to_string(i));
    }
    for (std::size_t i = 0; i < conversation.tools.size(); ++i) {
        auto checked = check_tool(conversation.tools[i]);
        if (!checked) return std::move(checked).error().with_context("tool " + std::to_string(i));
    }
    return {};
}

}  // namespace

std::string_view to_string(PromptFormat format) {
    switch (format) {
        case PromptFormat::Nemotron3:
            return "nemotron3";
        case PromptFormat::NemotronV2:
            return "nemotron-v2";
        case PromptFormat::NemotronV2LlamaCpp:
            return "nemotron-v2-llamacpp";
    }
    return "nemotron3";
}

std::optional<PromptFormat> prompt_format_from_name(std::string_view name) {
    for (const PromptFormat format : kFormats) {
        if (to_string(format) == name) return format;
    }
    return std::nullopt;
}

std::string RenderedPrompt::text() const {
    std::string joined;
    for (const TextSegment& segment : segments) joined += segment.text;
    return joined;
}

Result<RenderedPrompt> render_prompt(PromptFormat format,
                                     const Conversation& conversation,
                                     const PromptOptions& options) {
    RETURN_IF_ERROR(check_conversation(conversation));
    switch (format) {
        case PromptFormat::Nemotron3:
            return render_nemotron3(conversation, options);
        case PromptFormat::NemotronV2:
            return render_nemotron_v2(kModelCardLayout, conversation, options);
        case PromptFormat::NemotronV2LlamaCpp:
            return render_nemotron_v2(kLlamaCppLayout, conversation, options);
    }
    return invalid_argument("unknown prompt format");
}

}  // namespace lares
