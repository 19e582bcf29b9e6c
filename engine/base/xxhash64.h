#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace lares {

/// XXH64 of `bytes`, as the xxHash specification defines it (xxhash_spec.md, "XXH64 algorithm"): a
/// checksum at the speed of memory, against damage and not against somebody who means it.
/// Bytes that lie apart: the hash of the first is the seed of the next. Pure, thread safe.
[[nodiscard]] std::uint64_t xxhash64(std::span<const std::byte> bytes, std::uint64_t seed = 0);

}  // namespace lares
