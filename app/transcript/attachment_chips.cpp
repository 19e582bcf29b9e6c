#include "app/transcript/attachment_chips.h"

#include "app/transcript/icons.h"
#include "app/ui/painting.h"

#include <QFontMetrics>
#include <QPainter>

#include <algorithm>

namespace lares::app {
namespace {

// At a scale of 1.
constexpr int kChipWidest = 260;
constexpr int kChipHeight = 44;
constexpr int kChipPadding = 10;
constexpr int kChipIcon = 16;
constexpr int kChipIconGap = 8;
constexpr int kChipGap = 8;
constexpr int kQuietChipLead = 16;
constexpr int kQuietChipHeight = 22;

QFont chipNameFont(const Theme& theme) {
    return weighted(theme.secondaryFont, QFont::Medium);
}

void paintQuietChip(QPainter& painter,
                    const QRectF& area,
                    const AttachmentChip& chip,
                    const Theme& theme,
                    bool isHot) {
    const QColor color = isHot ? theme.text : theme.quietText;
    const double side = theme.scaled(12);
    drawIcon(painter, chip.isOpen ? TranscriptIcon::ChevronDown : TranscriptIcon::ChevronRight,
             QRectF(area.left(), area.center().y() - side / 2, side, side), color);
    const QRectF text = area.adjusted(theme.scaled(kQuietChipLead), 0, 0, 0);
    const QFontMetricsF metrics(theme.captionFont);
    paintLine(painter, text, theme.captionFont, color,
              metrics.elidedText(chip.name, Qt::ElideRight, text.width()));
}

}  // namespace

QSize chipSize(const AttachmentChip& chip, const Theme& theme, int tail) {
    if (chip.isQuiet) {
        const int text = QFontMetrics(theme.captionFont).horizontalAdvance(chip.name);
        return {theme.scaled(kQuietChipLead) + text + 2, theme.scaled(kQuietChipHeight)};
    }
    const int text = std::max(QFontMetrics(chipNameFont(theme)).horizontalAdvance(chip.name),
                              QFontMetrics(theme.captionFont).horizontalAdvance(chip.detail));
    const int width = theme.scaled(2 * kChipPadding + kChipIcon + kChipIconGap) + text + 2;
    return {std::min(width, theme.scaled(kChipWidest)) + tail, theme.scaled(kChipHeight)};
}

std::vector<QRect> chipRects(const std::vector<AttachmentChip>& chips,
                             int column,
                             const Theme& theme) {
    const int gap = theme.scaled(kChipGap);
    std::vector<QRect> rects;
    std::size_t first = 0;  // of the line
    int x = 0;
    int y = 0;
    const auto moveRight = [&] {
        const int room = column - (x - gap);
        for (std::size_t i = first; i < rects.size(); ++i) rects[i].translate(room, 0);
        first = rects.size();
    };
    for (const AttachmentChip& chip : chips) {
        const QSize size = chipSize(chip, theme).boundedTo({column, theme.scaled(kChipHeight)});
        if (x > 0 && x + size.width() > column) {
            moveRight();
            x = 0;
            y += size.height() + gap;
        }
        rects.emplace_back(QPoint(x, y), size);
        x += size.width() + gap;
    }
    moveRight();
    return rects;
}

int chipsHeight(const std::vector<AttachmentChip>& chips, int column, const Theme& theme) {
    const std::vector<QRect> rects = chipRects(chips, column, theme);
    return rects.empty() ? 0 : rects.back().bottom() + 1;
}

void paintChip(QPainter& painter,
               const QRectF& area,
               const AttachmentChip& chip,
               const Theme& theme,
               bool isHot,
               int tail) {
    if (chip.isQuiet) return paintQuietChip(painter, area, chip, theme, isHot);
    const bool isFilled = isHot || chip.isOpen;
    paintSurface(painter, area, theme.scaled(10), isFilled ? theme.selectedRow : theme.card,
                 theme.hairline);
    const double side = theme.scaled(kChipIcon);
    drawIcon(
        painter, TranscriptIcon::File,
        QRectF(area.left() + theme.scaled(kChipPadding), area.center().y() - side / 2, side, side),
        theme.accent);
    const double left = theme.scaled(kChipPadding + kChipIcon + kChipIconGap);
    const QRectF text = area.adjusted(left, 0, -theme.scaled(kChipPadding) - tail + 2, 0);
    // The two lines stand close together, in the middle.
    const QFont font = chipNameFont(theme);
    const QFontMetricsF name(font);
    const QFontMetricsF detail(theme.captionFont);
    const double top = area.center().y() - (name.height() + detail.height()) / 2;
    // The end of a name tells what it is.
    paintLine(painter, {text.left(), top, text.width(), name.height()}, font, theme.text,
              name.elidedText(chip.name, Qt::ElideMiddle, text.width()));
    paintLine(painter, {text.left(), top + name.height(), text.width(), detail.height()},
              theme.captionFont, theme.secondaryText, chip.detail);
}

}  // namespace lares::app
