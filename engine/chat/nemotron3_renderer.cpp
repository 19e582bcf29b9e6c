// Generation A: ChatML turns, tools and calls as XML. The comments quote the template's own words.

#include "engine/chat/prompt_builder.h"
#include "engine/chat/prompt_renderers.h"
#include "engine/chat/python_text.h"
#include "engine/chat/think_tags.h"

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <utility>

namespace lares {
namespace {

using SegmentKind = TextSegment::Kind;
using Segments = std::vector<TextSegment>;

constexpr std::string_view kNoThinking = "<think></think>";

constexpr std::string_view kXmlToolsIntroduction =
    "# Tools\n\nYou have access to the following functions:\n\n<tools>";

constexpr std::string_view kXmlToolsInstruction = R"(
</tools>

If you choose to call a function ONLY reply in the following format with NO suffix:

<tool_call>
<function=example_function_name>
<parameter=example_parameter_1>
value_1
</parameter>
<parameter=example_parameter_2>
This is the value for the second parameter
that can span
multiple lines
</parameter>
</function>
</tool_call>

<IMPORTANT>
Reminder:
- Function calls MUST follow the specified format: an inner <function=...></function> block must be nested within <tool_call></tool_call> XML tags
- Required parameters MUST be specified
- You may provide optional reasoning for your function call in natural language BEFORE the function call, but NOT after
- If there is no function call available, answer the question like normal with your current knowledge and do not tell the user about function calls
</IMPORTANT>)";

const Json* find(const Json& json, std::string_view key) {
    if (!json.is_object()) return nullptr;
    const auto found = json.find(key);
    return found == json.end() ? nullptr : &*found;
}

// What extra keys and arguments have in common: JSON for containers, str() for the rest.
std::string printed(const Json& value) {
    return value.is_structured() ? python_json(value) : python_str(value);
}

void add_element(PromptBuilder& prompt, std::string_view name, std::string_view text) {
    prompt.markup("\n<");
    prompt.plain(name);
    prompt.markup(">");
    prompt.plain(text);
    prompt.markup("</");
    prompt.plain(name);
    prompt.markup(">");
}

// An element whose name is the template's own.
void add_known_element(PromptBuilder& prompt, std::string_view name, std::string_view text) {
    const std::string tag(name);
    prompt.markup("\n<" + tag + ">");
    prompt.plain(text);
    prompt.markup("</" + tag + ">");
}

// "macro render_extra_keys(json_dict, handled_keys)"
template <std::size_t n>
void add_extra_keys(PromptBuilder& prompt,
                    const Json* json,
                    const std::array<std::string_view, n>& handled) {
    if (json == nullptr || !json->is_object()) return;
    for (const auto& [key, value] : json->get_ref<const Json::object_t&>()) {
        if (std::find(handled.begin(), handled.end(), key) != handled.end()) continue;
        add_element(prompt, key, printed(value));
    }
}

void add_description(PromptBuilder& prompt, const Json& json) {
    const Json* description = find(json, "description");
    if (description == nullptr) return;
    add_known_element(prompt, "description", python_strip(python_str(*description)));
}

void add_parameter(PromptBuilder& prompt, std::string_view name, const Json& fields) {
    constexpr std::array<std::string_view, 4> kHandled = {"name", "type", "description", "enum"};
    prompt.markup("\n<parameter>");
    add_known_element(prompt, "name", name);
    if (const Json* type = find(fields, "type"))
        add_known_element(prompt, "type", python_str(*type));
    add_description(prompt, fields);
    if (const Json* values = find(fields, "enum")) {
        add_known_element(prompt, "enum", python_json(*values));
    }
    add_extra_keys(prompt, &fields, kHandled);
    prompt.markup("\n</parameter>");
}

void add_parameters(PromptBuilder& prompt, const Json* parameters) {
    constexpr std::array<std::string_view, 3> kHandled = {"type", "properties", "required"};
    prompt.markup("\n<parameters>");
    const Json* properties = parameters != nullptr ? find(*parameters, "properties") : nullptr;
    if (properties != nullptr && properties->is_object()) {
        for (const auto& [name, fields] : properties->get_ref<const Json::object_t&>()) {
            add_parameter(prompt, name, fields);
        }
    }
    add_extra_keys(prompt, parameters, kHandled);
    const Json* required = parameters != nullptr ? find(*parameters, "required") : nullptr;
    if (required != nullptr) add_known_element(prompt, "required", python_json(*required));
    prompt.markup("\n</parameters>");
}

void add_tool(PromptBuilder& prompt, const Json& tool) {
    constexpr std::array<std::string_view, 4> kHandled = {"type", "name", "description",
                                                          "parameters"};
    const Json* function = find(tool, "function");
    const Json& definition = function != nullptr ? *function : tool;
    const Json* name = find(definition, "name");
    prompt.markup("\n<function>");
    add_known_element(prompt, "name", name != nullptr ? python_str(*name) : "");
    add_description(prompt, definition);
    add_parameters(prompt, find(definition, "parameters"));
    add_extra_keys(prompt, &definition, kHandled);
    prompt.markup("\n</function>");
}

void add_system_turn(PromptBuilder& prompt, std::string_view text, const std::vector<Json>& tools) {
    prompt.mark(PromptMark::Kind::System);
    prompt.markup("<|im_start|>system\n");
    prompt.plain(text);
    if (!tools.empty()) {
        if (!text.empty()) prompt.markup("\n\n");
        prompt.mark(PromptMark::Kind::Tools);
        prompt.markup(kXmlToolsIntroduction);
        for (const Json& tool : tools) add_tool(prompt, tool);
        prompt.markup(kXmlToolsInstruction);
    }
    prompt.markup("<|im_end|>\n");
    prompt.boundary();
}

// Content that is the model's raw output: see render_prompt() for which tags stay Markup.
Segments raw_output(std::string_view content) {
    const std::string_view text = python_lstrip(content);
    const auto close = text.find(kThinkClose);
    if (text.substr(0, kThinkOpen.size()) != kThinkOpen || close == std::string_view::npos) {
        return {{SegmentKind::Plain, std::string(content)}};
    }
    return {{SegmentKind::Plain, std::string(content.substr(0, content.size() - text.size()))},
            {SegmentKind::Markup, std::string(kThinkOpen)},
            {SegmentKind::Plain,
             std::string(text.substr(kThinkOpen.size(), close - kThinkOpen.size()))},
            {SegmentKind::Markup, std::string(kThinkClose)},
            {SegmentKind::Plain, std::string(text.substr(close + kThinkClose.size()))}};
}

// "Add reasoning content in to content field for unified processing below."
Segments content_with_thinking(const Message& message) {
    if (message.reasoning && !python_strip(*message.reasoning).empty()) {
        return {{SegmentKind::Markup, "<think>\n"},
                {SegmentKind::Plain, *message.reasoning},
                {SegmentKind::Markup, "\n</think>\n"},
                {SegmentKind::Plain, message.content}};
    }
    if (python_contains(message.content, kThinkOpen) ||
        python_contains(message.content, kThinkClose)) {
        return raw_output(message.content);
    }
    return {{SegmentKind::Markup, std::string(kNoThinking)}, {SegmentKind::Plain, message.content}};
}

std::string joined(const Segments& segments) {
    std::string text;
    for (const TextSegment& segment : segments) text += segment.text;
    return text;
}

// str.strip() of the joined text.
Segments trimmed(Segments segments) {
    for (auto segment = segments.begin(); segment != segments.end(); ++segment) {
        segment->text = std::string(python_lstrip(segment->text));
        if (!segment->text.empty()) break;
    }
    for (auto segment = segments.rbegin(); segment != segments.rend(); ++segment) {
        segment->text = std::string(python_rstrip(segment->text));
        if (!segment->text.empty()) break;
    }
    return segments;
}

std::string_view after_last_thinking(std::string_view text) {
    return text.substr(text.rfind(kThinkClose) + kThinkClose.size());
}

Segments without_thinking(std::string_view rest) {
    return {{SegmentKind::Markup, std::string(kNoThinking)},
            {SegmentKind::Plain, std::string(rest)}};
}

Segments truncated(Segments content) {
    const std::string text = joined(content);
    if (!python_contains(text, kThinkOpen) || !python_contains(text, kThinkClose)) return content;
    return without_thinking(after_last_thinking(text));
}

// "Keep only content after the last closing think", "drop the trailing think segment"
Segments truncated_before_calls(const Segments& content) {
    const std::string text = joined(content);
    if (python_contains(text, kThinkClose))
        return without_thinking(python_strip(after_last_thinking(text)));
    return without_thinking(python_strip(std::string_view(text).substr(0, text.find(kThinkOpen))));
}

void add_call(PromptBuilder& prompt, const ToolCall& call) {
    prompt.markup("<tool_call>\n<function=");
    prompt.plain(call.name);
    prompt.markup(">\n");
    for (const auto& [name, value] : call.arguments.get_ref<const Json::object_t&>()) {
        prompt.markup("<parameter=");
        prompt.plain(name);
        prompt.markup(">\n");
        prompt.plain(printed(value));
        prompt.markup("\n</parameter>\n");
    }
    prompt.markup("</function>\n</tool_call>\n");
}

// Their tags are Markup only where the template, or the model, wrote them.
void add_content(PromptBuilder& prompt, const Segments& content) {
    bool is_thinking = false;
    for (const TextSegment& segment : content) {
        const bool is_markup = segment.kind == SegmentKind::Markup && segment.text != kNoThinking;
        if (is_markup && segment.text.starts_with(kThinkOpen)) {
            prompt.mark(PromptMark::Kind::Thinking);
            is_thinking = true;
        }
        prompt.add(segment.kind, segment.text);
        if (is_thinking && is_markup && python_contains(segment.text, kThinkClose)) {
            prompt.mark(PromptMark::Kind::Reply);
            is_thinking = false;
        }
    }
}

void add_assistant_turn(PromptBuilder& prompt, const Message& message, bool keeps_thinking) {
    prompt.boundary();
    prompt.mark(PromptMark::Kind::Assistant);
    prompt.markup("<|im_start|>assistant\n");
    Segments content = content_with_thinking(message);
    if (message.tool_calls.empty()) {
        add_content(prompt,
                    trimmed(keeps_thinking ? std::move(content) : truncated(std::move(content))));
    } else {
        add_content(prompt,
                    keeps_thinking ? trimmed(std::move(content)) : truncated_before_calls(content));
        prompt.markup("\n");
        for (const ToolCall& call : message.tool_calls) add_call(prompt, call);
    }
    prompt.markup("<|im_end|>\n");
}

// Results in a row share a user turn. One in first position opens none: the template's own quirk.
void add_tool_result(PromptBuilder& prompt, std::span<const Message> messages, std::size_t index) {
    const bool is_last = index + 1 == messages.size();
    prompt.mark(PromptMark::Kind::ToolResult);
    if (index > 0 && messages[index - 1].role != "tool") prompt.markup("<|im_start|>user\n");
    prompt.markup("<tool_response>\n");
    prompt.plain(messages[index].content);
    prompt.markup("\n</tool_response>\n");
    if (is_last || messages[index + 1].role != "tool") prompt.markup("<|im_end|>\n");
}

void add_other_turn(PromptBuilder& prompt, const Message& message) {
    const bool is_known = message.role == "user" || message.role == "system";
    prompt.mark(message.role == "user"     ? PromptMark::Kind::User
                : message.role == "system" ? PromptMark::Kind::System
                                           : PromptMark::Kind::Other);
    prompt.markup("<|im_start|>");
    prompt.add(is_known ? SegmentKind::Markup : SegmentKind::Plain, message.role);
    prompt.markup("\n");
    prompt.plain(message.content);
    prompt.markup("<|im_end|>\n");
}

std::size_t last_user_index(std::span<const Message> messages) {
    const auto found = std::find_if(messages.rbegin(), messages.rend(),
                                    [](const Message& message) { return message.role == "user"; });
    return found == messages.rend() ? 0 : static_cast<std::size_t>(messages.rend() - found) - 1;
}

void add_turns(PromptBuilder& prompt, std::span<const Message> messages, bool truncates) {
    const std::size_t last_user = last_user_index(messages);
    for (std::size_t i = 0; i < messages.size(); ++i) {
        if (messages[i].role == "assistant") {
            add_assistant_turn(prompt, messages[i], !truncates || i >= last_user);
        } else if (messages[i].role == "tool") {
            add_tool_result(prompt, messages, i);
        } else {
            add_other_turn(prompt, messages[i]);
        }
    }
}

// The template fails on these: "Can only get item pairs from a mapping".
Result<void> check_arguments(std::span<const Message> messages) {
    for (std::size_t i = 0; i < messages.size(); ++i) {
        if (messages[i].role != "assistant") continue;
        for (const ToolCall& call : messages[i].tool_calls) {
            if (call.arguments.is_object()) continue;
            return Error{ErrorCode::InvalidArgument,
                         "message " + std::to_string(i) + ": the arguments of '" + call.name +
                             "' are not an object; parse them before rendering"};
        }
    }
    return {};
}

}  // namespace

Result<RenderedPrompt> render_nemotron3(const Conversation& conversation,
                                        const PromptOptions& options) {
    std::span<const Message> messages = conversation.messages;
    RETURN_IF_ERROR(check_arguments(messages));
    const bool has_system = messages.front().role == "system";
    PromptBuilder prompt;
    add_system_turn(prompt, has_system ? std::string_view(messages.front().content) : "",
                    conversation.tools);
    add_turns(prompt, messages.subspan(has_system ? 1 : 0), options.truncate_history_thinking);
    if (options.add_generation_prompt) {
        prompt.boundary();
        prompt.mark(PromptMark::Kind::Answer);
        prompt.markup("<|im_start|>assistant\n");
        prompt.markup(options.enable_thinking ? "<think>\n" : kNoThinking);
    }
    RenderedPrompt rendered = std::move(prompt).finish();
    rendered.starts_in_thinking = options.add_generation_prompt && options.enable_thinking;
    return rendered;
}

}  // namespace lares
