#pragma once

#include "engine/chat/output_parser.h"
#include "engine/constraint/answer_constraint.h"
#include "engine/session/engine.h"
#include "engine/tokenizer/bpe_tokenizer.h"
#include "engine/tokenizer/utf8_stream.h"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace lares {

/// Turns generated tokens into events and into the Generation that they add up to: bytes, then
/// valid UTF-8, then thinking, text and calls; and says what may come next. One thread at a time.
class AnswerStream {
public:
    using Sink = std::function<void(const EngineEvent&)>;

    AnswerStream(const BpeTokenizer& tokenizer,
                 OutputParser::Options options,
                 AnswerGrammars grammars,
                 Sink sink);

    void push(TokenId id);
    void finish();

    [[nodiscard]] bool is_thinking() const { return m_parser.is_thinking(); }
    /// The tokens that may come next; null: any.
    [[nodiscard]] std::shared_ptr<const TokenMask> allowed_or_null() const {
        return m_constraint.allowed_or_null();
    }
    /// What will probably be picked next, because no other text may come; mostly nothing.
    [[nodiscard]] std::vector<TokenId> forced_tokens() const;
    /// The text so far ends with a line break (true at the start: the prompt ended with one).
    [[nodiscard]] bool at_line_start() const { return m_at_line_start; }
    /// What has been put together so far; stats and finish_reason are the caller's.
    [[nodiscard]] Generation& generation() { return m_generation; }

private:
    void handle(std::vector<OutputEvent> events);

    const BpeTokenizer& m_tokenizer;
    AnswerConstraint m_constraint;
    OutputParser m_parser;
    Utf8Stream m_utf8;
    Sink m_sink;
    Generation m_generation;
    bool m_at_line_start = true;
};

}  // namespace lares
