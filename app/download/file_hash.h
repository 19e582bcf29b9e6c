#pragma once

#include <QCryptographicHash>
#include <QFile>

namespace lares::download {

/// SHA-256 of the beginning of a file, a slice at a time, so that a program can listen in between.
class FileHash {
public:
    /// Starts anew, for the first `size` bytes of an open file.
    void begin(QFile& file, qint64 size);
    /// Reads the next slice. False when there is no more to do: all is read, or reading failed.
    [[nodiscard]] bool readSlice(QFile& file);
    [[nodiscard]] bool isComplete() const { return m_read == m_size; }
    [[nodiscard]] qint64 read() const { return m_read; }

    /// Goes on with bytes that are behind those in the file.
    void add(const QByteArray& bytes) { m_hash.addData(bytes); }
    void reset() { m_hash.reset(); }
    /// Of everything so far, as hexadecimal digits; adding may go on afterwards.
    [[nodiscard]] QByteArray digest() const { return m_hash.result().toHex(); }

private:
    QCryptographicHash m_hash{QCryptographicHash::Sha256};
    qint64 m_size = 0;
    qint64 m_read = 0;
};

}  // namespace lares::download
