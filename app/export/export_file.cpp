#include "app/export/export_file.h"

#include <QCoreApplication>
#include <QDir>
#include <QSaveFile>

namespace lares::app {
namespace {

Error notWritten(const QString& path, const QString& why) {
    return {ErrorCode::Io,
            QCoreApplication::translate("Export",
                                        "%1 could not be written: %2. Nothing was changed there; "
                                        "make room, or choose another folder.")
                .arg(QDir::toNativeSeparators(path), why)
                .toStdString()};
}

}  // namespace

Result<void> writeExportFile(const QString& path,
                             const std::function<Result<void>(QIODevice&)>& write) {
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly)) return notWritten(path, file.errorString());
    if (const Result<void> written = write(file); !written) {
        file.cancelWriting();
        return written;
    }
    // A commit does not look whether what was still in memory could be written.
    if (!file.flush() || file.error() != QFileDevice::NoError) {
        // A disk that took a part of it gives no reason.
        const QString why =
            file.errorString() == QIODevice::tr("Unknown error")
                ? QCoreApplication::translate("Export", "the disk has no room for all of it")
                : file.errorString();
        file.cancelWriting();
        return notWritten(path, why);
    }
    if (!file.commit()) return notWritten(path, file.errorString());
    return {};
}

}  // namespace lares::app
