#pragma once

#include "engine/constraint/grammar_matcher.h"

#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace lares::test {

/// A text that the grammar takes, drawn byte by byte; `favoured` bytes come half of the time where
/// they may, so that texts end and meet their tags. Nothing where it has not ended by `most` bytes.
inline std::optional<std::string> random_text(GrammarMatcher& matcher,
                                              std::mt19937& random,
                                              std::string_view favoured,
                                              std::size_t most = 4000) {
    std::string text;
    GrammarMatcher::State state = matcher.start();
    while (text.size() < most) {
        std::string all;
        std::string good;
        for (int byte = 0; byte < 256; ++byte) {
            const char c = static_cast<char>(byte);
            if (matcher.next(state, c) == GrammarMatcher::kDead) continue;
            all += c;
            if (favoured.find(c) != std::string_view::npos) good += c;
        }
        if (matcher.is_complete(state) && (all.empty() || random() % 2 == 0)) return text;
        if (all.empty()) return std::nullopt;  // a dead end: no text is one
        const std::string& from = !good.empty() && random() % 4 != 0 ? good : all;
        text += from[random() % from.size()];
        state = matcher.next(state, text.back());
    }
    return std::nullopt;
}

/// Whether every text that the grammar has begun can be ended: no beginning of `text` is a dead
/// end.
inline bool has_no_dead_end(GrammarMatcher& matcher, std::string_view text) {
    GrammarMatcher::State state = matcher.start();
    for (const char c : text) {
        bool goes_on = false;
        for (int byte = 0; byte < 256 && !goes_on; ++byte)
            goes_on = matcher.next(state, static_cast<char>(byte)) != GrammarMatcher::kDead;
        if (!goes_on) return false;
        state = matcher.next(state, c);
    }
    return true;
}

inline bool takes(GrammarMatcher& matcher, std::string_view text) {
    return matcher.is_complete(matcher.next(matcher.start(), text));
}

}  // namespace lares::test
