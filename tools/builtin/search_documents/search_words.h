#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace lares {

/// The words of a text as a search compares them: lower case, Latin letters without their accents
/// ("Über" is "uber"), English plurals as their singular ("policies" is "policy"). Letters and
/// digits make words, everything else stands between them; of Chinese and Japanese, which put
/// nothing between words, each character is one. Precondition: valid UTF-8. Any thread.
[[nodiscard]] std::vector<std::string> search_words(std::string_view text);

}  // namespace lares
