#pragma once

#include "app/ui/theme.h"

#include <QRect>
#include <QString>

#include <vector>

class QPainter;

namespace lares::app {

/// What a text that goes with a message shows of itself: an icon, its name, its size. In the user's
/// message and in the composer. UI thread only.
struct AttachmentChip {
    QString name;    ///< escaped for display
    QString detail;  ///< "12 kB · about 3,100 tokens"
    int part = -1;   ///< index in the message
    bool isOpen = false;
    bool isQuiet = false;  ///< the name alone, in one small line without a ground

    bool operator==(const AttachmentChip&) const = default;
};

/// As wide as its texts, up to a bound; `tail`: room for a button on its right.
[[nodiscard]] QSize chipSize(const AttachmentChip& chip, const Theme& theme, int tail = 0);
/// Where the chips stand in a column, line by line, at its right side.
[[nodiscard]] std::vector<QRect> chipRects(const std::vector<AttachmentChip>& chips,
                                           int column,
                                           const Theme& theme);
[[nodiscard]] int chipsHeight(const std::vector<AttachmentChip>& chips,
                              int column,
                              const Theme& theme);
void paintChip(QPainter& painter,
               const QRectF& area,
               const AttachmentChip& chip,
               const Theme& theme,
               bool isHot,
               int tail = 0);

}  // namespace lares::app
