#include "app/download/file_sync.h"

#include <io.h>

namespace lares::download {

bool syncFile(const QFile& file) {
    return ::_commit(file.handle()) == 0;
}

void syncFolder(const QString&) {}

}  // namespace lares::download
