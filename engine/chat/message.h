#pragma once

#include "engine/base/json.h"
#include "engine/base/result.h"

#include <optional>
#include <string>
#include <vector>

namespace lares {

/// A call the model asked for. `arguments` is a JSON object, keys in the model's order. Only a
/// history that came from elsewhere may hold a JSON string instead: nemotron-v2 prints it as it is,
/// nemotron3 refuses it, and the output parser never makes one.
struct ToolCall {
    std::string name;
    Json arguments = Json::object();

    friend bool operator==(const ToolCall&, const ToolCall&) = default;
};

/// One message of a conversation, as OpenAI's chat format has it.
struct Message {
    /// "system", "user", "assistant", "tool"; others are rendered as they are.
    std::string role;
    std::string content;  ///< null in JSON reads as empty
    /// JSON `reasoning_content`: the thinking before this answer.
    std::optional<std::string> reasoning;
    std::vector<ToolCall> tool_calls;  ///< of an assistant message
};

/// What a prompt is rendered from.
struct Conversation {
    std::vector<Message> messages;
    /// Tool definitions, OpenAI form ({"type":"function","function":{…}}) or the bare function
    /// object.
    std::vector<Json> tools;
};

/// The template's variables.
struct PromptOptions {
    /// End where the assistant's answer begins.
    bool add_generation_prompt = true;
    /// Of nemotron3; nemotron-v2 obeys /think and /no_think in the messages instead.
    bool enable_thinking = true;
    /// Drop the thinking of turns before the last user message (nemotron3; nemotron-v2 always
    /// does).
    bool truncate_history_thinking = true;
    /// Of nemotron-v2: leave a final assistant message open.
    bool continue_final_message = false;
};

/// {"messages":[…],"tools":[…]|null} as in tests/data/chat/golden_renders.json.
/// InvalidArgument names the message and field: arguments that are neither object nor string,
/// content that is neither string nor null, a missing role. Sizes and depth are bounded: the JSON
/// may be untrusted. Fields that no prompt format prints (ids, a tool message's name) are ignored.
[[nodiscard]] Result<Conversation> conversation_from_json(const Json& json);
/// The `kwargs` object of the same file. Unknown keys are refused.
[[nodiscard]] Result<PromptOptions> prompt_options_from_json(const Json& kwargs);
[[nodiscard]] Json to_json(const ToolCall& call);

}  // namespace lares
