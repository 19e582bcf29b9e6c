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
                     const std::vector<CodeToken>& tokens)
    : m_style(style), m_width(width) {
    QString lines = text;
    lines.replace(u'\n', QChar(QChar::LineSeparator));
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
        local.start = std::max(span->start, offset) - offset;
        local.length = std::min(span->start + span->length, end) - offset - local.start;
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

    m_layout.beginLayout();
    for (QTextLine line = m_layout.createLine(); line.isValid(); line = m_layout.createLine()) {
        line.setLineWidth(width);
        const double textHeight = line.ascent() + line.descent();
        line.setPosition({0, m_height + std::floor((style.lineHeight - textHeight) / 2)});
        m_height += style.lineHeight;
        m_naturalWidth = std::max(m_naturalWidth, line.naturalTextWidth());
    }
    m_layout.endLayout();
    m_height = std::max(m_height, style.lineHeight);
}

QRectF TextLines::lineBox(int line) const {
    return {0, line * m_style.lineHeight, m_width, m_style.lineHeight};
}

std::vector<QRectF> TextLines::rects(int from, int to) const {
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

void TextLines::drawGrounds(QPainter& painter,
                            QPointF at,
                            const Theme& theme,
                            const QRectF& clip) const {
    for (const InlineSpan& ground : m_grounds) {
        for (QRectF box : rects(ground.start, ground.start + ground.length)) {
            box.translate(at);
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
        for (const QRectF& box : rects(mark.from, mark.to)) {
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
    const int first = std::max(0, static_cast<int>((clip.top() - at.y()) / m_style.lineHeight) - 1);
    const int last = std::min(m_layout.lineCount() - 1,
                              static_cast<int>((clip.bottom() - at.y()) / m_style.lineHeight) + 1);
    for (int i = first; i <= last; ++i) m_layout.lineAt(i).draw(&painter, at);
    if (marked.isEmpty() || (m_style.color == theme.text && !m_hasColours)) return;
    // Links and quiet text would be hard to read there: once more, in the colour of text.
    painter.save();
    painter.setClipRegion(marked, Qt::IntersectClip);
    (void)drawMarks(painter, at, theme, marks);
    QTextCharFormat plain;
    plain.setForeground(theme.text);
    m_layout.draw(&painter, at, {{0, length(), plain}}, clip);
    painter.restore();
}

int TextLines::positionAt(QPointF point) const {
    if (m_layout.lineCount() == 0) return 0;
    if (point.y() < 0) return 0;
    const int line = static_cast<int>(point.y() / m_style.lineHeight);
    if (line >= m_layout.lineCount()) return length();
    const QTextLine found = m_layout.lineAt(line);
    int position = found.xToCursor(point.x());
    // A line that ends with a break: before the break, not after it.
    const int end = found.textStart() + found.textLength();
    if (position == end && line + 1 < m_layout.lineCount())
        position = std::max(found.textStart(), end - 1);
    return position;
}

int TextLines::characterAt(QPointF point) const {
    const int line = static_cast<int>(std::floor(point.y() / m_style.lineHeight));
    if (point.y() < 0 || line >= m_layout.lineCount()) return -1;
    const QTextLine found = m_layout.lineAt(line);
    const QRectF text = found.naturalTextRect();
    if (point.x() < text.left() || point.x() >= text.right()) return -1;
    return found.xToCursor(point.x(), QTextLine::CursorOnCharacter);
}

int TextLines::previousWord(int position) const {
    int at = std::min(position + 1, length());
    return m_layout.previousCursorPosition(at, QTextLayout::SkipWords);
}

int TextLines::nextWord(int position) const {
    const int after = m_layout.nextCursorPosition(position, QTextLayout::SkipWords);
    const QString text = m_layout.text().mid(position, after - position);
    int end = after;
    for (qsizetype i = text.size(); i > 1 && text[i - 1].isSpace(); --i) --end;
    return end;
}

}  // namespace lares::app
