#pragma once

#include "app/transcript/markdown_blocks.h"
#include "app/transcript/placed_math.h"
#include "app/ui/theme.h"

#include <QRectF>
#include <QRegion>
#include <QTextLayout>

#include <vector>

class QPainter;

namespace lares::app {

/// How a piece of text is set.
struct TextStyle {
    QFont font;
    QColor color;
    double lineHeight = 0;        ///< pixels
    bool breaksAnywhere = false;  ///< code: a long line continues below at any character
    MarkdownBlock::Align align = MarkdownBlock::Align::Left;
};

/// A found text: its ground is that of `match` or `currentMatch`.
struct TextMark {
    int from = 0;
    int to = 0;
    bool isCurrent = false;
};

/// A text laid out in lines of equal height, but where a formula needs more. Positions count from
/// the beginning of this text. UI thread only.
class TextLines {
public:
    /// `spans`, `tokens` and `formulas` are those of the block in which `text` begins at `offset`;
    /// '\n' breaks a line. Without a typesetter, which is used only here, formulas are text.
    TextLines(const QString& text,
              int offset,
              const std::vector<InlineSpan>& spans,
              const TextStyle& style,
              const Theme& theme,
              double width,
              const std::vector<CodeToken>& tokens = {},
              const std::vector<MathSpan>& formulas = {},
              MathTypesetter* typesetter = nullptr);

    [[nodiscard]] double height() const { return m_height; }
    /// How much further down than usual the first line's words stand, below a formula's top.
    [[nodiscard]] double firstBand() const { return m_lines.empty() ? 0 : m_lines.front().band; }
    /// Moves all lines down, so that cells beside each other stand on one line.
    void pushDown(double pixels);
    [[nodiscard]] double naturalWidth() const { return m_naturalWidth; }
    [[nodiscard]] int length() const { return m_length; }

    /// Draws what `clip` (in the painter's coordinates) shows; characters from selectedFrom to
    /// selectedTo are selected.
    void draw(QPainter& painter,
              QPointF at,
              const Theme& theme,
              const QRectF& clip,
              int selectedFrom,
              int selectedTo,
              const std::vector<TextMark>& marks = {}) const;

    [[nodiscard]] int positionAt(QPointF point) const;   ///< the nearest
    [[nodiscard]] int characterAt(QPointF point) const;  ///< -1: none there
    [[nodiscard]] int previousWord(int position) const;  ///< where the word begins
    [[nodiscard]] int nextWord(int position) const;      ///< where it ends
    [[nodiscard]] std::vector<QRectF> rects(int from, int to) const;

private:
    struct Line {
        double top = 0;
        double height = 0;
        double band = 0;  ///< from its top to that of its words, which are lineHeight high
        double baseline = 0;
    };
    void breakLines();
    void drawFormulas(QPainter& painter,
                      QPointF at,
                      const QRectF& clip,
                      const QColor& colour) const;
    [[nodiscard]] int lineAtY(double y) const;  ///< the last that begins above
    [[nodiscard]] QRectF bandOf(const QRectF& box) const;
    [[nodiscard]] std::vector<QRectF> layoutRects(int from, int to) const;
    void drawGrounds(QPainter& painter, QPointF at, const Theme& theme, const QRectF& clip) const;
    QRegion drawMarks(QPainter& painter,
                      QPointF at,
                      const Theme& theme,
                      const std::vector<TextMark>& marks) const;
    [[nodiscard]] QRectF lineBox(int line) const;

    PlacedMath m_math;
    QTextLayout m_layout;
    std::vector<Line> m_lines;
    int m_length = 0;
    TextStyle m_style;
    std::vector<InlineSpan> m_grounds;  ///< code and names of hidden characters
    bool m_hasColours = false;          ///< some of it is not in the style's colour
    double m_height = 0;
    double m_naturalWidth = 0;
    double m_width = 0;
};

}  // namespace lares::app
