#include "app/download/file_sync.h"

#include <fcntl.h>
#include <unistd.h>

namespace lares::download {

bool syncFile(const QFile& file) {
    return ::fsync(file.handle()) == 0;
}

void syncFolder(const QString& folder) {
    // Some file systems know no such thing; they keep the order of renames by themselves.
    const int handle = ::open(QFile::encodeName(folder).constData(), O_RDONLY | O_CLOEXEC);
    if (handle < 0) return;
    (void)::fsync(handle);
    ::close(handle);
}

}  // namespace lares::download
