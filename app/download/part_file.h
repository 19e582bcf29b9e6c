#pragma once

#include "app/download/file_hash.h"
#include "app/models/model_catalogue.h"
#include "app/models/partial_file.h"

#include <QFile>

namespace lares::download {

/// NAME.part while it is downloaded. What it keeps is proven: when a download goes on, the bytes
/// that are there are hashed and must be those that were put down, else it starts at zero. The
/// caller holds the lock of the place.
class PartFile {
public:
    /// How many bytes an interruption may cost, beside what is on its way.
    static constexpr qint64 kCheckpointBytes = 4'194'304;

    PartFile(const app::DownloadPlace& place, const app::CatalogueEntry& entry);

    /// Opens or makes the file. Then check() until it is false.
    [[nodiscard]] Result<void> open();
    /// Hashes the next slice of what is there; false: that is done, and append() may follow.
    [[nodiscard]] bool check();

    [[nodiscard]] qint64 size() const { return m_size; }
    [[nodiscard]] bool isComplete() const { return m_size == m_entry.size; }
    [[nodiscard]] const QByteArray& etag() const { return m_etag; }
    /// Of what follows from the first byte on. Where it is not known whether it is the file at all,
    /// a checkpoint keeps nothing: else a few bytes of a login page would spoil all that comes
    /// behind.
    void setSource(const QByteArray& etag, bool isKnown) {
        m_etag = etag;
        m_isKnown = isKnown;
    }

    /// Puts bytes behind what is there, and a checkpoint now and then.
    [[nodiscard]] Result<void> append(const QByteArray& bytes);
    /// Everything so far survives a power cut.
    [[nodiscard]] Result<void> checkpoint();
    /// Starts at zero again.
    [[nodiscard]] Result<void> restart();
    /// Gives the file its name, if it is the right one. Corrupt: it was not, and it is gone.
    [[nodiscard]] Result<void> finish();
    void discard();

private:
    [[nodiscard]] Error cannotWrite() const;

    app::DownloadPlace m_place;
    app::CatalogueEntry m_entry;
    QFile m_file;
    FileHash m_hash;
    QByteArray m_expected;  ///< hash of what check() looks at
    QByteArray m_etag;
    qint64 m_size = 0;
    qint64 m_checkpoint = 0;
    bool m_isKnown = true;
};

}  // namespace lares::download
