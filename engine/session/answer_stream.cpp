#include "engine/session/answer_stream.h"

#include <algorithm>
#include <array>
#include <utility>

namespace lares {
namespace {

/// Markup that the output parser has to see even where a vocabulary calls it a control token
/// (spec: tokenizer.md §4.1).
constexpr std::array<std::string_view, 6> kTags{
    "<think>", "</think>", "<tool_call>", "</tool_call>", "<tool_response>", "</tool_response>"};

}  // namespace

AnswerStream::AnswerStream(const BpeTokenizer& tokenizer, OutputParser::Options options, Sink sink)
    : m_tokenizer(tokenizer), m_parser(std::move(options)), m_sink(std::move(sink)) {}

std::string_view AnswerStream::visible_bytes(TokenId id) const {
    const std::string_view bytes = m_tokenizer.token_bytes(id);
    switch (m_tokenizer.token_type(id)) {
        case TokenType::Control:
        case TokenType::Unknown:
        case TokenType::Unused:
            return std::ranges::find(kTags, bytes) != kTags.end() ? bytes : std::string_view();
        default:
            return bytes;
    }
}

void AnswerStream::push(TokenId id) {
    const std::string_view bytes = visible_bytes(id);
    if (bytes.empty()) return;
    m_at_line_start = bytes.back() == '\n';
    handle(m_parser.push(m_utf8.push(bytes)));
}

void AnswerStream::finish() {
    handle(m_parser.push(m_utf8.flush()));
    handle(m_parser.finish());
}

void AnswerStream::handle(std::vector<OutputEvent> events) {
    for (OutputEvent& event : events) {
        if (const auto* thinking = std::get_if<ThinkingDelta>(&event))
            m_generation.thinking += thinking->text;
        else if (const auto* text = std::get_if<TextDelta>(&event))
            m_generation.text += text->text;
        else if (const auto* call = std::get_if<ToolCall>(&event))
            m_generation.tool_calls.push_back(*call);
        else if (const auto* bad = std::get_if<MalformedToolCall>(&event))
            m_generation.malformed_calls.push_back(*bad);
        if (m_sink) std::visit([this](auto& e) { m_sink(EngineEvent(std::move(e))); }, event);
    }
}

}  // namespace lares
