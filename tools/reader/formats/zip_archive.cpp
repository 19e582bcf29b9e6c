#include "tools/reader/formats/zip_archive.h"

#include <algorithm>
#include <zlib.h>

namespace lares::reader {
namespace {

constexpr std::string_view kEndMark = "PK\x05\x06";
constexpr std::string_view kDirectoryMark = "PK\x01\x02";
constexpr std::string_view kPartMark = "PK\x03\x04";
constexpr std::size_t kEndBytes = 22;
constexpr std::size_t kDirectoryBytes = 46;
constexpr std::size_t kPartBytes = 30;
constexpr std::size_t kMaxCommentBytes = 65535;
constexpr std::uint16_t kStored = 0;
constexpr std::uint16_t kDeflated = 8;

/// Little-endian; precondition: inside.
std::uint16_t u16(std::string_view bytes, std::size_t at) {
    return static_cast<std::uint16_t>(static_cast<unsigned char>(bytes[at]) |
                                      static_cast<unsigned char>(bytes[at + 1]) << 8);
}

std::uint32_t u32(std::string_view bytes, std::size_t at) {
    return u16(bytes, at) | static_cast<std::uint32_t>(u16(bytes, at + 2)) << 16;
}

/// The end record, whose comment may be anything; npos where there is none.
std::size_t find_end(std::string_view bytes) {
    if (bytes.size() < kEndBytes) return std::string_view::npos;
    const std::size_t first = bytes.size() - std::min(bytes.size(), kEndBytes + kMaxCommentBytes);
    const std::size_t at = bytes.rfind(kEndMark, bytes.size() - kEndBytes);
    return at == std::string_view::npos || at < first ? std::string_view::npos : at;
}

/// Ends zlib's state however the function is left.
struct Inflation {
    z_stream stream{};
    bool is_begun = false;
    Inflation() { is_begun = ::inflateInit2(&stream, -MAX_WBITS) == Z_OK; }
    ~Inflation() {
        if (is_begun) ::inflateEnd(&stream);
    }
    Inflation(const Inflation&) = delete;
    Inflation& operator=(const Inflation&) = delete;
};

/// Exactly `unpacked_bytes`: the directory's number is a promise, and memory is taken as it is
/// kept, not as it is promised.
Result<std::string> inflated(std::string_view packed, std::size_t unpacked_bytes) {
    constexpr std::size_t kStep = std::size_t{256} << 10;
    Inflation inflation;
    if (!inflation.is_begun) return Error{ErrorCode::OutOfMemory, "needs too much memory"};
    z_stream& stream = inflation.stream;
    // zlib's interface is older than const; it does not write there.
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
    stream.avail_in = static_cast<uInt>(packed.size());
    std::string text;
    while (true) {
        const std::size_t before = text.size();
        text.resize(std::min(before + kStep, unpacked_bytes + 1));
        stream.next_out = reinterpret_cast<Bytef*>(text.data() + before);
        stream.avail_out = static_cast<uInt>(text.size() - before);
        const int status = ::inflate(&stream, Z_NO_FLUSH);
        text.resize(text.size() - stream.avail_out);
        if (text.size() > unpacked_bytes) return damaged("a part is longer than it says");
        if (status == Z_STREAM_END) break;
        if (status != Z_OK || stream.avail_out != 0) return damaged("a part cannot be unpacked");
    }
    if (text.size() != unpacked_bytes) return damaged("a part is shorter than it says");
    return text;
}

}  // namespace

Error damaged(std::string_view what) {
    return {ErrorCode::Corrupt,
            "is damaged (" + std::string(what) + "). Open it where it was made and save it again."};
}

Error unpacks_too_much() {
    return {ErrorCode::InvalidArgument,
            "unpacks to more than documents hold (" +
                std::to_string(ZipArchive::kMaxUnpackedBytes >> 20) +
                " MB), so it was not read. Attach the part that matters."};
}

Error needs_password() {
    return {ErrorCode::PermissionDenied,
            "is protected with a password. Save it without one, and attach that."};
}

Error holds_too_much_text() {
    return {ErrorCode::InvalidArgument,
            "holds more than " + std::to_string(8) + " MB of text. Attach the part that matters."};
}

Result<ZipArchive> ZipArchive::open(std::string_view bytes) {
    ZipArchive archive(bytes);
    RETURN_IF_ERROR(archive.read_directory());
    return archive;
}

Result<void> ZipArchive::read_directory() {
    const std::size_t end = find_end(m_bytes);
    if (end == std::string_view::npos) return damaged("its end is missing");
    const std::size_t n_entry = u16(m_bytes, end + 10);
    std::size_t at = u32(m_bytes, end + 16);
    if (n_entry > kMaxEntries) return unpacks_too_much();
    for (std::size_t i = 0; i < n_entry; ++i) {
        if (at > end || end - at < kDirectoryBytes ||
            m_bytes.substr(at, kDirectoryMark.size()) != kDirectoryMark)
            return damaged("its list of parts cannot be read");
        const std::size_t n_name = u16(m_bytes, at + 28);
        const std::size_t n_more = std::size_t{u16(m_bytes, at + 30)} + u16(m_bytes, at + 32);
        if (end - at - kDirectoryBytes < n_name + n_more)
            return damaged("its list of parts cannot be read");
        Entry entry;
        entry.is_encrypted = (u16(m_bytes, at + 8) & 1) != 0;
        entry.method = u16(m_bytes, at + 10);
        entry.crc = u32(m_bytes, at + 16);
        entry.packed_bytes = u32(m_bytes, at + 20);
        entry.unpacked_bytes = u32(m_bytes, at + 24);
        entry.offset = u32(m_bytes, at + 42);
        // The first of two with one name, as most programs take it.
        m_entries.emplace(std::string(m_bytes.substr(at + kDirectoryBytes, n_name)), entry);
        at += kDirectoryBytes + n_name + n_more;
    }
    return {};
}

bool ZipArchive::has_below(const std::string& folder) const {
    const auto at = m_entries.lower_bound(folder);
    return at != m_entries.end() && at->first.starts_with(folder);
}

Result<std::string_view> ZipArchive::packed_bytes(const Entry& entry) const {
    const std::size_t at = entry.offset;
    if (at > m_bytes.size() || m_bytes.size() - at < kPartBytes ||
        m_bytes.substr(at, kPartMark.size()) != kPartMark)
        return damaged("a part is not where it should be");
    // Its own header may say less than the directory about sizes, but only it knows where it ends.
    const std::size_t header =
        kPartBytes + u16(m_bytes, at + 26) + std::size_t{u16(m_bytes, at + 28)};
    const std::size_t rest = m_bytes.size() - at;
    if (rest < header || rest - header < entry.packed_bytes) return damaged("it ends too early");
    return m_bytes.substr(at + header, entry.packed_bytes);
}

Result<std::string> ZipArchive::read(const std::string& name) {
    const auto found = m_entries.find(name);
    if (found == m_entries.end()) {
        Error error = damaged("a part is missing");
        error.code = ErrorCode::NotFound;
        return error;
    }
    const Entry& entry = found->second;
    if (entry.is_encrypted) return needs_password();
    if (entry.unpacked_bytes > kMaxPartBytes ||
        m_unpacked_bytes + entry.unpacked_bytes > kMaxUnpackedBytes)
        return unpacks_too_much();
    m_unpacked_bytes += entry.unpacked_bytes;
    ASSIGN_OR_RETURN(const std::string_view packed, packed_bytes(entry));
    std::string text;
    if (entry.method == kStored) {
        if (packed.size() != entry.unpacked_bytes) return damaged("a part has two sizes");
        text = std::string(packed);
    } else if (entry.method == kDeflated) {
        ASSIGN_OR_RETURN(text, inflated(packed, entry.unpacked_bytes));
    } else {
        return Error{ErrorCode::Unsupported,
                     "is packed in a way that Lares does not know. Save it again."};
    }
    const auto crc = ::crc32_z(0, reinterpret_cast<const Bytef*>(text.data()), text.size());
    if (crc != entry.crc) return damaged("a checksum is wrong");
    return text;
}

Result<std::string> ZipArchive::read_or_empty(const std::string& name) {
    if (!has(name)) return std::string();
    return read(name);
}

}  // namespace lares::reader
