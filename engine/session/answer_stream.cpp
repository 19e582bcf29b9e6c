#include "engine/session/answer_stream.h"

#include "engine/chat/visible_bytes.h"

#include <utility>

namespace lares {
AnswerStream::AnswerStream(const BpeTokenizer& tokenizer,
                           OutputParser::Options options,
                           AnswerGrammars grammars,
                           Sink sink)
    : m_tokenizer(tokenizer)
    , m_constraint(std::move(grammars), options.starts_in_thinking)
    , m_parser(std::move(options))
    , m_sink(std::move(sink)) {}

void AnswerStream::push(TokenId id) {
    const std::string_view bytes = visible_bytes(m_tokenizer, id);
    if (bytes.empty()) return;
    m_at_line_start = bytes.back() == '\n';
    handle(m_parser.push(m_utf8.push(bytes)));
    m_constraint.follow(bytes, m_parser.is_thinking(), m_parser.is_in_call());
}

std::vector<TokenId> AnswerStream::forced_tokens() const {
    const std::string text = m_constraint.forced_text();
    return text.empty() ? std::vector<TokenId>() : m_tokenizer.encode_with_special(text);
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
