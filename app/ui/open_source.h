#pragma once

#include <QString>
#include <QUrl>

namespace lares::app {

/// What the desktop is asked to open for a file that an answer has passages of: the file; the
/// folder it is in where opening it could run it as a program; nothing where it is gone. UI thread
/// only.
[[nodiscard]] QUrl openedForSource(const QString& path);

/// Asks the desktop. A sentence where nothing could be opened; empty: it was.
[[nodiscard]] QString openSource(const QString& path);

}  // namespace lares::app
