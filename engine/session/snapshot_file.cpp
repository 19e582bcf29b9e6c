#include "engine/session/snapshot_file.h"

#include "engine/base/new_file.h"
#include "engine/base/path_text.h"
#include "engine/base/xxhash64.h"
#include "engine/formats/byte_reader.h"
#include "engine/state/kv_layout.h"
#include "engine/tensor/tensor_buffer.h"

#include <algorithm>
#include <cstring>
#include <fstream>
#include <limits>
#include <map>
#include <new>
#include <set>
#include <string_view>
#include <utility>

// The header: kMagic, u32 version, u32 size of the header in bytes, u64 xxhash64 of what follows,
//     u32 size and bytes of key and owner, u32 number of tokens and i32 each,
//     u32 number of blocks, u64 size of a block, u64 xxhash64 of each,
//     u64 size of a recurrent state, u32 number of snapshots, and for each
//         u32 tokens, u32 number of logits, u64 xxhash64 of the recurrent state, u64 of the logits,
//         u32 index of each of its blocks.

namespace lares {
namespace {

constexpr std::string_view kMagic = "LARESNAP";
/// Goes up when this layout changes, or the order of bytes in a backend's state.
constexpr std::uint32_t kVersion = 1;
constexpr std::size_t kFixedBytes =
    kMagic.size() + 2 * sizeof(std::uint32_t) + sizeof(std::uint64_t);
constexpr std::uint32_t kMaxHeaderBytes = 32U << 20;
constexpr std::uint32_t kMaxSnapshots = 16;
constexpr std::uint64_t kMaxPartBytes = std::uint64_t{1} << 40;  // so that no sum can wrap

class ByteWriter {
public:
    template <class T>
    void add(T number) {
        add_bytes(std::as_bytes(std::span(&number, 1)));
    }
    void add_text(std::string_view text) {
        add(static_cast<std::uint32_t>(text.size()));
        add_bytes(std::as_bytes(std::span(text)));
    }
    void add_bytes(std::span<const std::byte> bytes) {
        m_bytes.insert(m_bytes.end(), bytes.begin(), bytes.end());
    }
    [[nodiscard]] std::span<const std::byte> bytes() const { return m_bytes; }

private:
    std::vector<std::byte> m_bytes;
};

/// The blocks of a line, equal ones once.
struct DifferentBlocks {
    std::vector<std::span<const std::byte>> blocks;
    std::vector<std::uint64_t> hashes;
    std::vector<std::vector<std::uint32_t>> of_snapshot;

