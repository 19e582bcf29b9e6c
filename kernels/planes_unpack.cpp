// The way back, value by value: it has no hurry.

#include "kernels/bit_words.h"
#include "kernels/planes.h"

#include <algorithm>
#include <vector>

namespace lares::kernels {
namespace {

using Byte = std::uint8_t;

bool is_iq4(WeightType type) {
    return type == WeightType::IQ4_NL || type == WeightType::IQ4_XS;
}
bool has_minimum(WeightType type) {
    return type == WeightType::Q4_1 || type == WeightType::Q5_1;
}
bool is_k_quant(WeightType type) {
    return type == WeightType::Q4_K || type == WeightType::Q5_K;
}

/// The numbers of one row of a quantised type, whatever order their bits are kept in.
struct Codes {
    explicit Codes(std::int64_t cols)
        : q(static_cast<std::size_t>(cols))
        , d(static_cast<std::size_t>(cols / kBlock))
        , m(d.size())
        , scale(2 * d.size())
        , min(d.size()) {}

    std::vector<Byte> q;           // a value each
    std::vector<std::uint16_t> d;  // f16, a block of the file each (the first cols / file_block)
    std::vector<std::uint16_t> m;  // f16 m or dmin, likewise
    std::vector<Byte> scale;       // 6 bits for 32 values; for 16 a byte, as planes have it
    std::vector<Byte> min;         // 6 bits for 32 values
};

// ---- the file's blocks --------------------------------------------------------------------------

/// 16 bytes: value j in the low nibble of byte j, value 16 + j in the high one.
void put_nibbles(const Byte* q, Byte* qs) {
    for (int j = 0; j < 16; ++j) qs[j] = static_cast<Byte>((q[j] & 15) | q[j + 16] << 4);
}

std::uint32_t fifth_bits(const Byte* q) {
    std::uint32_t bits = 0;
    for (int j = 0; j < 32; ++j) bits |= static_cast<std::uint32_t>(q[j] >> 4 & 1) << j;
    return bits;
}

/// The twelve bytes of six-bit scales and minimums of a Q4_K or Q5_K block.
void put_k_scales(const Byte* scale, const Byte* min, Byte* s) {
    for (int i = 0; i < 4; ++i) {
        s[i] = static_cast<Byte>(scale[i] | scale[i + 4] >> 4 << 6);
        s[i + 4] = static_cast<Byte>(min[i] | min[i + 4] >> 4 << 6);
        s[i + 8] = static_cast<Byte>((scale[i + 4] & 15) | (min[i + 4] & 15) << 4);
    }
}

/// Two bits of each of 256 values, from `shift` on.
void put_pairs(const Byte* q, int shift, Byte* to) {
    for (int l = 0; l < 64; ++l) {
        const Byte* in = q + l / 32 * 128 + l % 32;
        for (int k = 0; k < 4; ++k)
            to[l] = static_cast<Byte>(to[l] | (in[32 * k] >> shift & 3) << (2 * k));
    }
}

/// Block i of the row, of Q2_K.
void write_q2_k(const Codes& c, std::size_t i, const Byte* q, Byte* b) {
    std::copy_n(c.scale.data() + 16 * i, 16, b);
    put_pairs(q, 0, b + 16);
    store(b + 80, c.d[i]);
    store(b + 82, c.m[i]);
}

void write_q3_k(const Codes& c, std::size_t i, const Byte* q, Byte* b) {
    for (int j = 0; j < 256; ++j)
        b[j % 32] = static_cast<Byte>(b[j % 32] | (q[j] >> 2) << (j / 32));
    put_pairs(q, 0, b + 32);
    for (unsigned s = 0; s < 16; ++s) {
        const unsigned scale = c.scale[16 * i + s];
        Byte& low = b[96 + s % 8];
        Byte& high = b[104 + s % 4];
        low = static_cast<Byte>(low | (scale & 15U) << (4 * (s / 8)));
        high = static_cast<Byte>(high | (scale >> 4) << (2 * (s / 4)));
    }
    store(b + 108, c.d[i]);
}

/// Block i of the row.
void write_block(WeightType type, const Codes& c, std::size_t i, Byte* b) {
    const Byte* q = c.q.data() + i * static_cast<std::size_t>(traits(type).file_block);
    std::fill_n(b, traits(type).file_block_bytes, Byte{0});
    if (type == WeightType::Q2_K) return write_q2_k(c, i, q, b);
    if (type == WeightType::Q3_K) return write_q3_k(c, i, q, b);
    if (type == WeightType::Q6_K) {
        for (int half = 0; half < 2; ++half) {
            for (int l = 0; l < 32; ++l) {
                const Byte* in = q + 128 * half + l;
                b[64 * half + l] = static_cast<Byte>((in[0] & 15) | (in[64] & 15) << 4);
                b[64 * half + 32 + l] = static_cast<Byte>((in[32] & 15) | (in[96] & 15) << 4);
            }
        }
        put_pairs(q, 4, b + 128);
        std::copy_n(c.scale.data() + 16 * i, 16, b + 192);
        store(b + 208, c.d[i]);
        return;
    }
    store(b, c.d[i]);
    if (type == WeightType::IQ4_XS) {
        unsigned high = 0;
        for (unsigned s = 0; s < 8; ++s) {
            put_nibbles(q + 32 * s, b + 8 + 16 * s);
            const unsigned scale = c.scale[8 * i + s];
            b[4 + s / 2] = static_cast<Byte>(b[4 + s / 2] | (scale & 15U) << (4 * (s % 2)));
            high |= (scale >> 4) << (2 * s);
        }
        store(b + 2, static_cast<std::uint16_t>(high));
    } else if (is_k_quant(type)) {
        store(b + 2, c.m[i]);
        put_k_scales(c.scale.data() + 8 * i, c.min.data() + 8 * i, b + 4);
        const bool five = type == WeightType::Q5_K;
        Byte* qs = b + (five ? 48 : 16);
        for (int l = 0; l < 128; ++l) {
            const int chunk = l / 32;
            const Byte first = q[64 * chunk + l % 32];
            const Byte second = q[64 * chunk + 32 + l % 32];
            qs[l] = static_cast<Byte>((first & 15) | (second & 15) << 4);
            if (five)
                b[16 + l % 32] = static_cast<Byte>(b[16 + l % 32] | (first >> 4) << (2 * chunk) |
                                                   (second >> 4) << (2 * chunk + 1));
        }
    } else {
        Byte* rest = b + 2;
        if (has_minimum(type)) {
            store(rest, c.m[i]);
            rest += 2;
        }
        if (type == WeightType::Q8_0) {
            std::copy_n(q, 32, rest);
        } else if (traits(type).bits == 5) {
            store(rest, fifth_bits(q));
            put_nibbles(q, rest + 4);
        } else {
            put_nibbles(q, rest);
        }
    }
}

// ---- planes -------------------------------------------------------------------------------------

/// The tensor's planes as addresses.
struct Tensor {
    Tensor(WeightType weight_type, std::int64_t rows, std::int64_t cols, const Byte* planes)
        : type(weight_type), nb(static_cast<std::size_t>(cols / kBlock)) {
        const PlaneLayout layout = plane_layout(type, rows, cols);
        low_plane = planes + layout.low;
        high_plane = planes + layout.high;
        scale_plane = planes + layout.scale;
        super_plane = planes + layout.super;
    }

