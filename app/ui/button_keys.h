#pragma once

#include <QKeyEvent>

namespace lares::app {

/// Whether a key presses a button that has the focus, besides Space, which Qt sees to: Enter, once
/// however long it is held.
[[nodiscard]] inline bool pressesButton(const QKeyEvent& event) {
    return (event.key() == Qt::Key_Return || event.key() == Qt::Key_Enter) && !event.isAutoRepeat();
}

}  // namespace lares::app
