#include "engine/constraint/text_constraint.h"

#include <cstddef>
#include <utility>

namespace lares {
namespace {

constexpr std::size_t kMaxMasks = 512;  // 8 MB for 131,072 tokens

}  // namespace

TextConstraint::TextConstraint(Grammar grammar, std::shared_ptr<const TokenTable> table)
    : m_matcher(std::move(grammar)), m_table(std::move(table)) {}

void TextConstraint::begin() {
    m_state = m_matcher.start();
}

void TextConstraint::follow(std::string_view bytes) {
    m_state = m_matcher.next(m_state, bytes);
}

std::shared_ptr<const TokenMask> TextConstraint::mask_or_null(bool with_stops) {
    if (is_lost()) return nullptr;
    const auto [state, is_new] = m_matcher.trim(m_state);
    m_state = state;
    if (is_new || m_masks.size() > kMaxMasks) m_masks.clear();
    std::shared_ptr<const TokenMask>& kept = m_masks[{m_state, with_stops}];
    if (!kept) {
        TokenMask mask = m_table->tokens_that_fit(m_matcher, m_state);
        if (with_stops && is_complete()) {
            for (const TokenId id : m_table->tokenizer().stop_ids()) mask.allow(id);
        }
        kept = std::make_shared<const TokenMask>(std::move(mask));
    }
    return kept->is_empty() ? nullptr : kept;
}

}  // namespace lares
