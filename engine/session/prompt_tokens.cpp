#include "engine/session/prompt_tokens.h"

#include <algorithm>
#include <span>
#include <utility>

namespace lares {

bool is_markup_token(const BpeTokenizer& tokenizer, TokenId id) {
    const TokenType type = tokenizer.token_type(id);
    return type == TokenType::Control || type == TokenType::UserDefined;
}

PromptTokens encode_prompt(const BpeTokenizer& tokenizer, const RenderedPrompt& prompt) {
    const std::span<const TextSegment> segments(prompt.segments);
    std::vector<std::size_t> ends = prompt.boundaries;
    if (ends.empty() || ends.back() != segments.size()) ends.push_back(segments.size());

    PromptTokens out;
    std::size_t first = 0;  // segment after the last piece that is settled in `out`
    std::size_t settled = 0;
    for (const std::size_t end : ends) {
        if (end <= first || end > segments.size()) continue;
        const auto piece = tokenizer.encode(segments.subspan(first, end - first));
        const bool is_clean = out.ids.empty() || piece.empty() ||
                              is_markup_token(tokenizer, piece.front()) ||
                              is_markup_token(tokenizer, out.ids.back());
        if (is_clean) {
            out.ids.insert(out.ids.end(), piece.begin(), piece.end());
            settled = first;
        } else {
            const int keep =
                out.boundaries.size() > 1 ? out.boundaries[out.boundaries.size() - 2] : 0;
            out.ids.resize(static_cast<std::size_t>(keep));
            out.boundaries.pop_back();
            const auto joined = tokenizer.encode(segments.subspan(settled, end - settled));
            out.ids.insert(out.ids.end(), joined.begin(), joined.end());
        }
        first = end;
        out.boundaries.push_back(static_cast<int>(out.ids.size()));
    }
    return out;
}

RenderedPrompt as_prompt(std::string text) {
    RenderedPrompt prompt;
    prompt.segments.push_back({TextSegment::Kind::Markup, std::move(text)});
    prompt.boundaries.push_back(1);
    return prompt;
}

Result<PromptTokens> certain_prefix(const Model& model,
                                    const Conversation& conversation,
                                    const PromptOptions& options) {
    // Two messages that have nothing in common: what both prompts begin with is certain.
    const auto with = [&](const char* text) -> Result<PromptTokens> {
        Conversation longer = conversation;
        longer.messages.emplace_back().role = "user";
        longer.messages.back().content = text;
        ASSIGN_OR_RETURN(const RenderedPrompt prompt,
                         render_prompt(model.prompt_format(), longer, options));
        return encode_prompt(model.tokenizer(), prompt);
    };
    ASSIGN_OR_RETURN(PromptTokens prefix, with("A"));
    ASSIGN_OR_RETURN(const PromptTokens other, with("5"));
    auto end = std::ranges::mismatch(prefix.ids, other.ids).in1;
    // Ordinary text could join with what follows it.
    while (end != prefix.ids.begin() && !is_markup_token(model.tokenizer(), *std::prev(end))) --end;
    prefix.ids.erase(end, prefix.ids.end());

    const int n = static_cast<int>(prefix.ids.size());
    std::erase_if(prefix.boundaries, [&](int boundary) { return boundary >= n; });
    if (n > 0) prefix.boundaries.push_back(n);
    return prefix;
}

}  // namespace lares