    explicit DifferentBlocks(const SnapshotLine& line) {
        std::multimap<std::uint64_t, std::uint32_t> known;
        for (const SnapshotBytes& snapshot : line.snapshots) {
            std::vector<std::uint32_t>& indices = of_snapshot.emplace_back();
            for (const auto& block : snapshot.state.kv_blocks)
                indices.push_back(index_of(block, known));
        }
    }

private:
    std::uint32_t index_of(std::span<const std::byte> block,
                           std::multimap<std::uint64_t, std::uint32_t>& known) {
        const std::uint64_t hash = xxhash64(block);
        const auto [first, last] = known.equal_range(hash);
        for (auto it = first; it != last; ++it)
            if (std::ranges::equal(blocks[it->second], block)) return it->second;
        const auto index = static_cast<std::uint32_t>(blocks.size());
        blocks.push_back(block);
        hashes.push_back(hash);
        known.emplace(hash, index);
        return index;
    }
};

ByteWriter header_of(const SnapshotLine& line, const DifferentBlocks& different) {
    const StateBytes& longest = line.snapshots.back().state;
    ByteWriter body;
    body.add_text(line.key);
    body.add_text(line.owner);
    const auto& tokens = line.snapshots.back().tokens;
    body.add(static_cast<std::uint32_t>(tokens.size()));
    body.add_bytes(std::as_bytes(std::span(tokens)));
    body.add(static_cast<std::uint32_t>(different.blocks.size()));
    body.add(std::uint64_t{longest.kv_blocks.front().size()});
    body.add_bytes(std::as_bytes(std::span(different.hashes)));
    body.add(std::uint64_t{longest.recurrent.size()});
    body.add(static_cast<std::uint32_t>(line.snapshots.size()));
    for (std::size_t i = 0; i < line.snapshots.size(); ++i) {
        const SnapshotBytes& snapshot = line.snapshots[i];
        body.add(static_cast<std::uint32_t>(snapshot.tokens.size()));
        body.add(static_cast<std::uint32_t>(snapshot.logits.size()));
        body.add(xxhash64(snapshot.state.recurrent));
        body.add(xxhash64(std::as_bytes(std::span(snapshot.logits))));
        body.add_bytes(std::as_bytes(std::span(different.of_snapshot[i])));
    }

    ByteWriter header;
    header.add_bytes(std::as_bytes(std::span(kMagic)));
    header.add(kVersion);
    header.add(static_cast<std::uint32_t>(kFixedBytes + body.bytes().size()));
    header.add(xxhash64(body.bytes()));
    header.add_bytes(body.bytes());
    return header;
}

template <class T>
bool read_array(ByteReader& reader, std::vector<T>& out, std::size_t n) {
    if (n > reader.remaining() / sizeof(T)) return false;
    const auto bytes = reader.take(n * sizeof(T));
    out.resize(n);
    if (n > 0) std::memcpy(out.data(), bytes->data(), bytes->size());  // null is no address to it
    return true;
}

bool read_text(ByteReader& reader, std::string& out) {
    const auto size = reader.read<std::uint32_t>();
    const auto bytes = size ? reader.take(*size) : std::nullopt;
    if (bytes) out = as_text(*bytes);
    return bytes.has_value();
}

/// false: the file ends before.
bool read_at(std::ifstream& stream, std::uint64_t offset, std::span<std::byte> out) {
    stream.seekg(static_cast<std::streamoff>(offset));
    stream.read(reinterpret_cast<char*>(out.data()), static_cast<std::streamsize>(out.size()));
    return static_cast<bool>(stream);
}

}  // namespace

Error SnapshotFile::damaged(const std::string& what) const {
    return {ErrorCode::Corrupt,
            utf8_from_path(m_path) + ": " + what + "; what it kept will be computed again"};
}

std::uint64_t SnapshotFile::size_bytes_at_most(const SnapshotLine& line) {
    std::set<const std::byte*> blocks;
    std::uint64_t total = kFixedBytes + line.key.size() + line.owner.size() + 64;
    for (const SnapshotBytes& snapshot : line.snapshots) {
        total += snapshot.tokens.size() * sizeof(TokenId) + snapshot.logits.size() * sizeof(float) +
                 snapshot.state.recurrent.size() + 64 + snapshot.state.kv_blocks.size() * 12;
        for (const auto& block : snapshot.state.kv_blocks)
            if (blocks.insert(block.data()).second) total += block.size();
    }
    return total;
}

Result<void> SnapshotFile::write(const std::filesystem::path& path, const SnapshotLine& line) {
    const DifferentBlocks different(line);
    const ByteWriter header = header_of(line, different);
    if (header.bytes().size() > kMaxHeaderBytes)
        return invalid_argument("a conversation of " +
                                std::to_string(line.snapshots.back().tokens.size()) +
                                " tokens is too long for keeping its state in a file");
    ASSIGN_OR_RETURN(NewFile file, NewFile::create(path));
    RETURN_IF_ERROR(file.write(header.bytes()));
    for (const auto& block : different.blocks) RETURN_IF_ERROR(file.write(block));
    for (const SnapshotBytes& snapshot : line.snapshots) {
        RETURN_IF_ERROR(file.write(snapshot.state.recurrent));
        RETURN_IF_ERROR(file.write(std::as_bytes(std::span(snapshot.logits))));
    }
    return file.commit();
}

Result<SnapshotFile> SnapshotFile::open(std::filesystem::path path) try {
    std::ifstream stream(path, std::ios::binary);
    std::error_code error;
    const std::uint64_t size = std::filesystem::file_size(path, error);
    if (!stream || error) return Error{ErrorCode::Io, utf8_from_path(path) + ": cannot be read"};
    // The header's size is in its first bytes.
    std::vector<std::byte> bytes(
        static_cast<std::size_t>(std::min<std::uint64_t>(size, kFixedBytes)));
    if (read_at(stream, 0, bytes) && bytes.size() == kFixedBytes) {
        std::uint32_t header_bytes = 0;
        std::memcpy(&header_bytes, bytes.data() + kMagic.size() + sizeof(std::uint32_t),
                    sizeof header_bytes);
        const std::uint64_t limit = std::min<std::uint64_t>(size, kMaxHeaderBytes);
        bytes.resize(
            static_cast<std::size_t>(std::clamp<std::uint64_t>(header_bytes, kFixedBytes, limit)));
        if (!read_at(stream, 0, bytes))
            return Error{ErrorCode::Io, utf8_from_path(path) + ": cannot be read"};
    }
    return parse(bytes, size, std::move(path));
} catch (const std::bad_alloc&) {
    return Error{ErrorCode::OutOfMemory, "not enough memory to look at kept states"};
}

Result<SnapshotFile> SnapshotFile::parse(std::span<const std::byte> bytes,
                                         std::uint64_t file_bytes,
                                         std::filesystem::path path) {
    SnapshotFile file;
    file.m_path = std::move(path);
    file.m_size_bytes = file_bytes;
    ByteReader reader(bytes);
    const auto magic = reader.take(kMagic.size());
    const auto version = reader.read<std::uint32_t>();
    const auto header_bytes = reader.read<std::uint32_t>();
    const auto hash = reader.read<std::uint64_t>();
    if (!magic || as_text(*magic) != kMagic) return file.damaged("it is no file of kept states");
    if (!hash) return file.damaged("it ends inside its header");
    if (*version != kVersion)
        return Error{ErrorCode::Unsupported, utf8_from_path(file.m_path) + ": it has version " +
                                                 std::to_string(*version) + " instead of " +
                                                 std::to_string(kVersion)};
    if (*header_bytes < kFixedBytes || *header_bytes > kMaxHeaderBytes)
        return file.damaged("its header's size makes no sense");
    const auto body = reader.take(*header_bytes - kFixedBytes);
    if (!body) return file.damaged("it ends inside its header");
    if (xxhash64(*body) != *hash) return file.damaged("its header is damaged");
    file.m_header_bytes = *header_bytes;
    RETURN_IF_ERROR(file.parse_body(*body));
    return file;
}

/// The checksum says that we wrote it, not that it is right: everything is checked.
Result<void> SnapshotFile::parse_body(std::span<const std::byte> body) {
    ByteReader reader(body);
    const Error error = damaged("its header makes no sense");
    const auto read_count = [&] { return reader.read<std::uint32_t>(); };
    if (!read_text(reader, m_key) || !read_text(reader, m_owner)) return error;
    const auto n_tokens = read_count();
    if (!n_tokens || *n_tokens > std::uint32_t{std::numeric_limits<int>::max()} ||
        !read_array(reader, m_tokens, *n_tokens))
        return error;
    const auto n_blocks = read_count();
    const auto block_bytes = reader.read<std::uint64_t>();
    if (!n_blocks || !block_bytes || *block_bytes > kMaxPartBytes ||
        !read_array(reader, m_block_hashes, *n_blocks))
        return error;
    m_block_bytes = *block_bytes;
    const auto recurrent_bytes = reader.read<std::uint64_t>();
    const auto n_snapshots = read_count();
    if (!recurrent_bytes || *recurrent_bytes > kMaxPartBytes || !n_snapshots || *n_snapshots == 0 ||
        *n_snapshots > kMaxSnapshots)
        return error;
    m_recurrent_bytes = *recurrent_bytes;

    std::uint64_t size = m_header_bytes + *n_blocks * m_block_bytes;
    int before = 0;
    for (std::uint32_t i = 0; i < *n_snapshots; ++i) {
        Entry entry;
        const auto n_positions = read_count();
        const auto n_logits = read_count();
        const auto state_hash = reader.read<std::uint64_t>();
        const auto logits_hash = reader.read<std::uint64_t>();
        if (!n_positions || !n_logits || !state_hash || !logits_hash || *n_positions > *n_tokens)
            return error;
        entry = {static_cast<int>(*n_positions), *n_logits, *state_hash, *logits_hash, {}};
        if (entry.n_positions <= before ||
            !read_array(reader, entry.blocks, kv_blocks_of(entry.n_positions)) ||
            !std::ranges::all_of(entry.blocks, [&](auto block) { return block < *n_blocks; }))
            return error;
        before = entry.n_positions;
        size += m_recurrent_bytes + std::uint64_t{entry.n_logits} * sizeof(float);
        m_entries.push_back(std::move(entry));
    }
    if (before != static_cast<int>(m_tokens.size()) || reader.remaining() != 0) return error;
    if (size != m_size_bytes) return damaged("it was cut off, or is longer than it says");
    return {};
}

std::vector<int> SnapshotFile::positions() const {
    std::vector<int> positions;
    for (const Entry& entry : m_entries) positions.push_back(entry.n_positions);
    return positions;
}

std::uint64_t SnapshotFile::size_bytes(std::size_t snapshot) const {
    const Entry& entry = m_entries[snapshot];
    return entry.blocks.size() * m_block_bytes + m_recurrent_bytes +
           std::uint64_t{entry.n_logits} * sizeof(float);
}

std::uint64_t SnapshotFile::entry_offset(std::size_t snapshot) const {
    std::uint64_t offset = m_header_bytes + m_block_hashes.size() * m_block_bytes;
    for (std::size_t i = 0; i < snapshot; ++i)
        offset += m_recurrent_bytes + std::uint64_t{m_entries[i].n_logits} * sizeof(float);
    return offset;
}

Result<SnapshotBytes> SnapshotFile::read(std::size_t snapshot) const try {
    const Entry& entry = m_entries[snapshot];
    std::ifstream stream;
    stream.rdbuf()->pubsetbuf(nullptr, 0);  // whole blocks at a time, without another copy
    stream.open(m_path, std::ios::binary);
    if (!stream) return Error{ErrorCode::Io, utf8_from_path(m_path) + ": cannot be read"};
    const auto block_bytes = static_cast<std::size_t>(m_block_bytes);
    const auto recurrent_bytes = static_cast<std::size_t>(m_recurrent_bytes);
    const auto memory = std::make_shared<TensorBuffer<std::byte>>(
        entry.blocks.size() * block_bytes + recurrent_bytes);
    const auto part = [&](std::size_t at, std::size_t n) { return memory->span().subspan(at, n); };

    SnapshotBytes bytes;
    bytes.tokens.assign(m_tokens.begin(), m_tokens.begin() + entry.n_positions);
    bytes.state = {entry.n_positions, part(0, recurrent_bytes), {}, memory};
    const std::uint64_t offset = entry_offset(snapshot);
    if (!read_at(stream, offset, part(0, recurrent_bytes))) return damaged("it ends too early");
    if (xxhash64(bytes.state.recurrent) != entry.state_hash) return damaged("a state is damaged");
    for (std::size_t i = 0; i < entry.blocks.size(); ++i) {
        const auto block = part(recurrent_bytes + i * block_bytes, block_bytes);
        if (!read_at(stream, m_header_bytes + entry.blocks[i] * m_block_bytes, block))
            return damaged("it ends too early");
        if (xxhash64(block) != m_block_hashes[entry.blocks[i]])
            return damaged("keys and values are damaged");
        bytes.state.kv_blocks.emplace_back(block);
    }
    bytes.logits.resize(entry.n_logits);
    const auto logits = std::as_writable_bytes(std::span(bytes.logits));
    if (!read_at(stream, offset + m_recurrent_bytes, logits)) return damaged("it ends too early");
    if (xxhash64(logits) != entry.logits_hash) return damaged("logits are damaged");
    return bytes;
} catch (const std::bad_alloc&) {
    return Error{ErrorCode::OutOfMemory, "not enough memory for a kept state"};
}

}  // namespace lares
