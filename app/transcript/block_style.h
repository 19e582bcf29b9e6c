#pragma once

#include "app/transcript/message_content.h"
#include "app/transcript/text_lines.h"

namespace lares::app {

/// Sizes and type of the transcript's blocks: where theme's roles become layout.

/// How the block's text is set.
[[nodiscard]] TextStyle textStyleOf(const ContentBlock& content, const Theme& theme);
/// How far the block's containers push it from the column's left.
[[nodiscard]] int indentOf(const MarkdownBlock& block, const Theme& theme);
/// The same, of the first `depth` containers.
[[nodiscard]] int indentOf(const MarkdownBlock& block, std::size_t depth, const Theme& theme);
/// The marker of a numbered item: "12.".
[[nodiscard]] QString numberOf(const MarkdownContainer& container);
/// The space between two neighbouring blocks.
[[nodiscard]] int spaceBetween(const ContentBlock& above,
                               const ContentBlock& below,
                               const Theme& theme);
/// Whether the blocks stand in the same container at this depth.
[[nodiscard]] bool shareContainer(const MarkdownBlock& a,
                                  const MarkdownBlock& b,
                                  std::size_t depth);
/// How many lines a text takes, guessed from its length.
[[nodiscard]] int guessLines(QStringView text, double charactersPerLine);

/// Sizes in pixels at scale 1.
inline constexpr int kMarkDiameter = 20;
inline constexpr int kNameHeight = 24;
inline constexpr int kLineControlHeight = 22;  ///< "Thought for 2 s"
inline constexpr int kToolLineHeight = 38;
inline constexpr int kCodeHeadHeight = 32;
inline constexpr int kCodePadding = 14;
inline constexpr int kBubblePaddingX = 14;
inline constexpr int kBubblePaddingY = 10;
inline constexpr int kCellGap = 18;
inline constexpr int kRuleHeight = 17;
inline constexpr int kSummaryLineHeight = 24;
inline constexpr int kSummaryActionsHeight = 28;

}  // namespace lares::app
