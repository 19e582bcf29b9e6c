#pragma once

#include "engine/tensor/dtype.h"

#include <cstddef>
#include <cstdint>

/// Quantised matrices in the order in which the kernels read them. A file's blocks (22 bytes of
/// Q5_0, 210 of Q6_K) belong to one row and lie at odd addresses; here 16 rows lie side by side, so
/// that a vector register holds the same columns of 16 rows, sums stay in their lanes, and every
/// load is aligned. The values are the file's, bit for bit, in as many bytes (K-quants: 3 % more).
///
/// A matrix is a sequence of groups of 16 rows (the last one filled up with rows of scale zero). A
/// group is four planes, each aligned to 64 bytes; a *chunk* is 32 columns of the 16 rows:
///
///     low    chunk: 4 vectors of 64 bytes. Byte 4r + i of vector j is of row r: the low nibble
///            of column 4j + i below its low four bits, that of column 16 + 4j + i above.
///            Types of 8 bits: 8 vectors, byte 4r + i of vector g is column 4g + i.
///            Types of 2 and 3 bits: 2 vectors, bits 2g and 2g + 1 of byte 4r + i of vector v
///            belong to column 16v + 4g + i.
///     high   third or fifth bits: 1 vector, bit g of byte 4r + i belongs to column 4g + i.
///            fifth and sixth bits: 2 vectors, bits 2g and 2g + 1 of byte 4r + i of vector v
///            belong to column 16v + 4g + i.
///     scale  a block's (32 or 256 columns) f16 scales of the 16 rows, then the f16 minimums where
///            the type has them.
///     sub    types with blocks of 256: a chunk's 16 scales in 8 bits (Q2_K, Q3_K, Q6_K: one set
///     for
///            each 16 columns), then the 16 minimums where the type has them; Q2_K: a scale in the
///            low four bits, its minimum in the high ones.
namespace lares::cpu {

inline constexpr int kPackRows = 16;      ///< rows of a group
inline constexpr int kChunkColumns = 32;  ///< columns of a chunk
inline constexpr std::size_t kPlaneAlignment = 64;

/// What a packed chunk of one type looks like.
struct PackedTraits {
    bool is_packed = false;   ///< false: a plain type, which is used where it lies
    int low_bytes = 256;      ///< of a chunk
    int high_bits = 0;        ///< 0, 1 or 2
    int scale_columns = 32;   ///< columns of a block
    int scale_bytes = 32;     ///< of a block
    int sub_bytes = 0;        ///< of a chunk
    int offset = 0;           ///< value = scale * (q - offset) - min
    bool has_min = false;     ///< a minimum of its own beside the scale
    bool is_nibbles = false;  ///< `sub` has scale and minimum in one byte
    bool is_iq4 = false;      ///< nibbles are indices into the IQ4 table
    bool is_signed = false;   ///< q is a signed byte
    int group = 32;           ///< columns that share a scale
};

[[nodiscard]] constexpr PackedTraits packed_traits(DType dtype) {
    PackedTraits t;
    t.is_packed = true;
    switch (dtype) {
        case DType::Q4_0:
            t.offset = 8;
            break;
        case DType::Q4_1:
            t.scale_bytes = 64;
            t.has_min = true;
            break;
        case DType::Q5_0:
            t.high_bits = 1;
            t.offset = 16;
            break;
        case DType::Q5_1:
            t.high_bits = 1;
            t.scale_bytes = 64;
            t.has_min = true;
            break;
        case DType::Q8_0:
            t.low_bytes = 512;
            t.is_signed = true;
            break;
        case DType::Q2_K:
            t.low_bytes = 128;
            t.scale_columns = 256;
            t.scale_bytes = 64;
            t.sub_bytes = 32;
            t.has_min = t.is_nibbles = true;
            t.group = 16;
            break;
        case DType::Q3_K:
            t.low_bytes = 128;
            t.high_bits = 1;
            t.scale_columns = 256;
            t.sub_bytes = 32;
            t.offset = 4;
            t.group = 16;
            break;
        case DType::Q4_K:
        case DType::Q5_K:
            t.high_bits = dtype == DType::Q5_K ? 1 : 0;
            t.scale_columns = 256;
            t.scale_bytes = 64;
            t.sub_bytes = 32;
            t.has_min = true;
            break;
        case DType::Q6_K:
            t.high_bits = 2;
            t.scale_columns = 256;
            t.sub_bytes = 32;
            t.offset = 32;
            t.group = 16;
            break;
        case DType::IQ4_NL:
            t.is_iq4 = t.is_signed = true;
            break;
        case DType::IQ4_XS:
            t.is_iq4 = t.is_signed = true;
            t.scale_columns = 256;
            t.sub_bytes = 16;
            break;
        default:
            return {};
    }
    return t;
}

/// Of a value as it is stored, without its scale.
[[nodiscard]] constexpr int stored_bits(const PackedTraits& t) {
    return t.low_bytes / 64 + t.high_bits;
}

/// Where the planes of a group begin, in bytes from its first.
struct PackedLayout {
    std::size_t high = 0;
    std::size_t scale = 0;
    std::size_t sub = 0;
    std::size_t group_bytes = 0;
};

[[nodiscard]] constexpr PackedLayout packed_layout(DType dtype, std::int64_t n_cols) {
    const PackedTraits t = packed_traits(dtype);
    const auto aligned = [](std::size_t n) {
        return (n + kPlaneAlignment - 1) / kPlaneAlignment * kPlaneAlignment;
    };
    const auto chunks = static_cast<std::size_t>(n_cols / kChunkColumns);
    const auto blocks = static_cast<std::size_t>(n_cols / t.scale_columns);
    PackedLayout layout;
    layout.high = chunks * static_cast<std::size_t>(t.low_bytes);
    layout.scale = layout.high + chunks * static_cast<std::size_t>(t.high_bits) * 64;
    layout.sub = aligned(layout.scale + blocks * static_cast<std::size_t>(t.scale_bytes));
    layout.group_bytes = aligned(layout.sub + chunks * static_cast<std::size_t>(t.sub_bytes));
    return layout;
}

/// A packed matrix [n_rows, n_cols]; borrows its bytes from PackedWeights.
struct PackedMatrix {
    DType dtype = DType::F32;
    std::int64_t n_rows = 0;
    std::int64_t n_cols = 0;
    PackedLayout layout;
    const std::uint8_t* data = nullptr;  ///< 64-byte aligned

    [[nodiscard]] std::int64_t n_groups() const { return (n_rows + kPackRows - 1) / kPackRows; }
    [[nodiscard]] std::size_t size_bytes() const {
        return static_cast<std::size_t>(n_groups()) * layout.group_bytes;
    }
};

/// Packs `n_rows` <= 16 consecutive rows, `row_size` bytes apart, into one group. Precondition:
/// packed_traits(dtype).is_packed; n_cols is a multiple of the type's block.
void pack_group(DType dtype,
                const std::byte* rows,
                std::size_t row_size,
                int n_rows,
                std::int64_t n_cols,
                std::uint8_t* out);

}  // namespace lares::cpu
