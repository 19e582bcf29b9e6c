#include "app/download/file_hash.h"

#include <algorithm>

namespace lares::download {
namespace {

constexpr qint64 kSlice = 4'194'304;

}  // namespace

void FileHash::begin(QFile& file, qint64 size) {
    m_hash.reset();
    m_size = size;
    m_read = 0;
    file.seek(0);
}

bool FileHash::readSlice(QFile& file) {
    const QByteArray bytes = file.read(std::min(kSlice, m_size - m_read));
    m_hash.addData(bytes);
    m_read += bytes.size();
    return !bytes.isEmpty() && m_read < m_size;
}

}  // namespace lares::download
