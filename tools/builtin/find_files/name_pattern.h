#pragma once

#include <string>
#include <string_view>

namespace lares {

/// A file name with * (any characters) and ? (one), compared without regard to case.
/// Thread safe: const.
class NamePattern {
public:
    explicit NamePattern(std::string_view pattern);

    /// Time: at most the product of the two lengths, whatever the pattern.
    [[nodiscard]] bool matches(std::string_view name) const;

private:
    std::u32string m_pattern;
};

}  // namespace lares
