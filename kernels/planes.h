#pragma once

#include "kernels/weight_type.h"

#include <cstddef>
#include <cstdint>
#include <span>

/// How weights lie on the device. A file's blocks (22 bytes for Q5_0, 210 for Q6_K) cannot be read
/// in aligned vectors, so each tensor [rows, cols] is split once, at load, into planes of the same
/// bits in another order. A thread of the matrix-vector kernels takes one block column b (32
/// values) of kGroupRows rows; every plane is laid out so that its load is 16 bytes and
/// neighbouring threads, which have neighbouring b, read neighbouring addresses. nb = cols / 32.
/// Rows are padded with zeros to a multiple of kGroupRows.
///
/// low    4 bits of each value. [rows][nb] of 16 bytes. Of the 32-bit word i (0..3), byte k holds
///        value 4i+k in its low nibble and value 16+4i+k in its high one; for the IQ4 types nibble
///        k is value 4i+k and nibble 4+k value 16+4i+k (it is looked up in that order).
///        Q8_0: all 8 bits, [rows][2][nb] of 16 bytes: values 0..15, then 16..31.
///        Q2_K, Q3_K: 2 bits of each value, *pairs*: [rows/2][nb] of 16 bytes, 8 for each row: two
///        words, for values 0..15 and 16..31; bits 8k+2i and 8k+2i+1 are those of value 4i+k (of
///        the half).
/// high   the bits above.
///        Q3_K and 5-bit types: [rows/4][nb] of 16 bytes, 4 for each row: bit 8k+i is that of value
///        4i+k, bit 8k+4+i that of value 16+4i+k. Q6_K: pairs, as above.
/// scale  [rows/8][nb] of 16 bytes:
///        Q4_0, Q5_0, Q8_0, IQ4_NL: f16 d of 8 rows
///        Q4_1, Q5_1: [rows/8][2][nb]: f16 d of 8 rows, then f16 m of 8 rows
///        Q4_K, Q5_K: three words of sixteen 6-bit fields f, the scales of 8 rows, then their
///        minimums: f[i] at bit 6*(i%5) of word i/5, f[15] in the top two bits of the three words,
///        lowest first. The fourth word: f16 d and dmin of row b % 8 of the group, for the 256
///        values that b is among. Eight threads together read those of all eight rows.
///        Q6_K: i8 scales [8 rows][2], for values 0..15 and 16..31
///        Q3_K: the same, scales of 6 bits, to which 32 was added
///        Q2_K: the same, a scale in the low nibble, its minimum in the high one
///        IQ4_XS: 8 bytes only: eight 6-bit scales, and f16 d of row b % 8 as above
/// super  Q3_K, Q6_K: [rows/8][nb/8] of 16 bytes: f16 d of 8 rows, for 256 values
///        Q2_K: [rows/8][2][nb/8]: f16 d of 8 rows, then f16 dmin of 8 rows
///
/// Plain types: `low` alone, [rows][chunks] of 16 bytes; the last chunk is padded with zeros.
/// Planes start at multiples of 256 bytes; the whole is one allocation.
namespace lares::kernels {

inline constexpr int kGroupRows = 8;
inline constexpr int kBlock = 32;  ///< values of a block column

/// Static facts of a type.
struct WeightTraits {
    int file_block;        ///< values of a block in the file, 1 for plain types
    int file_block_bytes;  ///< of a block in the file
    int bits;              ///< of a value in `low` and `high`
};
[[nodiscard]] const WeightTraits& traits(WeightType type);
[[nodiscard]] constexpr bool is_plain(WeightType type) {
    return type <= WeightType::FP8;
}
/// The values of a block column have two scales, for 0..15 and for 16..31.
[[nodiscard]] constexpr bool has_half_scales(WeightType type) {
    return type == WeightType::Q2_K || type == WeightType::Q3_K || type == WeightType::Q6_K;
}
/// `low` holds pairs.
[[nodiscard]] constexpr bool has_low_pairs(WeightType type) {
    return type == WeightType::Q2_K || type == WeightType::Q3_K;
}
/// Plain types: values in 16 bytes.
[[nodiscard]] constexpr int chunk_values(WeightType type) {
    return type == WeightType::F32 ? 4 : type == WeightType::FP8 ? 16 : 8;
}

/// Bytes of each plane that a group of kGroupRows rows takes; groups follow each other.
struct GroupBytes {
    std::size_t low = 0;
    std::size_t high = 0;
    std::size_t scale = 0;
    std::size_t super = 0;
};
/// Precondition: cols a positive multiple of the type's file_block.
[[nodiscard]] GroupBytes group_bytes(WeightType type, std::int64_t cols);

struct PlaneLayout {
    std::size_t low = 0;  ///< offsets in bytes from the start of the tensor
    std::size_t high = 0;
    std::size_t scale = 0;
    std::size_t super = 0;
    std::size_t total_bytes = 0;
};
/// Precondition: rows >= 1; cols a positive multiple of the type's file_block.
[[nodiscard]] PlaneLayout plane_layout(WeightType type, std::int64_t rows, std::int64_t cols);

/// Bytes of a row in the file.
[[nodiscard]] std::size_t file_row_bytes(WeightType type, std::int64_t cols);

/// Rows [first_row, first_row + n) from the file's blocks into the planes of a tensor of `rows`
/// rows. Rows that share 16 bytes are written together: first_row must be a multiple of kGroupRows,
/// and n too unless the rows end there. `planes` holds total_bytes. Allocates nothing;
/// threads may share a tensor by groups of rows.
void repack_rows(WeightType type,
                 std::int64_t rows,
                 std::int64_t cols,
                 std::int64_t first_row,
                 std::span<const std::byte> file_rows,
                 std::span<std::byte> planes);

/// One row back as the file's blocks, bit for bit.
void unpack_row(WeightType type,
                std::int64_t rows,
                std::int64_t cols,
                std::int64_t row,
                std::span<const std::byte> planes,
                std::span<std::byte> file_row);

/// A tensor in planes as kernels take it: borrowed device pointers, 16-byte aligned.
struct PlanesView {
    const std::uint8_t* low = nullptr;
    const std::uint8_t* high = nullptr;
    const std::uint8_t* scale = nullptr;
    const std::uint8_t* super = nullptr;
    std::int32_t rows = 0;
    std::int32_t cols = 0;
    float tensor_scale = 1.0F;  ///< FP8: every value is multiplied by it
};
[[nodiscard]] PlanesView planes_view(WeightType type,
                                     std::int64_t rows,
                                     std::int64_t cols,
                                     const void* planes,
                                     float tensor_scale = 1.0F);

}  // namespace lares::kernels
