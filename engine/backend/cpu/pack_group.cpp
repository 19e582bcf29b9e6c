// Compiled with -O3 (engine/CMakeLists.txt): a model's every byte passes here once at load.

#include "engine/backend/cpu/packed_matrix.h"

#include <array>
#include <cstring>

namespace lares::cpu {
namespace {

using Byte = std::uint8_t;

/// A chunk of one row as every type comes out of its own block format.
struct Chunk {
    std::array<Byte, 32> low;  ///< nibbles: 16 bytes, as in Q4_0; bytes: all 32
    std::uint32_t fifth = 0;   ///< bit j: column j
    std::array<Byte, 8> top2;  ///< bits 2 (j % 4) of byte j / 4: column j
};

std::uint32_t read_u32(const Byte* p) {
    std::uint32_t v;
    std::memcpy(&v, p, sizeof v);
    return v;
}

/// Even bits to the lower half, odd bits to the upper (Hacker's Delight §7-2).
std::uint32_t unshuffle(std::uint32_t x) {
    const auto swap = [&x](std::uint32_t mask, int by) {
        const std::uint32_t t = (x ^ (x >> by)) & mask;
        x = x ^ t ^ (t << by);
    };
    swap(0x22222222U, 1);
    swap(0x0C0C0C0CU, 2);
    swap(0x00F000F0U, 4);
    swap(0x0000FF00U, 8);
    return x;
}

/// Bit 4g + i to bit g of byte i.
std::uint32_t bits_by_byte(std::uint32_t x) {
    return unshuffle(unshuffle(x));
}

/// Nibbles of 32 values in bytes to the order of Q4_0.
void join_nibbles(const Byte* values, Byte* low) {
    for (int j = 0; j < 16; ++j)
        low[j] = static_cast<Byte>((values[j] & 15) | ((values[j + 16] & 15) << 4));
}

/// Pair i of the eight 6-bit scales and minimums of Q4_K and Q5_K.
void k_scale(const Byte* s, int i, Byte& scale, Byte& min) {
    if (i < 4) {
        scale = s[i] & 63;
        min = s[i + 4] & 63;
    } else {
        scale = static_cast<Byte>((s[i + 4] & 15) | ((s[i - 4] >> 6) << 4));
        min = static_cast<Byte>((s[i + 4] >> 4) | ((s[i] >> 6) << 4));
    }
}

/// Nibbles of chunk i of a K-quant: 32 bytes hold 64 columns.
void k_nibbles(const Byte* qs, int i, Byte* low) {
    std::array<Byte, 32> values;
    const Byte* from = qs + 32 * (i / 2);
    for (std::size_t j = 0; j < 32; ++j)
        values[j] = i % 2 == 0 ? from[j] & 15 : static_cast<Byte>(from[j] >> 4);
    join_nibbles(values.data(), low);
}

/// Where one row's bytes go in its group.
struct Target {
    Byte* group;
    PackedLayout layout;
    int row;

