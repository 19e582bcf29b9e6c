#include "engine/chat/output_parser.h"
#include "engine/tokenizer/utf8_stream.h"
#include "tests/fuzz/fuzz_target.h"

#include <algorithm>
#include <cstdlib>

using namespace lares;

namespace {

void check(bool holds) {
    if (!holds) std::abort();
}

/// An answer with all its pieces put together.
struct Answer {
    std::string thinking, text;
    std::vector<std::string> calls, malformed;

    friend bool operator==(const Answer&, const Answer&) = default;
};

void add(Answer& answer, const std::vector<OutputEvent>& events) {
    for (const OutputEvent& event : events) {
        if (const auto* thinking = std::get_if<ThinkingDelta>(&event)) {
            answer.thinking += thinking->text;
        } else if (const auto* text = std::get_if<TextDelta>(&event)) {
            answer.text += text->text;
        } else if (const auto* call = std::get_if<ToolCall>(&event)) {
            check(call->arguments.is_object());
            answer.calls.push_back(to_json(*call).dump());  // throws if a text is no UTF-8
        } else if (const auto* bad = std::get_if<MalformedToolCall>(&event)) {
            check(!bad->error.message.empty());
            answer.malformed.push_back(bad->raw + "\n" + bad->error.message);
        }
    }
}

/// The answer that arrives in pieces of `step` bytes, as tokens do: cut anywhere.
Answer parse(const OutputParser::Options& options, std::string_view bytes, std::size_t step) {
    OutputParser parser(options);
    Utf8Stream utf8;
    Answer answer;
    for (; !bytes.empty(); bytes.remove_prefix(std::min(step, bytes.size())))
        add(answer, parser.push(utf8.push(bytes.substr(0, step))));
    add(answer, parser.push(utf8.flush()));
    add(answer, parser.finish());
    return answer;
}

const std::vector<Json>& tools() {
    static const std::vector<Json> parsed = {
        Json::parse(R"({"name":"get_weather","parameters":{"type":"object","properties":{
            "city":{"type":"string"},"days":{"type":"integer"},"scale":{"type":"number"},
            "verbose":{"type":"boolean"},"tags":{"type":"array"},"options":{"type":"object"},
            "limit":{"type":["integer","null"]}}}})"),
        Json::parse(R"({"type":"function","function":{"name":"now"}})")};
    return parsed;
}

}  // namespace

/// What a model answered. The first byte chooses the format and how the prompt ended.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    OutputParser::Options options;
    options.format = (data[0] & 1) != 0 ? PromptFormat::NemotronV2 : PromptFormat::Nemotron3;
    options.starts_in_thinking = (data[0] & 2) != 0;
    options.continues_text = (data[0] & 4) != 0;
    options.tools = tools();
    const std::string_view answer(reinterpret_cast<const char*>(data) + 1, size - 1);
    const Answer whole = parse(options, answer, size);
    check(parse(options, answer, 1) == whole);
    check(parse(options, answer, 1 + size % 7) == whole);
    return 0;
}

std::vector<std::string> fuzz::seeds() {
    return {"2I see.\n</think>\nHello!\n",
            "2plan\n</think>\n<tool_call>\n<function=get_weather>\n<parameter=city>\nOslo\n"
            "</parameter>\n<parameter=days>\n3\n</parameter>\n<parameter=tags>\n[\"a\", 1.5]\n"
            "</parameter>\n</function>\n</tool_call>\n<tool_call>\n<function=now>\n</function>\n"
            "</tool_call>",
            "0Tags: <tool_call> is text here, </think> too. \xE2\x82\xAC\n",
            "1<TOOLCALL>[{\"name\": \"get_weather\", \"arguments\": {\"city\": \"\\u00c5s\", "
            "\"limit\": null}}, {\"name\": \"now\", \"arguments\": {}}]</TOOLCALL>",
            "3<think>\n\nshort</think>\n\nDone.",
            "4and on it goes\n"};
}
