#pragma once

#include "engine/base/result.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace lares::reader {

/// The parts of a ZIP archive, by the names in its directory. Names are only looked up here, never
/// in a file system, so nothing about "../" or "/" is special. Errors are predicates: "is damaged
/// (…)". Untrusted: every offset and size is checked, and what is unpacked is bounded. One thread.
class ZipArchive {
public:
    static constexpr std::size_t kMaxEntries = 20'000;
    static constexpr std::size_t kMaxPartBytes = 64U << 20;      ///< unpacked
    static constexpr std::size_t kMaxUnpackedBytes = 96U << 20;  ///< of all that is read

    /// Borrows `bytes`.
    [[nodiscard]] static Result<ZipArchive> open(std::string_view bytes);

    [[nodiscard]] bool has(const std::string& name) const { return m_entries.contains(name); }
    [[nodiscard]] bool has_below(const std::string& folder) const;
    /// Unpacks a part, whole, and checks its CRC. NotFound: there is none of this name.
    [[nodiscard]] Result<std::string> read(const std::string& name);
    /// The same, but an empty text where there is none.
    [[nodiscard]] Result<std::string> read_or_empty(const std::string& name);

private:
    struct Entry {
        std::uint32_t offset = 0;
        std::uint32_t packed_bytes = 0;
        std::uint32_t unpacked_bytes = 0;
        std::uint32_t crc = 0;
        std::uint16_t method = 0;
        bool is_encrypted = false;
    };
    explicit ZipArchive(std::string_view bytes) : m_bytes(bytes) {}
    [[nodiscard]] Result<void> read_directory();
    [[nodiscard]] Result<std::string_view> packed_bytes(const Entry& entry) const;

    std::string_view m_bytes;
    std::map<std::string, Entry> m_entries;
    std::size_t m_unpacked_bytes = 0;
};

/// The sentence's end for what contradicts its own format: "is damaged (…), or …".
[[nodiscard]] Error damaged(std::string_view what);
/// For what unpacks to more than anybody writes.
[[nodiscard]] Error unpacks_too_much();
[[nodiscard]] Error needs_password();
/// For a text beyond kMaxTextBytes.
[[nodiscard]] Error holds_too_much_text();

}  // namespace lares::reader
