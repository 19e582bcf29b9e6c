#pragma once

#include "app/transcript/row_layout.h"

#include <QPoint>
#include <QRect>
#include <QString>

#include <vector>

namespace lares::app {

/// Something in a message that can be clicked, or reached with Tab.
struct TranscriptTarget {
    enum class Kind {
        None,
        Message,  ///< the message itself
        Link,
        CopyCode,
        Thinking,
        Tool,
        Undo,  ///< the button on the line of a call that changed files, or kept a note
        CopyDetails,
        Card,
        Attachment,     ///< a chip, which opens
        Summary,        ///< the line about what is above, which opens
        SummaryAction,  ///< a button below what it opened
    };
    Kind kind = Kind::None;
    int row = -1;
    std::size_t block = 0;
    /// Link: index into the block's links; Attachment: into its chips; SummaryAction: its buttons.
    int link = -1;

    explicit operator bool() const { return kind != Kind::None; }
    bool operator==(const TranscriptTarget&) const = default;
};

/// What can be reached in a message, in order; `row` is copied into each.
[[nodiscard]] std::vector<TranscriptTarget> targetsOf(const std::vector<ContentBlock>& blocks,
                                                      int row);
/// Where the target is, from the message's top left corner; empty when it is not laid out.
[[nodiscard]] QRect rectOf(const TranscriptTarget& target,
                           const RowLayout& layout,
                           const RowLayout::Metrics& metrics);
/// What is at this point of the message; None over plain text.
[[nodiscard]] TranscriptTarget targetAt(QPoint point,
                                        const RowLayout& layout,
                                        int row,
                                        const RowLayout::Metrics& metrics);
/// For a screen reader and a tool tip: "Copy code".
[[nodiscard]] QString nameOf(const TranscriptTarget& target, const ContentBlock& block);

/// The button of a ToolLine that offers one.
[[nodiscard]] QRect undoButtonRect(const Piece& piece, const QString& text, const Theme& theme);
/// What a SummaryLine says stands in the middle of it.
[[nodiscard]] QRect summaryLineRect(const Piece& piece, const QString& text, const Theme& theme);
/// The buttons of SummaryActions.
[[nodiscard]] std::vector<QRect> summaryButtonRects(const Piece& piece,
                                                    const QStringList& buttons,
                                                    const Theme& theme);
/// What the piece has on its right: a code block's or a notice's copy button.
[[nodiscard]] QRect copyButtonRect(const Piece& piece, const Theme& theme);

}  // namespace lares::app
