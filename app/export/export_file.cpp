#include "app/export/export_file.h"

#include "app/files/whole_file.h"

#include <QCoreApplication>
#include <QDir>

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
    bool isStopped = false;  // by `write`, whose error says all
    auto written = writeWholeFile(path, [&](QIODevice& file) {
        Result<void> result = write(file);
        isStopped = !result;
        return result;
    });
    if (written || isStopped) return written;
    return notWritten(path, QString::fromStdString(written.error().message));
}

}  // namespace lares::app
