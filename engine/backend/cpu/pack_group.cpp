// Compiled with -O3 (engine/CMakeLists.txt): a model's every byte passes here once at load.

#include "engine/backend/cpu/packed_matrix.h"

#include <array>
#include <cstring>

namespace lares::cpu {
namespace {

using Byte = std::uint8_t;

/// A chunk of one row as the planes want it: word j goes to vector j.
struct Chunk {
    std::array<std::uint32_t, 8> low{};   ///< four words; eight of 8 bits, two of pairs
    std::array<std::uint32_t, 2> high{};  ///< one word of third or fifth bits, or two of pairs
};

std::uint32_t read_u32(const Byte* p) {
    std::uint32_t v;
    std::memcpy(&v, p, sizeof v);
    return v;
}

/// Bit i of a nibble to bit 0 of byte i; of a byte's upper nibble to bit 1.
constexpr std::array<std::uint32_t, 256> kSpread = [] {
    std::array<std::uint32_t, 256> table{};
    for (std::uint32_t byte = 0; byte < 256; ++byte)
        for (std::uint32_t i = 0; i < 4; ++i)
            table[byte] |= ((byte >> i & 1U) | (byte >> (4 + i) & 1U) << 1) << (8 * i);
    return table;
}();

/// Bit 4g + i to bit g of byte i.
std::uint32_t bits_by_byte(std::uint32_t x) {
    return kSpread[x & 255U] | kSpread[x >> 8 & 255U] << 2 | kSpread[x >> 16 & 255U] << 4 |
           kSpread[x >> 24] << 6;
}

/// 32 nibbles, at `shift` in 32 bytes, to the order of Q4_0.
void join_nibbles(const Byte* values, int shift, Chunk& c) {
    for (std::size_t j = 0; j < 4; ++j) {
        const std::uint32_t first = read_u32(values + 4 * j) >> shift & 0x0F0F0F0FU;
        const std::uint32_t second = read_u32(values + 16 + 4 * j) >> shift & 0x0F0F0F0FU;
        c.low[j] = first | second << 4;
    }
}

/// Bits `shift` and `shift` + 1 of 32 bytes, which are a chunk's, to two words.
template <std::size_t N>
void join_pairs(const Byte* values, int shift, std::array<std::uint32_t, N>& words) {
    for (std::size_t v = 0; v < 2; ++v)
        for (std::size_t g = 0; g < 4; ++g)
            words[v] |= (read_u32(values + 16 * v + 4 * g) >> shift & 0x03030303U) << (2 * g);
}

/// Bit `shift` of 32 bytes to one word.
std::uint32_t join_bits(const Byte* values, int shift) {
    std::uint32_t word = 0;
    for (int g = 0; g < 8; ++g) word |= (read_u32(values + 4 * g) >> shift & 0x01010101U) << g;
    return word;
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

/// Where one row's bytes go in its group.
struct Target {
    Byte* group;
    PackedLayout layout;
    int row;

    void store(std::int64_t chunk, const PackedTraits& t, const Chunk& c) const {
        const auto at = static_cast<std::size_t>(chunk);
        const auto lane = static_cast<std::size_t>(4 * row);
        Byte* low = group + at * static_cast<std::size_t>(t.low_bytes) + lane;
        for (std::size_t j = 0; j < static_cast<std::size_t>(t.low_bytes) / 64; ++j)
            std::memcpy(low + 64 * j, &c.low[j], 4);
        const auto n_high = static_cast<std::size_t>(t.high_bits);
        Byte* high = group + layout.high + 64 * n_high * at + lane;
        for (std::size_t v = 0; v < n_high; ++v) std::memcpy(high + 64 * v, &c.high[v], 4);
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
        c.high[0] = bits_by_byte(read_u32(b));
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
        join_nibbles(qs + 32 * (i / 2), 4 * (i % 2), c);
        if (kHasFifth) c.high[0] = join_bits(high, i);
        to.store(chunk, t, c);
    }
}

/// Q2_K and Q3_K: 128 columns are 32 bytes of pairs.
void pack_q2_k(const Byte* b, std::int64_t block, const Target& to) {
    constexpr PackedTraits t = packed_traits(DType::Q2_K);
    to.store_scale(block, t, 0, b + 80);
    to.store_scale(block, t, 1, b + 82);
    for (int i = 0; i < 8; ++i) {
        const std::int64_t chunk = 8 * block + i;
        Chunk c;
        join_pairs(b + 16 + 32 * (i / 4), 2 * (i % 4), c.low);
        to.store(chunk, t, c);
        to.store_sub(chunk, t, 0, b[2 * i]);
        to.store_sub(chunk, t, 1, b[2 * i + 1]);
    }
}

/// The i-th of sixteen scales of Q3_K: four bits, and two of another byte.
Byte q3_k_scale(const Byte* s, int i) {
    const int low = s[i % 8] >> (4 * (i / 8)) & 15;
    const int high = s[8 + i % 4] >> (2 * (i / 4)) & 3;
    return static_cast<Byte>((low | high << 4) - 32);
}

void pack_q3_k(const Byte* b, std::int64_t block, const Target& to) {
    constexpr PackedTraits t = packed_traits(DType::Q3_K);
    to.store_scale(block, t, 0, b + 108);
    for (int i = 0; i < 8; ++i) {
        const std::int64_t chunk = 8 * block + i;
        Chunk c;
        join_pairs(b + 32 + 32 * (i / 4), 2 * (i % 4), c.low);
        c.high[0] = join_bits(b, i);
        to.store(chunk, t, c);
        to.store_sub(chunk, t, 0, q3_k_scale(b + 96, 2 * i));
        to.store_sub(chunk, t, 1, q3_k_scale(b + 96, 2 * i + 1));
    }
}

void pack_q6_k(const Byte* b, std::int64_t block, const Target& to) {
    constexpr PackedTraits t = packed_traits(DType::Q6_K);
    to.store_scale(block, t, 0, b + 208);
    for (int i = 0; i < 8; ++i) {
        // 128 columns: 64 bytes of nibbles (columns 0–31 and 64–95, 32–63 and 96–127), 32 of pairs.
        const Byte* low = b + 64 * (i / 4) + 32 * (i % 2);
        const Byte* high = b + 128 + 32 * (i / 4);
        Chunk c;
        join_nibbles(low, i % 4 < 2 ? 0 : 4, c);
        join_pairs(high, 2 * (i % 4), c.high);
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

struct Rows {
    const Byte* first;
    std::size_t row_size;
    int n;
};

/// Block by block, so that what is written stays in the first-level cache.
template <auto Pack>
void pack_rows(DType dtype, const Rows& rows, std::int64_t n_cols, const Target& group) {
    const DTypeTraits& type = traits(dtype);
    const std::int64_t n_blocks = n_cols / type.block_elements;
    Target to = group;
    for (std::int64_t i = 0; i < n_blocks; ++i)
        for (to.row = 0; to.row < rows.n; ++to.row)
            Pack(rows.first + static_cast<std::size_t>(to.row) * rows.row_size +
                     i * type.block_bytes,
                 i, to);
}

void pack_rows(DType dtype, const Rows& rows, std::int64_t n_cols, const Target& group) {
    switch (dtype) {
        case DType::Q4_0:
            return pack_rows<pack_block32<DType::Q4_0>>(dtype, rows, n_cols, group);
        case DType::Q4_1:
            return pack_rows<pack_block32<DType::Q4_1>>(dtype, rows, n_cols, group);
        case DType::Q5_0:
            return pack_rows<pack_block32<DType::Q5_0>>(dtype, rows, n_cols, group);
        case DType::Q5_1:
            return pack_rows<pack_block32<DType::Q5_1>>(dtype, rows, n_cols, group);
        case DType::Q8_0:
            return pack_rows<pack_block32<DType::Q8_0>>(dtype, rows, n_cols, group);
        case DType::IQ4_NL:
            return pack_rows<pack_block32<DType::IQ4_NL>>(dtype, rows, n_cols, group);
        case DType::Q2_K:
            return pack_rows<pack_q2_k>(dtype, rows, n_cols, group);
        case DType::Q3_K:
            return pack_rows<pack_q3_k>(dtype, rows, n_cols, group);
        case DType::Q4_K:
            return pack_rows<pack_q45_k<DType::Q4_K>>(dtype, rows, n_cols, group);
        case DType::Q5_K:
            return pack_rows<pack_q45_k<DType::Q5_K>>(dtype, rows, n_cols, group);
        case DType::Q6_K:
            return pack_rows<pack_q6_k>(dtype, rows, n_cols, group);
        case DType::IQ4_XS:
            return pack_rows<pack_iq4_xs>(dtype, rows, n_cols, group);
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
    pack_rows(dtype, {reinterpret_cast<const Byte*>(rows), row_size, n_rows}, n_cols,
              {out, layout, 0});
}

}  // namespace lares::cpu