    void store(std::int64_t chunk, const PackedTraits& t, const Chunk& c) const {
        const auto lane = static_cast<std::size_t>(4 * row);
        Byte* low = group + static_cast<std::size_t>(chunk) * static_cast<std::size_t>(t.low_bytes);
        for (std::size_t j = 0; j < static_cast<std::size_t>(t.low_bytes) / 64; ++j)
            std::memcpy(low + 64 * j + lane, c.low.data() + 4 * j, 4);
        if (t.high_bits == 1) {
            const std::uint32_t bits = bits_by_byte(c.fifth);
            std::memcpy(group + layout.high + 64 * static_cast<std::size_t>(chunk) + lane, &bits,
                        4);
        } else if (t.high_bits == 2) {
            // Byte i of vector v: the pairs of columns 16v + i, 16v + 4 + i, …
            Byte* high = group + layout.high + 128 * static_cast<std::size_t>(chunk) + lane;
            for (std::size_t v = 0; v < 2; ++v)
                for (std::size_t i = 0; i < 4; ++i) {
                    unsigned byte = 0;
                    for (std::size_t g = 0; g < 4; ++g)
                        byte |= ((c.top2[4 * v + g] >> (2 * i)) & 3U) << (2 * g);
                    high[64 * v + i] = static_cast<Byte>(byte);
                }
        }
    }
    /// The f16 in `half`: number `which` (0 scale, 1 minimum) of block `block`.
    void store_scale(std::int64_t block,
                     const PackedTraits& t,
                     std::size_t which,
                     const Byte* half) const {
        std::memcpy(group + layout.scale +
                        static_cast<std::size_t>(block) * static_cast<std::size_t>(t.scale_bytes) +
                        32 * which + 2 * static_cast<std::size_t>(row),
                    half, 2);
    }
    void store_sub(std::int64_t chunk, const PackedTraits& t, std::size_t which, Byte value) const {
        group[layout.sub + static_cast<std::size_t>(chunk) * static_cast<std::size_t>(t.sub_bytes) +
              16 * which + static_cast<std::size_t>(row)] = value;
    }
};

template <DType kType>
void pack_block32(const Byte* b, std::int64_t chunk, const Target& to) {
    constexpr PackedTraits t = packed_traits(kType);
    Chunk c;
    to.store_scale(chunk, t, 0, b);
    b += 2;
    if (t.has_min) {
        to.store_scale(chunk, t, 1, b);
        b += 2;
    }
    if (t.high_bits == 1) {
        c.fifth = read_u32(b);
        b += 4;
    }
    std::memcpy(c.low.data(), b, t.low_bytes == 512 ? 32 : 16);
    to.store(chunk, t, c);
}

template <DType kType>
void pack_q45_k(const Byte* b, std::int64_t block, const Target& to) {
    constexpr PackedTraits t = packed_traits(kType);
    constexpr bool kHasFifth = kType == DType::Q5_K;
    to.store_scale(block, t, 0, b);
    to.store_scale(block, t, 1, b + 2);
    const Byte* high = b + 16;
    const Byte* qs = kHasFifth ? b + 48 : b + 16;
    for (int i = 0; i < 8; ++i) {
        const std::int64_t chunk = 8 * block + i;
        Byte scale;
        Byte min;
        k_scale(b + 4, i, scale, min);
        to.store_sub(chunk, t, 0, scale);
        to.store_sub(chunk, t, 1, min);
        Chunk c;
        k_nibbles(qs, i, c.low.data());
        if (kHasFifth) {
            c.fifth = 0;
            for (int j = 0; j < 32; ++j)
                c.fifth |= static_cast<std::uint32_t>((high[j] >> i) & 1) << j;
        }
        to.store(chunk, t, c);
    }
}

void pack_q6_k(const Byte* b, std::int64_t block, const Target& to) {
    constexpr PackedTraits t = packed_traits(DType::Q6_K);
    to.store_scale(block, t, 0, b + 208);
    for (int i = 0; i < 8; ++i) {
        // 128 columns: 64 bytes of nibbles (columns 0–31 and 64–95, 32–63 and 96–127), 32 of pairs.
        const Byte* low = b + 64 * (i / 4) + 32 * (i % 2);
        const Byte* high = b + 128 + 32 * (i / 4);
        const int nibble_shift = i % 4 < 2 ? 0 : 4;
        const int pair_shift = 2 * (i % 4);
        std::array<Byte, 32> values;
        Chunk c;
        c.top2.fill(0);
        for (std::size_t j = 0; j < 32; ++j) {
            values[j] = (low[j] >> nibble_shift) & 15;
            c.top2[j / 4] =
                static_cast<Byte>(c.top2[j / 4] | ((high[j] >> pair_shift) & 3) << (2 * (j % 4)));
        }
        join_nibbles(values.data(), c.low.data());
        const std::int64_t chunk = 8 * block + i;
        to.store(chunk, t, c);
        to.store_sub(chunk, t, 0, b[192 + 2 * i]);
        to.store_sub(chunk, t, 1, b[192 + 2 * i + 1]);
    }
}

void pack_iq4_xs(const Byte* b, std::int64_t block, const Target& to) {
    constexpr PackedTraits t = packed_traits(DType::IQ4_XS);
    to.store_scale(block, t, 0, b);
    const unsigned high = b[2] | (b[3] << 8U);
    for (int i = 0; i < 8; ++i) {
        const unsigned low = (b[4 + i / 2] >> (4 * (i % 2))) & 15U;
        const int scale = static_cast<int>(low | (((high >> (2 * i)) & 3U) << 4)) - 32;
        to.store_sub(8 * block + i, t, 0, static_cast<Byte>(scale));
        Chunk c;
        std::memcpy(c.low.data(), b + 8 + 16 * i, 16);
        to.store(8 * block + i, t, c);
    }
}

template <auto Pack>
void pack_row(DType dtype, const Byte* row, std::int64_t n_cols, const Target& to) {
    const DTypeTraits& type = traits(dtype);
    const std::int64_t n_blocks = n_cols / type.block_elements;
    for (std::int64_t i = 0; i < n_blocks; ++i) Pack(row + i * type.block_bytes, i, to);
}

void pack_row(DType dtype, const Byte* row, std::int64_t n_cols, const Target& to) {
    switch (dtype) {
        case DType::Q4_0:
            return pack_row<pack_block32<DType::Q4_0>>(dtype, row, n_cols, to);
        case DType::Q4_1:
            return pack_row<pack_block32<DType::Q4_1>>(dtype, row, n_cols, to);
        case DType::Q5_0:
            return pack_row<pack_block32<DType::Q5_0>>(dtype, row, n_cols, to);
        case DType::Q5_1:
            return pack_row<pack_block32<DType::Q5_1>>(dtype, row, n_cols, to);
        case DType::Q8_0:
            return pack_row<pack_block32<DType::Q8_0>>(dtype, row, n_cols, to);
        case DType::IQ4_NL:
            return pack_row<pack_block32<DType::IQ4_NL>>(dtype, row, n_cols, to);
        case DType::Q4_K:
            return pack_row<pack_q45_k<DType::Q4_K>>(dtype, row, n_cols, to);
        case DType::Q5_K:
            return pack_row<pack_q45_k<DType::Q5_K>>(dtype, row, n_cols, to);
        case DType::Q6_K:
            return pack_row<pack_q6_k>(dtype, row, n_cols, to);
        case DType::IQ4_XS:
            return pack_row<pack_iq4_xs>(dtype, row, n_cols, to);
        default:
            return;  // plain types are never packed
    }
}

}  // namespace

void pack_group(DType dtype,
                const std::byte* rows,
                std::size_t row_size,
                int n_rows,
                std::int64_t n_cols,
                std::uint8_t* out) {
    const PackedLayout layout = packed_layout(dtype, n_cols);
    if (n_rows < kPackRows) std::memset(out, 0, layout.group_bytes);
    for (int r = 0; r < n_rows; ++r)
        pack_row(dtype,
                 reinterpret_cast<const Byte*>(rows) + static_cast<std::size_t>(r) * row_size,
                 n_cols, {out, layout, r});
}

}  // namespace lares::cpu
