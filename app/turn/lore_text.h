#pragma once

#include <span>
#include <string>
#include <string_view>

namespace lares {

/// What the user's turn says where a persona knows something about what it names: these texts,
/// each between a pair of tags that none of them contains, with a sentence that they are
/// background, and then `words`. Without texts: `words`, byte for byte. The tags depend on the
/// texts alone. Any thread.
[[nodiscard]] std::string loreTurn(std::string_view words, std::span<const std::string> lore);

}  // namespace lares
