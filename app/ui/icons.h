#pragma once

#include <QColor>
#include <QRectF>

class QPainter;

namespace lares::app {

/// The window's icons, drawn as strokes so that they are sharp at every scale and in every colour.
enum class Icon {
    Search,
    Plus,
    Minus,
    Send,
    Stop,
    Lock,
    ChevronDown,
    ChevronUp,
    Close,
    Pin,
    Folder,
    File,
    Question,
    Check,
    Warning,
    List,
    Edit,
    ArrowRight,
    Terminal,
    Plug,  ///< of a program that offers tools
    ChevronLeft,
    ChevronRight,
    Clip,
    Panel,      ///< a window whose right side is a panel
    Temporary,  ///< a ring that is not closed
};

/// Draws into the square in the middle of `area`.
void paintIcon(QPainter& painter, Icon icon, const QRectF& area, const QColor& colour);

}  // namespace lares::app
