#pragma once

#include "app/models/model_catalogue.h"

#include <QByteArray>
#include <QString>

#include <optional>

namespace lares::app {

/// Where a download's files lie, beneath the folder of models. Nobody but the one who holds the
/// lock changes them.
struct DownloadPlace {
    DownloadPlace(const QString& folder, const CatalogueEntry& entry);

    QString folder;
    QString file;   ///< the finished one; it is there only when size and hash were right
    QString part;   ///< NAME.part
    QString notes;  ///< NAME.part.json, DownloadNotes
    QString lock;   ///< NAME.lock
};

/// What is known of NAME.part: written when the bytes up to `kept` were on the disk. What lies
/// behind them came later and may not have survived a power cut.
struct DownloadNotes {
    qint64 kept = 0;
    QByteArray keptHash;  ///< SHA-256 of the first `kept` bytes, hexadecimal
    QByteArray etag;      ///< the server's name for what it sent; empty: it gave none
};

/// Empty where there are none, or they are damaged or of another file.
[[nodiscard]] std::optional<DownloadNotes> readNotes(const DownloadPlace& place,
                                                     const CatalogueEntry& entry);
/// In one step: the old notes or the new ones are there, also after a power cut.
[[nodiscard]] Result<void> writeNotes(const DownloadPlace& place,
                                      const CatalogueEntry& entry,
                                      const DownloadNotes& notes);

/// How many bytes a download would go on from; 0: from the start.
[[nodiscard]] qint64 bytesKept(const DownloadPlace& place, const CatalogueEntry& entry);
/// The finished file is there, with the size that it must have.
[[nodiscard]] bool isFinished(const DownloadPlace& place, const CatalogueEntry& entry);
/// Deletes what was downloaded of an unfinished file. An error where another program is at it.
[[nodiscard]] Result<void> removePartial(const DownloadPlace& place);

}  // namespace lares::app
