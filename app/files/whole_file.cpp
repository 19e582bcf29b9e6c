#include "app/files/whole_file.h"

#include <QCoreApplication>
#include <QSaveFile>

namespace lares::app {
namespace {

Error reasonOf(const QSaveFile& file) {
    // A disk that took a part of it gives no reason.
    const QString why =
        file.errorString() == QIODevice::tr("Unknown error")
            ? QCoreApplication::translate("Files", "the disk has no room for all of it")
            : file.errorString();
    return {ErrorCode::Io, why.toStdString()};
}

}  // namespace

Result<void> writeWholeFile(const QString& path,
                            const std::function<Result<void>(QIODevice&)>& write) {
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly)) return reasonOf(file);
    Result<void> written = write(file);
    // A commit does not look whether what was still in memory could be written.
    if (written && (!file.flush() || file.error() != QFileDevice::NoError))
        written = reasonOf(file);
    if (!written) {
        file.cancelWriting();
        return written;
    }
    if (!file.commit()) return reasonOf(file);
    return {};
}

Result<void> writeWholeFile(const QString& path, const QByteArray& bytes) {
    return writeWholeFile(path, [&](QIODevice& file) -> Result<void> {
        file.write(bytes);
        return {};
    });
}

}  // namespace lares::app
