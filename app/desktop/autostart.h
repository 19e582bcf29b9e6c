#pragma once

#include "engine/base/result.h"

#include <QString>

namespace lares::app {

/// Whether the desktop starts Lares when its user logs in: a file in ~/.config/autostart, or the
/// user's Run key on Windows. What is there counts, not a setting, since desktops have a page of
/// their own for it.
[[nodiscard]] bool isAutostarting();
/// Errors: the file cannot be written or removed, with its path.
[[nodiscard]] Result<void> setAutostarting(bool isOn);

/// The program as a desktop's settings or a desktop file should call it: an AppImage by its own
/// path, since what is mounted from it has another one each time.
[[nodiscard]] QString programToStart();

}  // namespace lares::app