    /// 16 bytes, 8 of pairs; Q8_0: of the half 0 or 1.
    const Byte* low(std::size_t row, std::size_t b, std::size_t half = 0) const {
        if (type == WeightType::Q8_0) return low_plane + ((row * 2 + half) * nb + b) * 16;
        if (has_low_pairs(type)) return low_plane + (row / 2 * nb + b) * 16 + row % 2 * 8;
        return low_plane + (row * nb + b) * 16;
    }
    /// 4 bytes, Q6_K 8.
    const Byte* high(std::size_t row, std::size_t b) const {
        const std::size_t bytes = type == WeightType::Q6_K ? 8 : 4;
        const std::size_t together = 16 / bytes;
        return high_plane + (row / together * nb + b) * 16 + row % together * bytes;
    }
    /// Where the scales of the row's group begin.
    const Byte* scale(std::size_t row, std::size_t b, std::size_t part = 0) const {
        const std::size_t parts = has_minimum(type) ? 2 : 1;
        const std::size_t bytes = type == WeightType::IQ4_XS ? 8 : 16;
        return scale_plane + ((row / kGroupRows * parts + part) * nb + b) * bytes;
    }
    const Byte* super(std::size_t row, std::size_t b, std::size_t part = 0) const {
        const std::size_t parts = type == WeightType::Q2_K ? 2 : 1;
        return super_plane + ((row / kGroupRows * parts + part) * (nb / 8) + b / 8) * 16 +
               row % kGroupRows * 2;
    }

