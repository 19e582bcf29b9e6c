#include "tools/builtin/find_files/name_pattern.h"

#include "tools/builtin/tool_text.h"
#include "tools/sandbox/folded_text.h"

namespace lares {

NamePattern::NamePattern(std::string_view pattern) : m_pattern(folded_name(pattern)) {}

bool NamePattern::matches(std::string_view name) const {
    const std::u32string text = folded_name(name);
    constexpr std::size_t kNone = std::u32string::npos;
    std::size_t p = 0;
    std::size_t t = 0;
    std::size_t star = kNone;  // the last * seen, which takes text up to `taken`
    std::size_t taken = 0;
    while (t < text.size()) {
        if (p < m_pattern.size() && m_pattern[p] == U'*') {
            star = p++;
            taken = t;
        } else if (p < m_pattern.size() && (m_pattern[p] == U'?' || m_pattern[p] == text[t])) {
            ++p;
            ++t;
        } else if (star != kNone) {
            p = star + 1;
            t = ++taken;
        } else {
            return false;
        }
    }
    while (p < m_pattern.size() && m_pattern[p] == U'*') ++p;
    return p == m_pattern.size();
}

}  // namespace lares
