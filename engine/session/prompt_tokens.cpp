#include "engine/session/prompt_tokens.h"

#include <span>

namespace lares {
namespace {

bool is_markup(const BpeTokenizer& tokenizer, TokenId id) {
    const TokenType type = tokenizer.token_type(id);
    return type == TokenType::Control || type == TokenType::UserDefined;
}

}  // namespace

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
                              is_markup(tokenizer, piece.front()) ||
                              is_markup(tokenizer, out.ids.back());
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

}  // namespace lares
