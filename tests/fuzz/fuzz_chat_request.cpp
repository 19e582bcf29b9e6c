#include "app/cli/serve/openai_request.h"
#include "tests/fuzz/fuzz_target.h"

#include <cstdlib>

using namespace lares;

namespace {

void check(bool holds) {
    if (!holds) std::abort();
}

}  // namespace

/// What any program on the machine may send to lares-cli serve.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view body(reinterpret_cast<const char*>(data), size);
    const cli::ParsedRequest completion = cli::parseCompletionRequest(body, {});
    if (const auto* asked = std::get_if<cli::AnswerRequest>(&completion))
        check(!asked->generation.raw_prompt.value_or("").empty());
    const cli::ParsedRequest parsed = cli::parseChatRequest(body, {});
    if (const auto* error = std::get_if<cli::ApiError>(&parsed)) {
        check(error->status == 400 && !error->message.empty());
        return 0;
    }
    const auto& chat = std::get<cli::AnswerRequest>(parsed);
    // What the parser lets through, the engine takes.
    check(chat.generation.max_tokens > 0 && validate(chat.generation.sampling).has_value());
    for (const std::string& stop : chat.stops) check(!stop.empty());
    check(
        render_prompt(PromptFormat::Nemotron3, chat.generation.conversation, chat.generation.prompt)
            .has_value());
    return 0;
}

std::vector<std::string> fuzz::seeds() {
    return {
        R"({"model":"m","messages":[{"role":"user","content":"hi"}],"temperature":0.5,"stop":["a"]})",
        R"({"messages":[{"role":"developer","content":[{"type":"text","text":"x"}]},{"role":"user","content":"é"}],"stream":true,"stream_options":{"include_usage":true},"max_tokens":5,"seed":-1})",
        R"({"messages":[{"role":"user","content":"q"},{"role":"assistant","content":null,"tool_calls":[{"id":"x","type":"function","function":{"name":"f","arguments":"{\"a\":[1,2]}"}}]},{"role":"tool","tool_call_id":"x","content":"1"}],"tools":[{"type":"function","function":{"name":"f","description":"d","parameters":{"type":"object","properties":{"a":{"type":"array"}}}}}],"tool_choice":"auto"})",
        R"({"messages":[{"role":"user","content":"hi"}],"reasoning_effort":"low","chat_template_kwargs":{"enable_thinking":false},"top_k":-1,"n":1,"logit_bias":{}})",
        R"({"prompt":["Once upon"],"echo":true,"max_tokens":5,"suffix":"","best_of":1})",
    };
}
