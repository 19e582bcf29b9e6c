#include "engine/base/new_file.h"

#include "engine/base/path_text.h"

#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

namespace lares {

NewFile::NewFile(std::filesystem::path path) : m_path(std::move(path)), m_partial(m_path) {
    m_partial += ".partial";
}

NewFile::NewFile(NewFile&& other) noexcept
    : m_path(std::move(other.m_path))
    , m_partial(std::exchange(other.m_partial, {}))
    , m_stream(std::move(other.m_stream))
    , m_position(other.m_position) {}

NewFile::~NewFile() {
    if (m_partial.empty()) return;
    m_stream.close();
    std::error_code ignored;  // nobody is left to tell
    std::filesystem::remove(m_partial, ignored);
}

Error NewFile::failed(std::string_view what) const {
    const int code = errno;
    std::string message = utf8_from_path(m_path) + ": " + std::string(what);
    if (code != 0) message += ": " + std::generic_category().message(code);
    if (code == ENOSPC)
        message += "; free some space or choose another disk, nothing was left behind";
    return {ErrorCode::Io, std::move(message)};
}

Result<NewFile> NewFile::create(std::filesystem::path path) {
    NewFile file(std::move(path));
    errno = 0;
    file.m_stream.rdbuf()->pubsetbuf(nullptr, 0);  // callers write megabytes at a time
    file.m_stream.open(file.m_partial, std::ios::binary | std::ios::trunc);
    if (!file.m_stream) {
        Error error = file.failed("cannot create the file");
        file.m_partial.clear();  // it is not ours
        return error;
    }
    return file;
}

Result<void> NewFile::write(std::span<const std::byte> bytes) {
    errno = 0;
    m_stream.write(reinterpret_cast<const char*>(bytes.data()),
                   static_cast<std::streamsize>(bytes.size()));
    if (!m_stream) return failed("cannot write after byte " + std::to_string(m_position));
    m_position += bytes.size();
    return {};
}

Result<void> NewFile::commit() {
    errno = 0;
    m_stream.close();
    if (!m_stream) return failed("cannot write the last bytes");
    std::error_code error;
    std::filesystem::rename(m_partial, m_path, error);
    if (error)
        return Error{ErrorCode::Io, utf8_from_path(m_path) +
                                        ": cannot give the file its name: " + error.message()};
    m_partial.clear();
    return {};
}

}  // namespace lares
