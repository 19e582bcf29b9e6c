#pragma once

#include <QColor>
#include <QRectF>

class QPainter;

namespace lares::app {

/// The transcript's icons, drawn with lines so that they are sharp at any scale and have every
/// theme's colours.
enum class TranscriptIcon {
    Copy,
    Check,
    Cross,
    Denied,
    Edit,
    Regenerate,
    Prompt,    ///< an eye
    Remember,  ///< a bookmark
    ChevronLeft,
    ChevronRight,
    ChevronDown,
    ArrowDown,
    Running,
    Waiting,
    Notice,
    File,
};

/// In a square of this rectangle's smaller side, in its middle.
void drawIcon(QPainter& painter, TranscriptIcon icon, const QRectF& rect, const QColor& color);

}  // namespace lares::app
