#include "engine/constraint/text_constraint.h"

#include <cstddef>
#include <utility>

namespace lares {
namespace {

constexpr std::size_t kMaxMasks = 512;  // 8 MB for 131,072 tokens
constexpr std::size_t kMaxForcedBytes = 64;

}  // namespace

TextConstraint::TextConstraint(Grammar grammar, std::shared_ptr<const TokenTable> table)
    : m_matcher(std::move(grammar)), m_table(std::move(table)) {}

void TextConstraint::begin() {
    m_state = m_matcher.start();
}

void TextConstraint::follow(std::string_view bytes) {
    m_state = m_matcher.next(m_state, bytes);
}

std::string TextConstraint::forced_text() {
    std::string text;
    GrammarMatcher::State state = m_state;
    while (state != GrammarMatcher::kDead && !m_matcher.is_complete(state) &&
           text.size() < kMaxForcedBytes) {
        int n_way = 0;
        char way = 0;
        for (int byte = 0; byte < 256 && n_way < 2; ++byte) {
            if (m_matcher.next(state, static_cast<char>(byte)) == GrammarMatcher::kDead) continue;
            way = static_cast<char>(byte);
            ++n_way;
        }
        if (n_way != 1) break;
        text += way;
        state = m_matcher.next(state, way);
    }
    return text;
}

std::shared_ptr<const TokenMask> TextConstraint::mask_or_null() {
    if (is_lost()) return nullptr;
    const auto [state, is_new] = m_matcher.trim(m_state);
    m_state = state;
    if (is_new || m_masks.size() > kMaxMasks) m_masks.clear();
    std::shared_ptr<const TokenMask>& kept = m_masks[m_state];
    if (!kept) {
        TokenMask mask = m_table->tokens_that_fit(m_matcher, m_state);
        if (is_complete()) {
            for (const TokenId id : m_table->tokenizer().stop_ids()) mask.allow(id);
        }
        kept = std::make_shared<const TokenMask>(std::move(mask));
    }
    return kept->is_empty() ? nullptr : kept;
}

}  // namespace lares
