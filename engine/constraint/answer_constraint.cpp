#include "engine/constraint/answer_constraint.h"

#include "engine/chat/call_tags.h"
#include "engine/chat/tag_match.h"
#include "engine/chat/think_tags.h"
#include "engine/constraint/call_grammar.h"
#include "engine/constraint/json_grammar.h"

#include <algorithm>
#include <utility>

namespace lares {
namespace {

constexpr std::size_t kRecentBytes = 512;
constexpr int kMaxLeadingSpace = 4;  // between the thinking and what follows it

/// What may be thought before an answer that must have a form: all that does not end it.
TokenMask thinking_mask(const TokenTable& table) {
    TokenMask mask = table.tokens_that_go_on();
    const BpeTokenizer& tokenizer = table.tokenizer();
    const bool is_one_token = tokenizer.special_id(kThinkClose).has_value();
    for (TokenId id = 0; id < tokenizer.n_vocab(); ++id) {
        const std::string_view bytes = tokenizer.token_bytes(id);
        // Where the closing tag is several tokens, its last may not bring text of the answer along.
        const auto end = is_one_token ? std::string_view::npos : bytes.find('>');
        const bool brings_text =
            end != std::string_view::npos &&
            bytes.find_first_not_of(kTagSpace, end + 1) != std::string_view::npos;
        // A call ends the thinking as the closing tag does, but is not what is asked for.
        if (brings_text || bytes == kXmlCall) mask.forbid(id);
    }
    return mask;
}

Result<Grammar> whole_grammar(PromptFormat format,
                              const std::vector<Json>& tools,
                              const AnswerForm& form) {
    GrammarBuilder builder;
    std::vector<Grammar::NodeId> choices;
    if (form.kind == AnswerForm::Kind::JsonValue) {
        // In a string the parser would find a call, too.
        JsonGrammar json(builder, {JsonGrammar::Space::Lines, call_tag(format)});
        ASSIGN_OR_RETURN(const Grammar::RuleId rule, json.rule_for(form.schema));
        choices.push_back(builder.call(rule, builder.end()));
    }
    if (form.kind == AnswerForm::Kind::Call || !tools.empty()) {
        ASSIGN_OR_RETURN(const Grammar::NodeId call,
                         add_call(builder, format, tools, form.function));
        choices.push_back(builder.literal(call_tag(format), call));
    }
    const ByteSet blank = bytes_in(" \n");
    return builder.finish(
        builder.repeat([&](Grammar::NodeId next) { return builder.match(blank, next); }, 0,
                       kMaxLeadingSpace, builder.either(std::move(choices))));
}

}  // namespace

Result<AnswerGrammars> make_answer_grammars(const std::shared_ptr<const TokenTable>& table,
                                            PromptFormat format,
                                            const std::vector<Json>& tools,
                                            const AnswerForm& form) {
    AnswerGrammars grammars;
    grammars.format = format;
    if (form.kind != AnswerForm::Kind::Free) {
        ASSIGN_OR_RETURN(Grammar whole, whole_grammar(format, tools, form));
        grammars.whole = std::make_shared<TextConstraint>(std::move(whole), table);
        grammars.ends_with_whole = form.kind == AnswerForm::Kind::JsonValue;
        grammars.thinking = std::make_shared<const TokenMask>(thinking_mask(*table));
    }
    if (tools.empty()) return grammars;
    // Tools that are too large to be held to are called as the model likes; the parser reads that.
    GrammarBuilder builder;
    const auto start = add_call(builder, format, tools);
    if (!start) return grammars;
    if (auto calls = builder.finish(*start))
        grammars.calls = std::make_shared<TextConstraint>(std::move(*calls), table);
    return grammars;
}

GrammarCache::GrammarCache(const BpeTokenizer& tokenizer, PromptFormat format)
    : m_format(format), m_table(std::make_shared<const TokenTable>(tokenizer)) {}

Result<AnswerGrammars> GrammarCache::find_or_make(const std::vector<Json>& tools,
                                                  const AnswerForm& form) {
    constexpr std::size_t kMostKept = 4;
    if (tools.empty() && form.kind == AnswerForm::Kind::Free) return AnswerGrammars{};
    const Json asked = {tools, static_cast<int>(form.kind), form.schema, form.function};
    const std::string key = asked.dump();
    const auto known =
        std::ranges::find(m_kept, key, &std::pair<std::string, AnswerGrammars>::first);
    if (known != m_kept.end()) {
        std::rotate(known, known + 1, m_kept.end());
        return m_kept.back().second;
    }
    ASSIGN_OR_RETURN(AnswerGrammars made, make_answer_grammars(m_table, m_format, tools, form));
    if (m_kept.size() == kMostKept) m_kept.erase(m_kept.begin());
    m_kept.emplace_back(key, made);
    return made;
}

AnswerConstraint::AnswerConstraint(AnswerGrammars grammars, bool starts_in_thinking)
    : m_grammars(std::move(grammars)), m_is_thinking(starts_in_thinking) {
    if (m_grammars.whole) m_grammars.whole->begin();
}

std::string_view AnswerConstraint::behind_last(std::string_view tag) const {
    const auto at = m_recent.rfind(tag);
    return at == std::string::npos ? std::string_view()
                                   : std::string_view(m_recent).substr(at + tag.size());
}

void AnswerConstraint::follow(std::string_view bytes, bool is_thinking, bool is_in_call) {
    m_recent += bytes;
    if (m_recent.size() > 2 * kRecentBytes) m_recent.erase(0, m_recent.size() - kRecentBytes);
    if (is_held_to_whole()) follow_whole(bytes, is_thinking, is_in_call);
    if (m_grammars.calls) follow_call(bytes, is_in_call);
    m_is_thinking = is_thinking;
    m_is_in_call = is_in_call;
}

void AnswerConstraint::follow_whole(std::string_view bytes, bool is_thinking, bool is_in_call) {
    if (is_thinking) return;
    TextConstraint& whole = *m_grammars.whole;
    if (!m_is_thinking) {
        whole.follow(bytes);
        m_is_whole_over = !m_grammars.ends_with_whole && whole.is_complete();
    } else if (is_in_call) {
        m_is_whole_over = true;  // it was begun in the thinking, which that ends
    } else {
        whole.follow(behind_last(kThinkClose));
        if (whole.is_lost()) whole.begin();  // white space, more of it than there may be
    }
}

void AnswerConstraint::follow_call(std::string_view bytes, bool is_in_call) {
    if (!is_in_call) return;
    TextConstraint& calls = *m_grammars.calls;
    if (!m_is_in_call) calls.begin();
    calls.follow(m_is_in_call ? bytes : behind_last(call_tag(m_grammars.format)));
}

std::shared_ptr<const TokenMask> AnswerConstraint::allowed_or_null() const {
    if (is_held_to_whole())
        return m_is_thinking ? m_grammars.thinking : m_grammars.whole->mask_or_null();
    return m_is_in_call && m_grammars.calls ? m_grammars.calls->mask_or_null() : nullptr;
}

std::string AnswerConstraint::forced_text() const {
    if (is_held_to_whole()) return m_is_thinking ? "" : m_grammars.whole->forced_text();
    return m_is_in_call && m_grammars.calls ? m_grammars.calls->forced_text() : "";
}

}  // namespace lares
