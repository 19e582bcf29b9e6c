#pragma once

#include "app/chat/text_match.h"
#include "app/transcript/row_layout.h"
#include "app/transcript/text_position.h"
#include "app/transcript/transcript_target.h"

class QPainter;

namespace lares::app {

/// Draws one message. Changes nothing; what is to be seen has been laid out. UI thread only.
class RowPainter {
public:
    /// A text of this message that was found.
    struct Found {
        std::size_t block = 0;
        TextMatch match;
        bool isCurrent = false;
    };
    struct Look {
        TextRange selection;  ///< in the whole conversation
        TranscriptTarget hovered;
        TranscriptTarget focused;  ///< None when the view has no keyboard focus
        TranscriptTarget copied;   ///< whose copy button shows a tick for a moment
        bool isLive = false;       ///< the message is being written
        std::vector<Found> found;  ///< in order
    };

    RowPainter(QPainter& painter, const RowLayout::Metrics& metrics, const Look& look)
        : m_painter(painter), m_metrics(metrics), m_theme(*metrics.theme), m_look(look) {}

    /// `origin`: where the row's top left corner is; `clip` in the same coordinates.
    void paint(const RowLayout& layout, int row, QPoint origin, const QRect& clip);

private:
    void paintBubble(const RowLayout& layout);
    void paintCodeGround(const RowLayout& layout, std::size_t block);
    void paintContainers(const RowLayout& layout, const Piece& piece);
    void paintMarker(const MarkdownContainer& container, const QRectF& box, std::size_t depth);
    void paintTask(const MarkdownContainer& container, const QRectF& box);
    void paintPiece(const RowLayout& layout, const Piece& piece);
    void paintText(const RowLayout& layout, const Piece& piece);
    void paintName(const Piece& piece, const ContentBlock& content);
    void paintThinkingLine(const Piece& piece, const ContentBlock& content);
    void paintToolLine(const Piece& piece, const ContentBlock& content);
    void paintCodeHead(const Piece& piece, const ContentBlock& content);
    void paintSummaryLine(const Piece& piece, const ContentBlock& content);
    void paintSummaryActions(const Piece& piece, const ContentBlock& content);
    void paintChips(const Piece& piece, const ContentBlock& content);
    void paintNotice(const RowLayout& layout, const Piece& piece);
    void paintCaret(const RowLayout& layout);
    void paintFocus(const RowLayout& layout);
    void paintTextButton(const QRect& rect, const QString& text, const TranscriptTarget& target);
    void paintButtonGround(const QRect& rect, const TranscriptTarget& target);
    [[nodiscard]] QRect rectOfPiece(const Piece& piece) const;
    [[nodiscard]] std::pair<int, int> selectedIn(std::size_t block) const;
    [[nodiscard]] std::vector<TextMark> marksIn(std::size_t block, int from, int length) const;

    QPainter& m_painter;
    const RowLayout::Metrics& m_metrics;
    const Theme& m_theme;
    const Look& m_look;
    int m_row = 0;
    QPoint m_origin;
    QRect m_clip;
};

}  // namespace lares::app
