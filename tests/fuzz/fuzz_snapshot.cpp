#include "engine/base/xxhash64.h"
#include "engine/session/snapshot_file.h"
#include "tests/engine/session/snapshot_lines.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/support/test_data.h"

#include <cstring>
#include <filesystem>
#include <span>
#include <string>

using namespace lares;

namespace {

// As snapshot_file.cpp lays it out.
constexpr std::size_t kHashAt = 16;
constexpr std::size_t kBodyAt = 24;

/// With the size and the checksum that fit, or no damage would ever get past them.
std::string signed_header(const std::uint8_t* data, std::size_t size) {
    std::string bytes(reinterpret_cast<const char*>(data), size);
    if (size < kBodyAt) return bytes;
    const auto header_bytes = static_cast<std::uint32_t>(size);
    std::memcpy(bytes.data() + 12, &header_bytes, sizeof header_bytes);
    const std::uint64_t hash = xxhash64(test::bytes_of(bytes).subspan(kBodyAt));
    std::memcpy(bytes.data() + kHashAt, &hash, sizeof hash);
    return bytes;
}

}  // namespace

/// A header, of a file of whatever size it speaks of.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string bytes = signed_header(data, size);
    constexpr std::uint64_t kParts = 128 + 64 + 12;  // of the first seed
    for (const std::uint64_t more : {std::uint64_t{0}, kParts}) {
        const auto file = SnapshotFile::parse(test::bytes_of(bytes), size + more, "fuzz");
        if (!file) continue;
        for (std::size_t i = 0; i < file->positions().size(); ++i)
            static_cast<void>(file->size_bytes(i));
    }
    return 0;
}

std::vector<std::string> fuzz::seeds() {
    const auto path = std::filesystem::temp_directory_path() / "lares-fuzz.snapshot";
    std::vector<std::string> seeds;
    for (const auto& positions : {std::vector<int>{10}, std::vector<int>{3, 70, 200}}) {
        if (!SnapshotFile::write(path, test::made_line("key", "owner", positions))) continue;
        const std::string whole = test::read_file(path);
        std::uint32_t header_bytes = 0;
        std::memcpy(&header_bytes, whole.data() + 12, sizeof header_bytes);
        seeds.push_back(whole.substr(0, header_bytes));
    }
    std::filesystem::remove(path);
    return seeds;
}
