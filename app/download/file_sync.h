#pragma once

#include <QFile>
#include <QString>

namespace lares::download {

/// Everything written so far is on the disk and not only on its way; false where the system says it
/// could not do that. `file` must be open.
[[nodiscard]] bool syncFile(const QFile& file);
/// The same for the names in a folder: a rename survives a power cut. Nothing to do on Windows.
void syncFolder(const QString& folder);

}  // namespace lares::download
