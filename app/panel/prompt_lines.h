#pragma once

#include "engine/session/engine.h"

#include <QString>

#include <optional>
#include <vector>

namespace lares::app {

/// A prompt as lines to be shown: its own text, character for character, and between its parts
/// lines that are not of it. Plain values, made on any thread.
struct PromptLine {
    enum class Kind {
        Heading,  ///< whose part begins, and its tokens
        Cut,      ///< up to here it was restored
        Gap,
        Text,
    };
    struct Run {
        enum class Look { Plain, Markup, Special, Dropped, Hidden };
        QString text;
        Look look = Look::Plain;
        bool operator==(const Run&) const = default;
    };

    Kind kind = Kind::Text;
    std::vector<Run> runs;
    bool hasLineEnd = false;  ///< Text: a line feed of the prompt follows
    bool operator==(const PromptLine&) const = default;

    [[nodiscard]] bool isOfPrompt() const { return kind == Kind::Text; }
};

/// A longer line of the prompt is cut in pieces of this size: the layout of one is never long.
inline constexpr int kLongestPromptLine = 2000;

/// `nCached`: tokens that were restored; the rest was read anew. Characters that cannot be seen, or
/// that turn the text around, are named: "[U+202E]".
[[nodiscard]] std::vector<PromptLine> promptLines(const PromptView& view,
                                                  std::optional<int> nCached);

/// "You", "Instructions", "Tool result"
[[nodiscard]] QString sectionName(PromptMark::Kind kind);
/// "1 token", "1,204 tokens"
[[nodiscard]] QString tokensText(int n);
/// Tokens of thinking that the prompt of the next turn leaves out.
[[nodiscard]] int droppedTokens(const PromptView& view);

}  // namespace lares::app
