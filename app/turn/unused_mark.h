#pragma once

#include <span>
#include <string>
#include <string_view>

namespace lares {

/// Six hexadecimal digits that stand in none of these texts, for tags around them: what is inside
/// cannot close its tag. They depend on `inside` alone, unless `beside`, which stands outside of
/// the tags, happens to hold them; the same on every machine. Any thread.
[[nodiscard]] std::string unusedMark(std::span<const std::string_view> inside,
                                     std::string_view beside);

}  // namespace lares
