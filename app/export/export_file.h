#pragma once

#include "engine/base/result.h"

#include <QIODevice>
#include <QString>

#include <functional>

namespace lares::app {

/// All of it or nothing: `write` gets the file, and says why it stopped. What was there stays as it
/// was until the end, and when anything fails: then the error is a sentence with the next step. Any
/// thread; waits for the disk.
[[nodiscard]] Result<void> writeExportFile(const QString& path,
                                           const std::function<Result<void>(QIODevice&)>& write);

}  // namespace lares::app
