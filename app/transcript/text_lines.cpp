#include "app/transcript/text_lines.h"

#include <QPainter>
#include <QTextCharFormat>
#include <QTextOption>

#include <algorithm>
#include <cmath>

namespace lares::app {
namespace {

constexpr double kGroundOverhang = 4;

QTextCharFormat formatOf(const InlineSpan& span, const TextStyle& style, const Theme& theme) {
    QTextCharFormat format;
    if (span.styles & (InlineSpan::Code | InlineSpan::Hidden)) {
        QFont font = theme.codeFont;
        font.setPixelSize(
            std::max(8, static_cast<int>(std::lround(style.font.pixelSize() * 13.0 / 15.0))));
        font.setBold(style.font.weight() > QFont::Medium);
        format.setFont(font);
    }
    if (span.styles & InlineSpan::Strong) format.setFontWeight(QFont::DemiBold);
    if (span.styles & InlineSpan::Emphasis) format.setFontItalic(true);
    if (span.styles & InlineSpan::Strike) format.setFontStrikeOut(true);
    if (span.styles & (InlineSpan::Quiet | InlineSpan::Hidden))
        format.setForeground(theme.quietText);
    if (span.styles & InlineSpan::Link) format.setForeground(theme.accent);
    return format;
}

QTextCharFormat formatOf(CodeToken::Kind kind, const Theme& theme) {
    const auto colour = [&]() -> const QColor& {
        switch (kind) {
            case CodeToken::Kind::Keyword:
                return theme.codeKeyword;
            case CodeToken::Kind::String:
                return theme.codeString;
            case CodeToken::Kind::Number:
                return theme.codeNumber;
            case CodeToken::Kind::Comment:
                return theme.codeComment;
            case CodeToken::Kind::Name:
                return theme.codeName;
            case CodeToken::Kind::Added:
                return theme.good;
            case CodeToken::Kind::Removed:
                break;
        }
        return theme.removed;
    };
    QTextCharFormat format;
    format.setForeground(colour());
    return format;
}

Qt::Alignment qtAlign(MarkdownBlock::Align align) {
    switch (align) {
        case MarkdownBlock::Align::Center:
            return Qt::AlignHCenter;
        case MarkdownBlock::Align::Right:
            return Qt::AlignRight;
        case MarkdownBlock::Align::Left:
            break;
    }
    return Qt::AlignLeft;
}

/// Room before and after an inline ground, as letter spacing: the text itself stays as it is.
void addRoom(QList<QTextLayout::FormatRange>& formats, int at, QTextCharFormat format) {
    format.setFontLetterSpacingType(QFont::AbsoluteSpacing);
    format.setFontLetterSpacing(kGroundOverhang);
    formats.append({at, 1, format});
}

}  // namespace

TextLines::TextLines(const QString& text,
                     int offset,
                     const std::vector<InlineSpan>& spans,
                     const TextStyle& style,
                     const Theme& theme,
                     double width,
                     const std::vector<CodeToken>& tokens,
                     const std::vector<MathSpan>& formulas,
                     MathTypesetter* typesetter)
    : m_math(text, offset, formulas, typesetter, style.font, width)
    , m_length(static_cast<int>(text.size()))
    , m_style(style)
    , m_width(width) {
    QString lines = m_math.layoutText();
    lines.replace(u'\n', QChar(QChar::LineSeparator));
    using End = PlacedMath::End;
    QList<QTextLayout::FormatRange> formats;
    const auto end = offset + static_cast<int>(text.size());
    const auto after = [](int at, const auto& run) { return at < run.start + run.length; };
    // Before the spans: the name of a hidden character looks the same everywhere.
    for (auto token = std::upper_bound(tokens.begin(), tokens.end(), offset, after);
         token != tokens.end() && token->start < end; ++token) {
        const int from = std::max(token->start, offset) - offset;
        const int to = std::min(token->start + token->length, end) - offset;
        formats.append({from, to - from, formatOf(token->kind, theme)});
    }
    for (auto span = std::upper_bound(spans.begin(), spans.end(), offset, after);
         span != spans.end() && span->start < end; ++span) {
        InlineSpan local = *span;
        local.start = m_math.toLayout(std::max(span->start, offset) - offset, End::First);
        local.length =
            m_math.toLayout(std::min(span->start + span->length, end) - offset, End::Last) -
            local.start;
        const QTextCharFormat format = formatOf(local, style, theme);
        formats.append({local.start, local.length, format});
        m_hasColours |= format.hasProperty(QTextFormat::ForegroundBrush);
        if (local.styles & (InlineSpan::Code | InlineSpan::Hidden)) {
            m_grounds.push_back(local);
            if (local.start > 0 && lines[local.start - 1] != QChar(QChar::LineSeparator)) {
                QTextCharFormat before;
                if (formats.size() > 1) {
                    const auto& last = formats[formats.size() - 2];
                    if (last.start + last.length == local.start) before = last.format;
                }
                addRoom(formats, local.start - 1, before);
            }
            addRoom(formats, local.start + local.length - 1, format);
        }
    }
    if (!m_math.pieces().empty()) {
        // A letter is not seen, and takes its formula's room.
        QTextCharFormat format;
        format.setForeground(Qt::transparent);
        format.setFont(style.font, QTextCharFormat::FontPropertiesSpecifiedOnly);
        format.setFontItalic(false);
        format.setFontWeight(style.font.weight());
        format.setFontLetterSpacingType(QFont::AbsoluteSpacing);
        const double letter = QFontMetricsF(style.font).horizontalAdvance(PlacedMath::kLetter);
        for (const PlacedMath::Piece& piece : m_math.pieces()) {
            format.setFontLetterSpacing(piece.box().width - letter);
            formats.append({piece.at, 1, format});
        }
    }
    m_layout.setText(lines);
    m_layout.setFont(style.font);
    m_layout.setFormats(formats);
    m_layout.setCacheEnabled(true);
    QTextOption option;
    option.setWrapMode(style.breaksAnywhere ? QTextOption::WrapAnywhere
                                            : QTextOption::WrapAtWordBoundaryOrAnywhere);
    option.setAlignment(qtAlign(style.align));
    if (style.breaksAnywhere)
        option.setTabStopDistance(QFontMetricsF(style.font).horizontalAdvance(u' ') * 4);
    m_layout.setTextOption(option);

    breakLines();
}

void TextLines::breakLines() {
    auto piece = m_math.pieces().begin();
    const auto end = m_math.pieces().end();
    m_layout.beginLayout();
    for (QTextLine line = m_layout.createLine(); line.isValid(); line = m_layout.createLine()) {
        line.setLineWidth(m_width);
        const double textHeight = line.ascent() + line.descent();
        Line made;
        made.top = m_height;
        made.height = m_style.lineHeight;
        const double within = std::floor((m_style.lineHeight - textHeight) / 2);
        double above = within + line.ascent();  // room over the baseline
        const double usual = above;
        double below = m_style.lineHeight - above;
        double x = 0;
        const double room = m_style.font.pixelSize() * 0.14;
        for (; piece != end && piece->at < line.textStart() + line.textLength(); ++piece) {
            const double around = piece->isDisplay ? 2 * room : room;
            above = std::max(above, std::ceil(piece->box().ascent + around));
            below = std::max(below, std::ceil(piece->box().descent + around));
            if (piece->isDisplay) x = piece->left;
        }
        made.band = above - usual;
        made.height = above + below;
        made.baseline = made.top + above;
        line.setPosition({x, m_height + made.band + within});
        m_height += made.height;
        m_lines.push_back(made);
        m_naturalWidth = std::max(m_naturalWidth, x + line.naturalTextWidth());
    }
    m_layout.endLayout();
    m_height = std::max(m_height, m_style.lineHeight);
}

void TextLines::pushDown(double pixels) {
    for (int i = 0; i < m_layout.lineCount(); ++i) {
        QTextLine line = m_layout.lineAt(i);
        line.setPosition(line.position() + QPointF(0, pixels));
        Line& box = m_lines[static_cast<std::size_t>(i)];
        box.baseline += pixels;
        (i == 0 ? box.band : box.top) += pixels;
        if (i == 0) box.height += pixels;
    }
    m_height += pixels;
}

QRectF TextLines::lineBox(int line) const {
    const Line& box = m_lines[static_cast<std::size_t>(line)];
    return {0, box.top, m_width, box.height};
}

int TextLines::lineAtY(double y) const {
    const auto after = std::partition_point(m_lines.begin(), m_lines.end(),
                                            [y](const Line& line) { return line.top <= y; });
    return static_cast<int>(after - m_lines.begin()) - 1;
}

/// The part of a line's box in which its words stand.
QRectF TextLines::bandOf(const QRectF& box) const {
    const Line& line = m_lines[static_cast<std::size_t>(lineAtY(box.center().y()))];
    return {box.left(), line.top + line.band, box.width(), m_style.lineHeight};
}

std::vector<QRectF> TextLines::rects(int from, int to) const {
    if (from >= to) return {};
    return layoutRects(m_math.toLayout(from, PlacedMath::End::First),
                       m_math.toLayout(to, PlacedMath::End::Last));
}

std::vector<QRectF> TextLines::layoutRects(int from, int to) const {
    std::vector<QRectF> found;
    if (from >= to) return found;
    for (int i = 0; i < m_layout.lineCount(); ++i) {
        const QTextLine line = m_layout.lineAt(i);
        const int begin = std::max(from, line.textStart());
        const int end = std::min(to, line.textStart() + line.textLength());
        if (begin >= end) continue;
        const double a = line.cursorToX(begin);
        // At a line's end the cursor would stand at the beginning of the next one.
        const double b = end == line.textStart() + line.textLength()
                             ? std::max(a, line.x() + line.naturalTextRect().right() - line.x())
                             : line.cursorToX(end);
        QRectF box = lineBox(i);
        box.setLeft(std::min(a, b));
        box.setRight(std::max(a, b));
        found.push_back(box);
    }
    return found;
}

void TextLines::drawFormulas(QPainter& painter,
                             QPointF at,
                             const QRectF& clip,
                             const QColor& colour) const {
    for (const PlacedMath::Piece& piece : m_math.pieces()) {
        const QTextLine line = m_layout.lineForTextPosition(piece.at);
        if (!line.isValid()) continue;
        const Line& box = m_lines[static_cast<std::size_t>(line.lineNumber())];
        if (!lineBox(line.lineNumber()).translated(at).intersects(clip)) continue;
        paintMath(painter, piece.box(), at + QPointF(line.cursorToX(piece.at), box.baseline),
                  colour);
    }
}

void TextLines::drawGrounds(QPainter& painter,
                            QPointF at,
                            const Theme& theme,
                            const QRectF& clip) const {
    for (const InlineSpan& ground : m_grounds) {
        for (QRectF box : layoutRects(ground.start, ground.start + ground.length)) {
            box = bandOf(box).translated(at);
            if (!box.intersects(clip)) continue;
            const double inset =
                std::max(1.0, (m_style.lineHeight - m_style.font.pixelSize() * 1.3) / 2);
            box.adjust(-kGroundOverhang, inset, 0, -inset);
            painter.setPen(Qt::NoPen);
            painter.setBrush(theme.code);
            painter.drawRoundedRect(box, 4, 4);
        }
    }
}

/// Returns where they are.
QRegion TextLines::drawMarks(QPainter& painter,
                             QPointF at,
                             const Theme& theme,
                             const std::vector<TextMark>& marks) const {
    QRegion region;
    const double inset = std::max(1.0, (m_style.lineHeight - m_style.font.pixelSize() * 1.35) / 2);
    for (const TextMark& mark : marks) {
        const int from = m_math.toLayout(mark.from, PlacedMath::End::First);
        const int to = m_math.toLayout(mark.to, PlacedMath::End::Last);
        const bool isFormula = std::any_of(
            m_math.pieces().begin(), m_math.pieces().end(),
            [&](const PlacedMath::Piece& piece) { return from <= piece.at && piece.at < to; });
        for (QRectF box : layoutRects(from, to)) {
            if (!isFormula) box = bandOf(box);
            const QRectF ground = box.translated(at).adjusted(0, inset, 0, -inset);
            // The current one has a line around it, so that it does not stand out by colour alone.
            painter.setPen(mark.isCurrent ? QPen(theme.focusRing, 1.5) : QPen(Qt::NoPen));
            painter.setBrush(mark.isCurrent ? theme.currentMatch : theme.match);
            const double around = mark.isCurrent ? 1 : 0;
            painter.drawRoundedRect(ground.adjusted(-around, -around, around, around), 2, 2);
            region += ground.toAlignedRect();
        }
    }
    return region;
}

void TextLines::draw(QPainter& painter,
                     QPointF at,
                     const Theme& theme,
                     const QRectF& clip,
                     int selectedFrom,
                     int selectedTo,
                     const std::vector<TextMark>& marks) const {
    if (!m_grounds.empty()) drawGrounds(painter, at, theme, clip);
    for (const QRectF& box : rects(selectedFrom, selectedTo))
        painter.fillRect(box.translated(at), theme.selection);
    const QRegion marked = drawMarks(painter, at, theme, marks);
    painter.setPen(m_style.color);
    const int first = std::max(0, lineAtY(clip.top() - at.y()) - 1);
    const int last = std::min(m_layout.lineCount() - 1, lineAtY(clip.bottom() - at.y()) + 1);
    for (int i = first; i <= last; ++i) m_layout.lineAt(i).draw(&painter, at);
    drawFormulas(painter, at, clip, m_style.color);
    if (marked.isEmpty() || (m_style.color == theme.text && !m_hasColours)) return;
    // Links and quiet text would be hard to read there: once more, in the colour of text.
    painter.save();
    painter.setClipRegion(marked, Qt::IntersectClip);
    (void)drawMarks(painter, at, theme, marks);
    QTextCharFormat plain;
    plain.setForeground(theme.text);
    QList<QTextLayout::FormatRange> words;  // all but the letters that stand for formulas
    int begin = 0;
    for (const PlacedMath::Piece& piece : m_math.pieces()) {
        words.append({begin, piece.at - begin, plain});
        begin = piece.at + 1;
    }
    words.append({begin, static_cast<int>(m_layout.text().size()) - begin, plain});
    m_layout.draw(&painter, at, words, clip);
    drawFormulas(painter, at, clip, theme.text);
    painter.restore();
}

int TextLines::positionAt(QPointF point) const {
    if (m_layout.lineCount() == 0) return 0;
    if (point.y() < 0) return 0;
    if (point.y() >= m_lines.back().top + m_lines.back().height) return length();
    const int line = lineAtY(point.y());
    const QTextLine found = m_layout.lineAt(line);
    int position = found.xToCursor(point.x());
    // A line that ends with a break: before the break, not after it.
    const int end = found.textStart() + found.textLength();
    if (position == end && line + 1 < m_layout.lineCount())
        position = std::max(found.textStart(), end - 1);
    return m_math.toText(position);
}

int TextLines::characterAt(QPointF point) const {
    if (m_lines.empty() || point.y() < 0 || point.y() >= m_lines.back().top + m_lines.back().height)
        return -1;
    const int line = lineAtY(point.y());
    const QTextLine found = m_layout.lineAt(line);
    const QRectF text = found.naturalTextRect();
    if (point.x() < text.left() || point.x() >= text.right()) return -1;
    return m_math.toText(found.xToCursor(point.x(), QTextLine::CursorOnCharacter),
                         PlacedMath::End::First);
}

int TextLines::previousWord(int position) const {
    const auto size = static_cast<int>(m_layout.text().size());
    const int at = std::min(m_math.toLayout(position, PlacedMath::End::First) + 1, size);
    return m_math.toText(m_layout.previousCursorPosition(at, QTextLayout::SkipWords),
                         PlacedMath::End::First);
}

int TextLines::nextWord(int position) const {
    const int from = m_math.toLayout(position, PlacedMath::End::First);
    const int after = m_layout.nextCursorPosition(from, QTextLayout::SkipWords);
    const QString text = m_layout.text().mid(from, after - from);
    int end = after;
    for (qsizetype i = text.size(); i > 1 && text[i - 1].isSpace(); --i) --end;
    return m_math.toText(end, PlacedMath::End::Last);
}

}  // namespace lares::app
