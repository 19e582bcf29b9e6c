#pragma once

#include "engine/base/result.h"

#include <QByteArray>
#include <QString>

#include <functional>

class QIODevice;

namespace lares::app {

/// Files that are written as a whole or not at all: what was there stays as it was until the end,
/// and when anything fails. Errors are the reason alone, to end a sentence with: "the disk has no
/// room for all of it". Any thread; both wait for the disk.

/// `write` gets the file; where it fails, nothing was written, and its error is returned as it is.
[[nodiscard]] Result<void> writeWholeFile(const QString& path,
                                          const std::function<Result<void>(QIODevice&)>& write);
[[nodiscard]] Result<void> writeWholeFile(const QString& path, const QByteArray& bytes);

}  // namespace lares::app
