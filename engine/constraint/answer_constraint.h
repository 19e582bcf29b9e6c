#pragma once

#include "engine/base/result.h"
#include "engine/chat/prompt_format.h"
#include "engine/constraint/answer_form.h"
#include "engine/constraint/text_constraint.h"
#include "engine/constraint/token_table.h"
#include "engine/sampling/token_mask.h"

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lares {

/// What is made once for a set of tools and a form, and used for many answers, one at a time.
struct AnswerGrammars {
    PromptFormat format = PromptFormat::Nemotron3;
    std::shared_ptr<TextConstraint> calls;      ///< behind a call's opening tag; null: no tools
    std::shared_ptr<TextConstraint> whole;      ///< the answer from its beginning; null: free
    bool ends_with_whole = false;               ///< nothing follows `whole`
    std::shared_ptr<const TokenMask> thinking;  ///< what may be thought before `whole`; or null
};

/// Errors: InvalidArgument: a schema that is not taken, a function that there is not.
[[nodiscard]] Result<AnswerGrammars> make_answer_grammars(
    const std::shared_ptr<const TokenTable>& table,
    PromptFormat format,
    const std::vector<Json>& tools,
    const AnswerForm& form);

/// Holds one answer to its form while it is written, and the calls in it to the tools that there
/// are. What is thinking, text and call is the OutputParser's to say. One thread at a time.
class AnswerConstraint {
public:
    explicit AnswerConstraint(AnswerGrammars grammars, bool starts_in_thinking);

    /// A token's visible bytes, after the parser has read them and with what it then says.
    void follow(std::string_view bytes, bool is_thinking, bool is_in_call);

    /// The tokens that may come next; null: any.
    [[nodiscard]] std::shared_ptr<const TokenMask> allowed_or_null() const;
    /// The text that must come next; mostly none.
    [[nodiscard]] std::string forced_text() const;

private:
    void follow_call(std::string_view bytes, bool is_in_call);
    void follow_whole(std::string_view bytes, bool is_thinking, bool is_in_call);
    [[nodiscard]] std::string_view behind_last(std::string_view tag) const;
    [[nodiscard]] bool is_held_to_whole() const { return m_grammars.whole && !m_is_whole_over; }

    AnswerGrammars m_grammars;
    std::string m_recent;  ///< the last bytes, to find where a tag ended inside a token
    bool m_is_thinking;
    bool m_is_in_call = false;
    bool m_is_whole_over = false;
};

/// The grammars of the last few sets of tools and forms. One thread at a time.
class GrammarCache {
public:
    /// Makes the table of the vocabulary, here and not in the first answer. The tokenizer must
    /// outlive it. Throws std::bad_alloc.
    GrammarCache(const BpeTokenizer& tokenizer, PromptFormat format);

    /// As make_answer_grammars.
    [[nodiscard]] Result<AnswerGrammars> find_or_make(const std::vector<Json>& tools,
                                                      const AnswerForm& form);

private:
    PromptFormat m_format;
    std::shared_ptr<const TokenTable> m_table;
    std::vector<std::pair<std::string, AnswerGrammars>> m_kept;  // the last used at the end
};

}  // namespace lares
