// Compiled with -O3 (kernels/CMakeLists.txt): a model's every byte passes here once at load.
//
// OPTIMIZATION: straight from the file's words to the planes', eight rows together, because planes
// hold eight rows in 16 bytes: 4 to 10 GB/s. Value by value through an array of codes it was 0.05
// to 0.1, and 1.6 for Q8_0 (tests/bench/bench_planes.cpp).

#include "kernels/bit_words.h"
#include "kernels/planes.h"

#include <array>
#include <cstring>

namespace lares::kernels {
namespace {

using Byte = std::uint8_t;

/// One block of the file of each row of a group.
using Blocks = std::array<const Byte*, kGroupRows>;

/// What stands for the rows that a last group lacks. Repacking only moves bits: zeros stay zeros.
constexpr std::array<Byte, 256> kNoBlock{};

/// A group of kGroupRows rows in each plane.
struct Group {
    Byte* low_plane;
    Byte* high_plane;
    Byte* scale_plane;
    Byte* super_plane;
    std::size_t nb;

    /// A row's 16 bytes of column b.
    [[nodiscard]] Byte* low(std::size_t row, std::size_t b) const {
        return low_plane + (row * nb + b) * 16;
    }
    /// Its 4 bytes of third or fifth bits; its 8 of pairs, in `high` or in `low`.
    [[nodiscard]] Byte* fifth_bits(std::size_t row, std::size_t b) const {
        return high_plane + (row / 4 * nb + b) * 16 + row % 4 * 4;
    }
    [[nodiscard]] Byte* pairs(Byte* plane, std::size_t row, std::size_t b) const {
        return plane + (row / 2 * nb + b) * 16 + row % 2 * 8;
    }
};

void copy_half(Byte* to, const Byte* from) {
    std::memcpy(to, from, 2);
}

// ---- blocks of 32 values ------------------------------------------------------------------------

/// A file's fifth bits, of value 16s + 4i + k at bit 16s + 4i + k, to bit 8k + 4s + i; two rows.
/// By digits: (s i1 i0 k1 k0) to (k1 k0 s i1 i0).
std::uint64_t fifth_bits(std::uint64_t x) {
    x = swap_digits<4, 1>(x);  // k1 i1 i0 s  k0
    x = swap_digits<3, 0>(x);  // k1 k0 i0 s  i1
    x = swap_digits<2, 1>(x);  // k1 k0 s  i0 i1
    return swap_digits<1, 0>(x);
}

/// 16 bytes with value j in the low nibble of byte j and value 16 + j in the high one, which is the
/// planes' own order, to that of the IQ4 types: digits (k1 k0 s) of the nibbles to (s k1 k0).
void order_iq4(const Byte* from, Byte* to) {
    for (std::size_t i = 0; i < 16; i += 8)
        store(to + i, swap_digits<4, 3>(swap_digits<3, 2>(load<std::uint64_t>(from + i))));
}

template <WeightType kType>
void repack_block32(const Blocks& blocks, std::size_t b, const Group& to) {
    constexpr bool kHasMinimum = kType == WeightType::Q4_1 || kType == WeightType::Q5_1;
    constexpr bool kHasFifth = kType == WeightType::Q5_0 || kType == WeightType::Q5_1;
    constexpr std::size_t kHighAt = kHasMinimum ? 4 : 2;
    constexpr std::size_t kLowAt = kHighAt + (kHasFifth ? 4 : 0);
    Byte* scale = to.scale_plane + b * 16;
    for (std::size_t r = 0; r < kGroupRows; ++r) {
        copy_half(scale + 2 * r, blocks[r]);
        if (kHasMinimum) copy_half(scale + to.nb * 16 + 2 * r, blocks[r] + 2);
    }
    if (kHasFifth) {
        for (std::size_t r = 0; r < kGroupRows; r += 2)
            store(to.fifth_bits(r, b),
                  fifth_bits(join_words(load<std::uint32_t>(blocks[r] + kHighAt),
                                        load<std::uint32_t>(blocks[r + 1] + kHighAt))));
    }
    for (std::size_t r = 0; r < kGroupRows; ++r) {
        const Byte* values = blocks[r] + kLowAt;
        if (kType == WeightType::Q8_0) {
            std::memcpy(to.low(2 * r, b), values, 16);
            std::memcpy(to.low(2 * r + 1, b), values + 16, 16);
        } else if (kType == WeightType::IQ4_NL) {
            order_iq4(values, to.low(r, b));
        } else {
            std::memcpy(to.low(r, b), values, 16);
        }
    }
}

// ---- blocks of 256 values -----------------------------------------------------------------------

/// 32 bytes of a K type: the low nibbles are the values of one column, the high ones those of
/// another.
void split_nibbles(const Byte* from, Byte* column, Byte* other) {
    constexpr std::uint64_t kLow = 0x0F0F0F0F0F0F0F0F;
    for (std::size_t i = 0; i < 16; i += 8) {
        const auto first = load<std::uint64_t>(from + i);
        const auto second = load<std::uint64_t>(from + 16 + i);
        store(column + i, (first & kLow) | (second & kLow) << 4);
        store(other + i, (first >> 4 & kLow) | (second & ~kLow));
    }
}

/// The twelve bytes of a Q4_K or Q5_K block's scales and minimums, to a byte each.
void k_scales(const Byte* from, std::uint64_t& scale, std::uint64_t& min) {
    const auto scales = load<std::uint32_t>(from);
    const auto mins = load<std::uint32_t>(from + 4);
    const auto rest = load<std::uint32_t>(from + 8);
    scale = join_words(scales & 0x3F3F3F3F, (rest & 0x0F0F0F0F) | (scales >> 2 & 0x30303030));
    min = join_words(mins & 0x3F3F3F3F, (rest >> 4 & 0x0F0F0F0F) | (mins >> 2 & 0x30303030));
}

/// Sixteen 6-bit fields, two times eight, in three words: the last field fills their top bits.
void store_fields(std::uint64_t scales, std::uint64_t mins, Byte* to) {
    constexpr std::uint32_t kFive = (1U << 30) - 1;
    const auto last = static_cast<std::uint32_t>(mins >> 42);
    const auto word = [&](int i, std::uint64_t fields) {
        store(to + 4 * i, (static_cast<std::uint32_t>(fields) & kFive) | last >> (2 * i) << 30);
    };
    word(0, scales);
    word(1, scales >> 30 | mins << 18);
    word(2, mins >> 12);
}

void repack_k_scales(const Blocks& blocks, std::size_t i, const Group& to) {
    std::array<std::uint64_t, 8> scales;
    std::array<std::uint64_t, 8> mins;
    for (std::size_t r = 0; r < kGroupRows; ++r) k_scales(blocks[r] + 4, scales[r], mins[r]);
    transpose_bytes(scales);
    transpose_bytes(mins);
    for (std::size_t c = 0; c < 8; ++c) {
        Byte* scale = to.scale_plane + (8 * i + c) * 16;
        store_fields(join_sixes(scales[c]), join_sixes(mins[c]), scale);
        std::memcpy(scale + 12, blocks[c], 4);  // d and dmin
    }
}

/// Bit c of byte 4g + k is that of column c, and goes to bit 8k + g of the column's word. By
/// digits: (g2 | g1 g0) (k1 k0 c2 c1 c0), where g1 and g0 choose the word of 64 bits, to
/// (c2 | c1 c0) (k1 k0 g2 g1 g0).
void repack_k_fifth_bits(const Byte* from, std::size_t r, std::size_t i, const Group& to) {
    std::array<std::uint64_t, 4> x;
    for (std::size_t g = 0; g < 4; ++g)
        x[g] = swap_digits<5, 2>(
            join_words(load<std::uint32_t>(from + 4 * g), load<std::uint32_t>(from + 16 + 4 * g)));
    swap_digits_and_words<0>(x);
    for (std::size_t c = 0; c < 4; ++c) {
        store(to.fifth_bits(r, 8 * i + c), static_cast<std::uint32_t>(x[c]));
        store(to.fifth_bits(r, 8 * i + 4 + c), static_cast<std::uint32_t>(x[c] >> 32));
    }
}

template <WeightType kType>
void repack_q45_k(const Blocks& blocks, std::size_t i, const Group& to) {
    constexpr bool kHasFifth = kType == WeightType::Q5_K;
    repack_k_scales(blocks, i, to);
    for (std::size_t r = 0; r < kGroupRows; ++r) {
        const Byte* values = blocks[r] + (kHasFifth ? 48 : 16);
        for (std::size_t c = 0; c < 8; c += 2)
            split_nibbles(values + 16 * c, to.low(r, 8 * i + c), to.low(r, 8 * i + c + 1));
        if (kHasFifth) repack_k_fifth_bits(blocks[r] + 16, r, i, to);
    }
}

/// The 32 bytes of half a block, 128 values: bits 2c and 2c + 1 of byte 16v + 4g + k are those of
/// column c, and go to bits 8k + 2g and 8k + 2g + 1 of its word v: c and g change places.
void repack_pairs(const Byte* from, Byte* plane, std::size_t r, std::size_t b, const Group& to) {
    std::array<std::uint64_t, 4> x;
    for (std::size_t g = 0; g < 4; ++g)
        x[g] =
            join_words(load<std::uint32_t>(from + 4 * g), load<std::uint32_t>(from + 16 + 4 * g));
    swap_digits_and_words<1>(x);
    for (std::size_t c = 0; c < 4; ++c) store(to.pairs(plane, r, b + c), x[c]);
}

void repack_q6_k_half(
    const Byte* low, const Byte* high, std::size_t r, std::size_t b, const Group& to) {
    split_nibbles(low, to.low(r, b), to.low(r, b + 2));
    split_nibbles(low + 32, to.low(r, b + 1), to.low(r, b + 3));
    repack_pairs(high, to.high_plane, r, b, to);
}

void repack_q2_k(const Blocks& blocks, std::size_t i, const Group& to) {
    for (std::size_t r = 0; r < kGroupRows; ++r) {
        const Byte* block = blocks[r];
        repack_pairs(block + 16, to.low_plane, r, 8 * i, to);
        repack_pairs(block + 48, to.low_plane, r, 8 * i + 4, to);
        for (std::size_t c = 0; c < 8; ++c)
            copy_half(to.scale_plane + (8 * i + c) * 16 + 2 * r, block + 2 * c);
        copy_half(to.super_plane + i * 16 + 2 * r, block + 80);
        copy_half(to.super_plane + (to.nb / 8 + i) * 16 + 2 * r, block + 82);
    }
}

/// The twelve bytes of a Q3_K block's sixteen scales, to a byte each.
void q3_k_scales(const Byte* from, std::array<Byte, 16>& scales) {
    const auto low = load<std::uint64_t>(from);
    const auto high = load<std::uint32_t>(from + 8);
    constexpr std::uint64_t kNibbles = 0x0F0F0F0F0F0F0F0F;
    const auto pairs = [&](int shift) { return (high >> shift & 0x03030303U) << 4; };
    store(scales.data(), (low & kNibbles) | join_words(pairs(0), pairs(2)));
    store(scales.data() + 8, (low >> 4 & kNibbles) | join_words(pairs(4), pairs(6)));
}

void repack_q3_k(const Blocks& blocks, std::size_t i, const Group& to) {
    for (std::size_t r = 0; r < kGroupRows; ++r) {
        const Byte* block = blocks[r];
        repack_k_fifth_bits(block, r, i, to);
        repack_pairs(block + 32, to.low_plane, r, 8 * i, to);
        repack_pairs(block + 64, to.low_plane, r, 8 * i + 4, to);
        std::array<Byte, 16> scales;
        q3_k_scales(block + 96, scales);
        for (std::size_t c = 0; c < 8; ++c)
            copy_half(to.scale_plane + (8 * i + c) * 16 + 2 * r, scales.data() + 2 * c);
        copy_half(to.super_plane + i * 16 + 2 * r, block + 108);
    }
}

void repack_q6_k(const Blocks& blocks, std::size_t i, const Group& to) {
    for (std::size_t r = 0; r < kGroupRows; ++r) {
        const Byte* block = blocks[r];
        repack_q6_k_half(block, block + 128, r, 8 * i, to);
        repack_q6_k_half(block + 64, block + 160, r, 8 * i + 4, to);
        for (std::size_t c = 0; c < 8; ++c)
            copy_half(to.scale_plane + (8 * i + c) * 16 + 2 * r, block + 192 + 2 * c);
        copy_half(to.super_plane + i * 16 + 2 * r, block + 208);
    }
}

void repack_iq4_xs(const Blocks& blocks, std::size_t i, const Group& to) {
    std::array<std::uint64_t, 8> scales;
    for (std::size_t r = 0; r < kGroupRows; ++r) {
        const Byte* block = blocks[r];
        for (std::size_t c = 0; c < 8; ++c) order_iq4(block + 8 + 16 * c, to.low(r, 8 * i + c));
        scales[r] = spread_nibbles(load<std::uint32_t>(block + 4)) |
                    spread_pairs(load<std::uint16_t>(block + 2)) << 4;
    }
    transpose_bytes(scales);
    for (std::size_t c = 0; c < 8; ++c) {
        const std::uint64_t d = load<std::uint16_t>(blocks[c]);
        store(to.scale_plane + (8 * i + c) * 8, join_sixes(scales[c]) | d << 48);
    }
}

// ---- rows ---------------------------------------------------------------------------------------

/// Rows of the file, and where they go.
struct Rows {
    WeightType type;
    std::size_t rows;  ///< of the tensor
    std::int64_t cols;
    std::size_t first;
    std::size_t n;
    const Byte* file;
    Byte* planes;
};

template <auto Repack>
void repack_groups(const Rows& rows) {
    const WeightTraits& t = traits(rows.type);
    const PlaneLayout layout =
        plane_layout(rows.type, static_cast<std::int64_t>(rows.rows), rows.cols);
    const GroupBytes of_group = group_bytes(rows.type, rows.cols);
    const std::size_t row_bytes = file_row_bytes(rows.type, rows.cols);
    const auto block_bytes = static_cast<std::size_t>(t.file_block_bytes);
    const std::size_t n_block = row_bytes / block_bytes;
    for (std::size_t row = 0; row < rows.n; row += kGroupRows) {
        const std::size_t g = (rows.first + row) / kGroupRows;
        const Group to{rows.planes + layout.low + g * of_group.low,
                       rows.planes + layout.high + g * of_group.high,
                       rows.planes + layout.scale + g * of_group.scale,
                       rows.planes + layout.super + g * of_group.super,
                       static_cast<std::size_t>(rows.cols / kBlock)};
        Blocks blocks;
        std::array<std::size_t, kGroupRows> step;
        for (std::size_t r = 0; r < kGroupRows; ++r) {
            const bool is_there = row + r < rows.n;
            blocks[r] = is_there ? rows.file + (row + r) * row_bytes : kNoBlock.data();
            step[r] = is_there ? block_bytes : 0;
        }
        for (std::size_t i = 0; i < n_block; ++i) {
            Repack(blocks, i, to);
            for (std::size_t r = 0; r < kGroupRows; ++r) blocks[r] += step[r];
        }
    }
}

void copy_rows(const Rows& rows) {
    const std::size_t row_bytes = file_row_bytes(rows.type, rows.cols);
    const std::size_t stride = group_bytes(rows.type, rows.cols).low / kGroupRows;
    Byte* to = rows.planes + rows.first * stride;
    for (std::size_t r = 0; r < rows.n; ++r, to += stride) {
        std::memcpy(to, rows.file + r * row_bytes, row_bytes);
        std::memset(to + row_bytes, 0, stride - row_bytes);
    }
    if (rows.first + rows.n == rows.rows && rows.rows % kGroupRows != 0)
        std::memset(to, 0, (kGroupRows - rows.rows % kGroupRows) * stride);
}

void repack(const Rows& rows) {
    switch (rows.type) {
        case WeightType::F32:
        case WeightType::F16:
        case WeightType::BF16:
        case WeightType::FP8:
            return copy_rows(rows);
        case WeightType::Q4_0:
            return repack_groups<repack_block32<WeightType::Q4_0>>(rows);
        case WeightType::Q4_1:
            return repack_groups<repack_block32<WeightType::Q4_1>>(rows);
        case WeightType::Q5_0:
            return repack_groups<repack_block32<WeightType::Q5_0>>(rows);
        case WeightType::Q5_1:
            return repack_groups<repack_block32<WeightType::Q5_1>>(rows);
        case WeightType::Q8_0:
            return repack_groups<repack_block32<WeightType::Q8_0>>(rows);
        case WeightType::IQ4_NL:
            return repack_groups<repack_block32<WeightType::IQ4_NL>>(rows);
        case WeightType::Q4_K:
            return repack_groups<repack_q45_k<WeightType::Q4_K>>(rows);
        case WeightType::Q5_K:
            return repack_groups<repack_q45_k<WeightType::Q5_K>>(rows);
        case WeightType::Q6_K:
            return repack_groups<repack_q6_k>(rows);
        case WeightType::IQ4_XS:
            return repack_groups<repack_iq4_xs>(rows);
        case WeightType::Q2_K:
            return repack_groups<repack_q2_k>(rows);
        case WeightType::Q3_K:
            return repack_groups<repack_q3_k>(rows);
    }
}

}  // namespace

void repack_rows(WeightType type,
                 std::int64_t rows,
                 std::int64_t cols,
                 std::int64_t first_row,
                 std::span<const std::byte> file_rows,
                 std::span<std::byte> planes) {
    repack({type, static_cast<std::size_t>(rows), cols, static_cast<std::size_t>(first_row),
            file_rows.size() / file_row_bytes(type, cols),
            reinterpret_cast<const Byte*>(file_rows.data()),
            reinterpret_cast<Byte*>(planes.data())});
}

}  // namespace lares::kernels
