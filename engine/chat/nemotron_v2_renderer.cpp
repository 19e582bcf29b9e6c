// Generation B: turns between <SPECIAL_10>, <SPECIAL_11> and <SPECIAL_12>, tools and calls as JSON.

#include "engine/chat/prompt_builder.h"
#include "engine/chat/prompt_renderers.h"
#include "engine/chat/python_text.h"
#include "engine/chat/think_tags.h"

#include <span>
#include <string>
#include <utility>

namespace lares {
namespace {

constexpr std::string_view kThink = "/think";
constexpr std::string_view kNoThink = "/no_think";

constexpr std::string_view kJsonToolsIntroduction =
    "You can use the following tools to assist the user if required:\n<AVAILABLE_TOOLS>[";

// Double braces are what the template prints.
constexpr std::string_view kJsonToolsInstruction = R"(]</AVAILABLE_TOOLS>

If you decide to call any tool(s), use the following format:
<TOOLCALL>[{{"name": "tool_name1", "arguments": "tool_args1"}}, {{"name": "tool_name2", "arguments": "tool_args2"}}]</TOOLCALL>

The user will execute tool-calls and return responses from tool(s) in this format:
<TOOL_RESPONSE>[{{"tool_response1"}}, {{"tool_response2"}}]</TOOL_RESPONSE>

Based on the tool responses, you can call additional tools if needed, correct tool calls if any errors are found, or just respond to the user.)";

// The last message with a toggle wins, and /think within one. "</think>" counts, as in the
// template.
bool thinking_enabled(std::span<const Message> messages) {
    bool is_enabled = true;
    for (const Message& message : messages) {
        if (message.role != "user" && message.role != "system") continue;
        if (python_contains(message.content, kThink)) {
            is_enabled = true;
        } else if (python_contains(message.content, kNoThink)) {
            is_enabled = false;
        }
    }
    return is_enabled;
}

std::string without_toggles(std::string_view text) {
    return std::string(python_strip(python_remove(python_remove(text, kThink), kNoThink)));
}

// "content.split('</think>')[1].strip()": up to a second one, if any.
std::string_view after_thinking(std::string_view content) {
    const auto close = content.find(kThinkClose);
    if (close == std::string_view::npos) return python_strip(content);
    const auto rest = content.substr(close + kThinkClose.size());
    return python_strip(rest.substr(0, rest.find(kThinkClose)));
}

void add_tools(PromptBuilder& prompt, const std::vector<Json>& tools) {
    prompt.markup(kJsonToolsIntroduction);
    std::string_view separator;
    for (const Json& tool : tools) {
        prompt.markup(std::exchange(separator, ", "));
        prompt.plain(python_json(tool.contains("function") ? tool["function"] : tool));
    }
    prompt.markup(kJsonToolsInstruction);
}

void add_calls(PromptBuilder& prompt, std::span<const ToolCall> calls) {
    prompt.markup("<TOOLCALL>[");
    std::string_view separator;
    for (const ToolCall& call : calls) {
        prompt.markup(std::exchange(separator, ", "));
        prompt.markup(R"({"name": ")");
        prompt.plain(call.name);
        prompt.markup(R"(", "arguments": )");
        prompt.plain(call.arguments.is_string() ? python_str(call.arguments)
                                                : python_json(call.arguments));
        prompt.markup("}");
    }
    prompt.markup("]</TOOLCALL>");
}

class Renderer {
public:
    Renderer(const NemotronV2Layout& layout,
             const Conversation& conversation,
             const PromptOptions& options)
        : m_layout(layout)
        , m_conversation(conversation)
        , m_options(options)
        , m_thinks(thinking_enabled(conversation.messages)) {}

    RenderedPrompt render() {
        std::span<const Message> messages = m_conversation.messages;
        const bool has_system = messages.front().role == "system";
        add_system_turn(has_system ? without_toggles(messages.front().content) : "");
        messages = messages.subspan(has_system ? 1 : 0);

        const Message* final_answer =
            messages.back().role == "assistant" ? &messages.back() : nullptr;
        add_turns(messages.first(messages.size() - (final_answer != nullptr ? 1 : 0)));
        return add_end(final_answer);
    }

private:
    void add_system_turn(std::string_view text) {
        m_prompt.mark(PromptMark::Kind::System);
        m_prompt.markup("<SPECIAL_10>System\n");
        m_prompt.plain(text);
        if (!m_conversation.tools.empty()) {
            if (!text.empty()) m_prompt.markup("\n\n");
            m_prompt.mark(PromptMark::Kind::Tools);
            add_tools(m_prompt, m_conversation.tools);
        }
        m_prompt.markup(m_layout.after_system);
        m_prompt.boundary();
    }

