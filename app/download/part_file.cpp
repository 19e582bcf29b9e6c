#include "app/download/part_file.h"

#include "app/download/file_sync.h"

#include <QDir>
#include <QFileInfo>

#include <filesystem>
#include <system_error>

namespace lares::download {

PartFile::PartFile(const app::DownloadPlace& place, const app::CatalogueEntry& entry)
    : m_place(place), m_entry(entry), m_file(place.part) {}

Error PartFile::cannotWrite() const {
    return {ErrorCode::Io, "cannot write " + m_place.part.toStdString() + ": " +
                               m_file.errorString().toStdString()};
}

Result<void> PartFile::open() {
    // Never through a link that somebody left there.
    if (QFileInfo(m_place.part).isSymLink()) QFile::remove(m_place.part);
    const qint64 kept = app::bytesKept(m_place, m_entry);
    if (!m_file.open(QIODevice::ReadWrite | QIODevice::Unbuffered)) return cannotWrite();
    if (kept == 0) return restart();
    const auto notes = app::readNotes(m_place, m_entry);
    m_expected = notes->keptHash;
    m_etag = notes->etag;
    m_size = m_checkpoint = kept;
    m_hash.begin(m_file, kept);
    return {};
}

bool PartFile::check() {
    if (m_expected.isEmpty()) return false;
    if (m_hash.readSlice(m_file)) return true;
    const bool isRight = m_hash.isComplete() && m_hash.digest() == m_expected;
    m_expected.clear();
    // What came after the last checkpoint is not proven. A disk that cannot shorten a file cannot
    // write to it either, which the next append() says.
    if (!isRight || !m_file.resize(m_size) || !m_file.seek(m_size)) (void)restart();
    return false;
}

Result<void> PartFile::restart() {
    m_expected.clear();
    m_etag.clear();
    m_isKnown = true;
    m_size = m_checkpoint = 0;
    m_hash.reset();
    QFile::remove(m_place.notes);
    if (!m_file.resize(0) || !m_file.seek(0)) return cannotWrite();
    return {};
}

Result<void> PartFile::append(const QByteArray& bytes) {
    if (m_file.write(bytes) != bytes.size()) {
        // What was written of it is not counted, and cut off when the download goes on.
        const Error error = cannotWrite();
        m_file.resize(m_size);
        m_file.seek(m_size);
        return error;
    }
    m_hash.add(bytes);
    m_size += bytes.size();
    if (m_isKnown && m_size - m_checkpoint >= kCheckpointBytes) return checkpoint();
    return {};
}

Result<void> PartFile::checkpoint() {
    if (m_size == m_checkpoint) return {};
    if (!m_isKnown) return restart();
    if (!syncFile(m_file)) return cannotWrite();
    RETURN_IF_ERROR(app::writeNotes(m_place, m_entry, {m_size, m_hash.digest(), m_etag}));
    m_checkpoint = m_size;
    return {};
}

Result<void> PartFile::finish() {
    if (m_size != m_entry.size || m_file.size() != m_entry.size ||
        m_hash.digest() != m_entry.sha256) {
        discard();
        return Error{ErrorCode::Corrupt, "the bytes that came are not the file"};
    }
    if (!syncFile(m_file)) return cannotWrite();
    m_file.close();
    // Nobody else makes this name while we hold the lock, and what is there is never replaced.
    if (QFileInfo::exists(m_place.file))
        return Error{ErrorCode::Io, m_place.file.toStdString() + " is there already"};
    std::error_code error;
    std::filesystem::rename(QFileInfo(m_place.part).filesystemFilePath(),
                            QFileInfo(m_place.file).filesystemFilePath(), error);
    if (error)
        return Error{ErrorCode::Io, "cannot give the file its name " + m_place.file.toStdString() +
                                        ": " + error.message()};
    syncFolder(m_place.folder);
    QFile::remove(m_place.notes);
    return {};
}

void PartFile::discard() {
    m_file.close();
    QFile::remove(m_place.notes);
    QFile::remove(m_place.part);
    m_size = m_checkpoint = 0;
}

}  // namespace lares::download
