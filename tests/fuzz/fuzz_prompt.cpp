#include "engine/base/utf8.h"
#include "engine/chat/bounded_json.h"
#include "engine/chat/prompt_format.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/support/test_data.h"

#include <cstdlib>

using namespace lares;

namespace {

void check(bool holds) {
    if (!holds) std::abort();
}

bool is_utf8(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        const Utf8Unit unit = decode_utf8(text, at);
        if (unit.kind != Utf8Unit::Kind::Valid) return false;
        at += unit.size;
    }
    return true;
}

void render(PromptFormat format, const Conversation& conversation, const PromptOptions& options) {
    const auto prompt = render_prompt(format, conversation, options);
    if (!prompt) {
        check(!prompt.error().message.empty());
        return;
    }
    check(is_utf8(prompt->text()));
    std::size_t last = 0;
    for (const std::size_t boundary : prompt->boundaries) {
        check(boundary > last && boundary <= prompt->segments.size());
        last = boundary;
    }
}

}  // namespace

/// A conversation from elsewhere (a file, a client) in every prompt format; and the same bytes as a
/// model file's template, which is only recognised, never run.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    static_cast<void>(recognise_template(text).has_value());
    const auto json = parse_bounded_json(text);
    if (!json) return 0;
    const auto conversation = conversation_from_json(*json);
    if (!conversation) return 0;
    PromptOptions options;
    if (json->contains("kwargs")) {
        if (const auto parsed = prompt_options_from_json((*json)["kwargs"])) options = *parsed;
    }
    for (const PromptFormat format :
         {PromptFormat::Nemotron3, PromptFormat::NemotronV2, PromptFormat::NemotronV2LlamaCpp})
        render(format, *conversation, options);
    return 0;
}

std::vector<std::string> fuzz::seeds() {
    std::vector<std::string> seeds;
    const Json cases = Json::parse(test::read_file(test::data_file("chat/golden_renders.json")));
    for (const Json& one : cases) {
        Json input = {{"messages", one["messages"]}};
        for (const char* key : {"tools", "kwargs"})
            if (one.contains(key)) input[key] = one[key];
        seeds.push_back(input.dump());
    }
    return seeds;
}
