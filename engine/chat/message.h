#pragma once

#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "engine/base/result.h"

namespace lares {

/// Keeps the order of keys, which the prompt formats print.
using Json = nlohmann::ordered_json;

/// A call the model asked for. `arguments` is always a JSON object, keys in the model's order.
struct ToolCall {
    std::string name;
    Json arguments = Json::object();

    friend bool operator==(const ToolCall&, const ToolCall&) = default;
};

/// One message of a conversation, as OpenAI's chat format has it.
struct Message {
    std::string role;                      ///< "system", "user", "assistant", "tool"; others are rendered as they are
    std::string content;                   ///< null in JSON reads as empty
    std::optional<std::string> reasoning;  ///< JSON `reasoning_content`: the thinking before this answer
    std::vector<ToolCall> tool_calls;      ///< of an assistant message
};

/// What a prompt is rendered from.
struct Conversation {
    std::vector<Message> messages;
    /// Tool definitions, OpenAI form ({"type":"function","function":{…}}) or the bare function object.
    std::vector<Json> tools;
};

/// The template's variables.
struct PromptOptions {
    bool add_generation_prompt = true;      ///< end where the assistant's answer begins
    bool enable_thinking = true;
    bool truncate_history_thinking = true;  ///< drop the thinking of turns before the last user message
    bool continue_final_message = false;    ///< nemotron-v2: leave a final assistant message open
};

/// {"messages":[…],"tools":[…]|null} as in tests/data/chat/golden_renders.json.
/// InvalidArgument names the message and field: arguments that are a string, content that is neither
/// string nor null, a missing role. Numbers, sizes and depth are bounded: the JSON may be untrusted.
[[nodiscard]] Result<Conversation> conversation_from_json(const Json& json);
/// The `kwargs` object of the same file. Unknown keys are refused.
[[nodiscard]] Result<PromptOptions> prompt_options_from_json(const Json& kwargs);
[[nodiscard]] Json to_json(const ToolCall& call);

}  // namespace lares
