#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace lares::test {

/// Which folders may include which: the arrows of ARCHITECTURE.md, checked on the text of the
/// #include lines. Pure, so that the checker itself can be tested with made-up lines.
class LayeringRules {
public:
    /// `engine_api`: every header that engine/session/engine.h brings with it, itself included.
    explicit LayeringRules(std::set<std::string> engine_api);

    /// One sentence for each include in `text` that breaks a rule; `path` is the file's, from the
    /// root.
    [[nodiscard]] std::vector<std::string> violations(std::string_view path,
                                                      std::string_view text) const;

private:
    [[nodiscard]] std::string objection(std::string_view path, std::string_view header) const;

    std::set<std::string> m_engine_api;
};

/// An #include line: what stands between the quotes or the angle brackets.
struct Include {
    std::string header;
    bool is_quoted = false;
};
[[nodiscard]] std::vector<Include> includes_of(std::string_view text);

}  // namespace lares::test
