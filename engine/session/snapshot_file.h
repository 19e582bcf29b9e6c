#pragma once

#include "engine/base/result.h"
#include "engine/session/snapshot_bytes.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace lares {

/// A SnapshotLine in a file: little-endian, a header and then
///     the different blocks of keys and values, each once, however many snapshots share it
///     for each snapshot: the recurrent state, the logits
/// The header (its layout is in the .cpp) holds key, owner, tokens, and a checksum of itself and of
/// every part. So a file that was cut off, damaged or is of another version is found out before
/// anything of it is used, and is worth nothing then: what it held can always be computed again.
/// Immutable after `open`; one thread at a time.
class SnapshotFile {
public:
    static constexpr const char* kExtension = ".snapshot";

    /// Writes `line` whole or not at all. Preconditions: it has snapshots, each of at least one
    /// token, each the beginning of the next; all states of one model. Errors: Io.
    static Result<void> write(const std::filesystem::path& path, const SnapshotLine& line);
    /// Bytes that `write` would write at most: shared blocks counted once by where they lie.
    [[nodiscard]] static std::uint64_t size_bytes_at_most(const SnapshotLine& line);

    /// Reads and checks the header alone. Errors: Io, Corrupt, Unsupported (another version).
    [[nodiscard]] static Result<SnapshotFile> open(std::filesystem::path path);

    /// The same from a file's first bytes: at least its header, or all of them.
    [[nodiscard]] static Result<SnapshotFile> parse(std::span<const std::byte> bytes,
                                                    std::uint64_t file_bytes,
                                                    std::filesystem::path path);

    [[nodiscard]] const std::filesystem::path& path() const { return m_path; }
    [[nodiscard]] const std::string& key() const { return m_key; }
    [[nodiscard]] const std::string& owner() const { return m_owner; }
    /// Of the longest snapshot.
    [[nodiscard]] const std::vector<TokenId>& tokens() const { return m_tokens; }
    /// Tokens of each snapshot, increasing.
    [[nodiscard]] std::vector<int> positions() const;
    [[nodiscard]] std::uint64_t size_bytes() const { return m_size_bytes; }
    /// Bytes that `read` reads.
    [[nodiscard]] std::uint64_t size_bytes(std::size_t snapshot) const;

    /// Reads one snapshot and checks its bytes. Errors: Io, Corrupt, OutOfMemory.
    [[nodiscard]] Result<SnapshotBytes> read(std::size_t snapshot) const;

private:
    struct Entry {
        int n_positions = 0;
        std::uint32_t n_logits = 0;
        std::uint64_t state_hash = 0;  // of the recurrent state
        std::uint64_t logits_hash = 0;
        std::vector<std::uint32_t> blocks;
    };
    SnapshotFile() = default;
    Result<void> parse_body(std::span<const std::byte> body);
    [[nodiscard]] std::uint64_t entry_offset(std::size_t snapshot) const;
    [[nodiscard]] Error damaged(const std::string& what) const;

    std::filesystem::path m_path;
    std::string m_key;
    std::string m_owner;
    std::vector<TokenId> m_tokens;
    std::vector<Entry> m_entries;
    std::vector<std::uint64_t> m_block_hashes;
    std::uint64_t m_block_bytes = 0;
    std::uint64_t m_recurrent_bytes = 0;
    std::uint64_t m_header_bytes = 0;
    std::uint64_t m_size_bytes = 0;
};

}  // namespace lares
