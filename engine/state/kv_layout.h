#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace lares {

/// Element type of the keys and values that a session keeps.
enum class KvType : std::uint8_t {
    F16,   ///< values beyond ±65504 are kept as ±65504
    F32,   ///< exact; twice the memory
    Int8,  ///< x = scale * q, |q| <= 127, one f32 scale for each head and position
    Fp8,   ///< e4m3 times one scale of the model file; only on a card
};
/// "f16", "f32", "int8", "fp8"
[[nodiscard]] std::string_view to_string(KvType type);
[[nodiscard]] std::optional<KvType> kv_type_from_name(std::string_view name);
/// Of one element, scales not counted.
[[nodiscard]] std::size_t element_bytes(KvType type);

/// Positions of a block: what KvCache allocates, shares and copies together.
inline constexpr int kKvBlock = 64;
/// Blocks that so many positions need.
[[nodiscard]] constexpr std::size_t kv_blocks_of(int n_positions) {
    return (static_cast<std::size_t>(n_positions) + kKvBlock - 1) / kKvBlock;
}

/// Keys and values of one key/value head for kKvBlock positions, borrowed. Keys lie with the
/// positions innermost, so that the scores of many positions are multiply-adds along whole
/// registers; values with the channels innermost, for the same reason. Unused positions are finite.
struct KvBlock {
    KvType type = KvType::F16;
    std::byte* keys = nullptr;     ///< [head_dim, kKvBlock]
    std::byte* values = nullptr;   ///< [kKvBlock, kv_value_width(head_dim)], padding is zero
    float* key_scale = nullptr;    ///< [kKvBlock], Int8 only
    float* value_scale = nullptr;  ///< [kKvBlock], Int8 only
};

/// Floats between two rows of values: head_dim padded to whole vectors.
[[nodiscard]] constexpr std::int64_t kv_value_width(int head_dim) {
    return (std::int64_t{head_dim} + 15) / 16 * 16;
}

/// Bytes of a KvBlock's arrays, one after the other: keys, values, scales; a multiple of 64.
[[nodiscard]] std::size_t kv_block_bytes(KvType type, int head_dim);
/// The KvBlock whose arrays begin at `bytes`.
[[nodiscard]] KvBlock kv_block_at(std::byte* bytes, KvType type, int head_dim);

}  // namespace lares