    // Later system messages and unknown roles print nothing.
    void add_turns(std::span<const Message> messages) {
        for (std::size_t i = 0; i < messages.size(); ++i) {
            if (messages[i].role == "user") {
                m_prompt.mark(PromptMark::Kind::User);
                m_prompt.markup("<SPECIAL_11>User\n");
                m_prompt.plain(without_toggles(messages[i].content));
                m_prompt.markup("\n");
            } else if (messages[i].role == "tool") {
                add_tool_result(messages, i);
            } else if (messages[i].role == "assistant") {
                add_assistant_turn(messages[i]);
            }
        }
    }

    void add_tool_result(std::span<const Message> messages, std::size_t index) {
        const bool is_last = index + 1 == messages.size() || messages[index + 1].role != "tool";
        m_prompt.mark(PromptMark::Kind::ToolResult);
        if (index == 0 || messages[index - 1].role != "tool") {
            m_prompt.markup("<SPECIAL_11>User\n<TOOL_RESPONSE>[");
        }
        m_prompt.plain(messages[index].content);
        m_prompt.markup(is_last ? "]</TOOL_RESPONSE>" : ", ");
        if (is_last) m_prompt.markup(m_layout.after_results);
    }

    void add_assistant_turn(const Message& message) {
        const std::string_view text = after_thinking(message.content);
        begin_assistant_turn(PromptMark::Kind::Assistant);
        m_prompt.plain(text);
        if (!message.tool_calls.empty()) {
            if (!text.empty()) m_prompt.markup(m_layout.before_calls);
            add_calls(m_prompt, message.tool_calls);
        }
        m_prompt.markup("\n<SPECIAL_12>\n");
    }

    void begin_assistant_turn(PromptMark::Kind kind) {
        m_prompt.boundary();
        m_prompt.mark(kind);
        m_prompt.markup("<SPECIAL_11>Assistant\n");
    }

    // The generation prompt, with a final assistant message as the beginning of the answer.
    RenderedPrompt add_end(const Message* final_answer) {
        const std::string_view text =
            final_answer != nullptr ? python_strip(final_answer->content) : "";
        const bool is_open = m_options.add_generation_prompt || m_options.continue_final_message;
        if (m_options.add_generation_prompt || !text.empty()) {
            begin_assistant_turn(PromptMark::Kind::Answer);
            m_prompt.markup(m_thinks ? "<think>\n" : "<think></think>");
            m_prompt.plain(text);
            if (!is_open) m_prompt.markup("\n<SPECIAL_12>\n");
        }
        if (final_answer != nullptr && !m_options.add_generation_prompt)
            add_final_calls(*final_answer);
        RenderedPrompt rendered = std::move(m_prompt).finish();
        rendered.continues_text = is_open && !text.empty();
        rendered.starts_in_thinking = m_options.add_generation_prompt && m_thinks && text.empty();
        return rendered;
    }

    void add_final_calls(const Message& message) {
        if (!m_layout.prints_final_calls || message.tool_calls.empty()) return;
        begin_assistant_turn(PromptMark::Kind::Assistant);
        add_calls(m_prompt, message.tool_calls);
        m_prompt.markup("<SPECIAL_12>\n\n");
    }

    const NemotronV2Layout& m_layout;
    const Conversation& m_conversation;
    const PromptOptions& m_options;
    const bool m_thinks;
    PromptBuilder m_prompt;
};

}  // namespace

Result<RenderedPrompt> render_nemotron_v2(const NemotronV2Layout& layout,
                                          const Conversation& conversation,
                                          const PromptOptions& options) {
    const auto& messages = conversation.messages;
    if (messages.size() == 1 && messages.front().role == "system") {
        return Error{
            ErrorCode::InvalidArgument,
            "the conversation has only a system message; this prompt format needs another one"};
    }
    return Renderer(layout, conversation, options).render();
}

}  // namespace lares