    WeightType type;
    std::size_t nb;
    const Byte* low_plane;
    const Byte* high_plane;
    const Byte* scale_plane;
    const Byte* super_plane;
};

/// Where value j of a block stands in `low`: a nibble's number, counted from the lowest of word 0.
std::size_t nibble_of(WeightType type, std::size_t j) {
    const std::size_t i = j % 16 / 4;
    const std::size_t k = j % 4;
    const std::size_t second = j / 16;
    return is_iq4(type) ? 8 * i + 4 * second + k : 8 * i + 2 * k + second;
}
/// Likewise its bit in the 4 bytes of `high`, and its lower bit in 8 bytes of pairs.
std::size_t fifth_bit_of(std::size_t j) {
    return 8 * (j % 4) + 4 * (j / 16) + j % 16 / 4;
}
std::size_t pair_of(std::size_t j) {
    return 32 * (j / 16) + 8 * (j % 4) + 2 * (j % 16 / 4);
}

unsigned get_bits(const Byte* from, std::size_t bit, unsigned n) {
    return from[bit / 8] >> (bit % 8) & ((1U << n) - 1U);
}

/// Field i of sixteen 6-bit ones in three words.
unsigned get_field(const Byte* words, std::size_t i) {
    const auto word = [&](std::size_t w) { return load<std::uint32_t>(words + 4 * w); };
    if (i == 15) return word(0) >> 30 | word(1) >> 30 << 2 | word(2) >> 30 << 4;
    return word(i / 5) >> (6 * (i % 5)) & 63U;
}
void read_values(const Tensor& t, std::size_t row, std::size_t b, Byte* q) {
    if (t.type == WeightType::Q8_0) {
        std::copy_n(t.low(row, b, 0), 16, q);
        std::copy_n(t.low(row, b, 1), 16, q + 16);
        return;
    }
    for (std::size_t j = 0; j < 32; ++j) {
        if (has_low_pairs(t.type)) {
            unsigned v = get_bits(t.low(row, b), pair_of(j), 2);
            if (t.type == WeightType::Q3_K) v |= get_bits(t.high(row, b), fifth_bit_of(j), 1) << 2;
            q[j] = static_cast<Byte>(v);
            continue;
        }
        unsigned v = get_bits(t.low(row, b), 4 * nibble_of(t.type, j), 4);
        if (traits(t.type).bits == 5) v |= get_bits(t.high(row, b), fifth_bit_of(j), 1) << 4;
        if (traits(t.type).bits == 6) v |= get_bits(t.high(row, b), pair_of(j), 2) << 4;
        q[j] = static_cast<Byte>(v);
    }
}

void read_scales(const Tensor& t, std::size_t row, std::size_t b, Codes& c) {
    const std::size_t r = row % kGroupRows;
    const Byte* s = t.scale(row, b);
    switch (t.type) {
        case WeightType::Q4_K:
        case WeightType::Q5_K:
            c.scale[b] = static_cast<Byte>(get_field(s, r));
            c.min[b] = static_cast<Byte>(get_field(s, 8 + r));
            if (b % 8 == r) {
                c.d[b / 8] = load<std::uint16_t>(s + 12);
                c.m[b / 8] = load<std::uint16_t>(s + 14);
            }
            return;
        case WeightType::IQ4_XS:
            c.scale[b] = static_cast<Byte>(load<std::uint64_t>(s) >> (6 * r) & 63U);
            if (b % 8 == r) c.d[b / 8] = load<std::uint16_t>(s + 6);
            return;
        case WeightType::Q2_K:
        case WeightType::Q3_K:
        case WeightType::Q6_K:
            c.scale[2 * b] = s[2 * r];
            c.scale[2 * b + 1] = s[2 * r + 1];
            c.d[b / 8] = load<std::uint16_t>(t.super(row, b));
            if (t.type == WeightType::Q2_K) c.m[b / 8] = load<std::uint16_t>(t.super(row, b, 1));
            return;
        default:
            c.d[b] = load<std::uint16_t>(s + 2 * r);
            if (has_minimum(t.type)) c.m[b] = load<std::uint16_t>(t.scale(row, b, 1) + 2 * r);
    }
}

}  // namespace

void unpack_row(WeightType type,
                std::int64_t rows,
                std::int64_t cols,
                std::int64_t row,
                std::span<const std::byte> planes,
                std::span<std::byte> file_row) {
    const auto* in = reinterpret_cast<const Byte*>(planes.data());
    auto* out = reinterpret_cast<Byte*>(file_row.data());
    const auto r = static_cast<std::size_t>(row);
    if (is_plain(type)) {
        std::copy_n(in + r * group_bytes(type, cols).low / kGroupRows, file_row_bytes(type, cols),
                    out);
        return;
    }
    const Tensor tensor(type, rows, cols, in);
    Codes codes(cols);
    for (std::size_t b = 0; b < tensor.nb; ++b) {
        read_values(tensor, r, b, codes.q.data() + kBlock * b);
        read_scales(tensor, r, b, codes);
    }
    const WeightTraits& t = traits(type);
    for (std::size_t i = 0; i < static_cast<std::size_t>(cols / t.file_block); ++i)
        write_block(type, codes, i, out + i * static_cast<std::size_t>(t.file_block_bytes));
}

}  // namespace lares::kernels
