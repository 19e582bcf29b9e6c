#include "engine/chat/visible_bytes.h"

#include "engine/chat/call_tags.h"
#include "engine/chat/think_tags.h"

#include <algorithm>
#include <array>

namespace lares {
namespace {

constexpr std::array<std::string_view, 6> kTags{kThinkOpen,  kThinkClose,       kXmlCall,
                                                kXmlCallEnd, "<tool_response>", "</tool_response>"};

}  // namespace

std::string_view visible_bytes(const BpeTokenizer& tokenizer, TokenId id) {
    const std::string_view bytes = tokenizer.token_bytes(id);
    switch (tokenizer.token_type(id)) {
        case TokenType::Control:
        case TokenType::Unknown:
        case TokenType::Unused:
            return std::ranges::find(kTags, bytes) != kTags.end() ? bytes : std::string_view();
        default:
            return bytes;
    }
}

}  // namespace lares
