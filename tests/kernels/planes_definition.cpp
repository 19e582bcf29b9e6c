#include "tests/kernels/planes_definition.h"

#include <algorithm>
#include <cstring>
#include <vector>

namespace lares::test {
namespace {

using namespace kernels;
using Byte = std::uint8_t;

template <class T>
T load(const Byte* from) {
    T v;
    std::memcpy(&v, from, sizeof v);
    return v;
}
template <class T>
void store(Byte* to, T v) {
    std::memcpy(to, &v, sizeof v);
}

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
void get_nibbles(const Byte* qs, Byte* q) {
    for (int j = 0; j < 16; ++j) {
        q[j] = qs[j] & 15;
        q[j + 16] = qs[j] >> 4;
    }
}

void add_fifth_bits(std::uint32_t bits, Byte* q) {
    for (int j = 0; j < 32; ++j) q[j] = static_cast<Byte>(q[j] | (bits >> j & 1U) << 4);
}

/// The twelve bytes of six-bit scales and minimums of a Q4_K or Q5_K block.
void get_k_scales(const Byte* s, Byte* scale, Byte* min) {
    for (int i = 0; i < 4; ++i) {
        scale[i] = s[i] & 63;
        min[i] = s[i + 4] & 63;
        scale[i + 4] = static_cast<Byte>((s[i + 8] & 15) | s[i] >> 6 << 4);
        min[i + 4] = static_cast<Byte>(s[i + 8] >> 4 | s[i + 4] >> 6 << 4);
    }
}

/// Two bits of each of 256 values: a byte has those of value l of four times 32.
void get_pairs(const Byte* qs, Byte* q) {
    for (int j = 0; j < 256; ++j) q[j] = qs[j / 128 * 32 + j % 32] >> (2 * (j % 128 / 32)) & 3;
}

/// The twelve bytes of six-bit scales of a Q3_K block.
void get_q3_k_scales(const Byte* s, Byte* scale) {
    for (int i = 0; i < 16; ++i) {
        const int low = s[i % 8] >> (i < 8 ? 0 : 4) & 15;
        const int high = s[8 + i % 4] >> (2 * (i / 4)) & 3;
        scale[i] = static_cast<Byte>(low | high << 4);
    }
}

/// One block of the file to codes. `b` is its first byte, `i` its number in the row.
void read_block(WeightType type, const Byte* b, std::size_t i, Codes& c) {
    Byte* q = c.q.data() + i * static_cast<std::size_t>(traits(type).file_block);
    if (type == WeightType::Q6_K) {
        for (int half = 0; half < 2; ++half) {
            for (int l = 0; l < 32; ++l) {
                const Byte low = b[64 * half + l];
                const Byte low2 = b[64 * half + 32 + l];
                const Byte high = b[128 + 32 * half + l];
                Byte* out = q + 128 * half + l;
                out[0] = static_cast<Byte>((low & 15) | (high & 3) << 4);
                out[32] = static_cast<Byte>((low2 & 15) | (high >> 2 & 3) << 4);
                out[64] = static_cast<Byte>(low >> 4 | (high >> 4 & 3) << 4);
                out[96] = static_cast<Byte>(low2 >> 4 | high >> 6 << 4);
            }
        }
        std::copy_n(b + 192, 16, c.scale.data() + 16 * i);
        c.d[i] = load<std::uint16_t>(b + 208);
        return;
    }
    if (type == WeightType::Q2_K) {
        std::copy_n(b, 16, c.scale.data() + 16 * i);
        get_pairs(b + 16, q);
        c.d[i] = load<std::uint16_t>(b + 80);
        c.m[i] = load<std::uint16_t>(b + 82);
        return;
    }
    if (type == WeightType::Q3_K) {
        get_pairs(b + 32, q);
        for (int j = 0; j < 256; ++j)
            q[j] = static_cast<Byte>(q[j] | (b[j % 32] >> (j / 32) & 1) << 2);
        get_q3_k_scales(b + 96, c.scale.data() + 16 * i);
        c.d[i] = load<std::uint16_t>(b + 108);
        return;
    }
    c.d[i] = load<std::uint16_t>(b);
    if (type == WeightType::IQ4_XS) {
        const unsigned high = load<std::uint16_t>(b + 2);
        for (unsigned s = 0; s < 8; ++s) {
            get_nibbles(b + 8 + 16 * s, q + 32 * s);
            c.scale[8 * i + s] = static_cast<Byte>((b[4 + s / 2] >> (4 * (s % 2)) & 15U) |
                                                   (high >> (2 * s) & 3U) << 4);
        }
    } else if (is_k_quant(type)) {
        c.m[i] = load<std::uint16_t>(b + 2);
        get_k_scales(b + 4, c.scale.data() + 8 * i, c.min.data() + 8 * i);
        const bool five = type == WeightType::Q5_K;
        const Byte* qs = b + (five ? 48 : 16);
        for (int l = 0; l < 128; ++l) {
            const int chunk = l / 32;
            const unsigned high = five ? b[16 + l % 32] : 0U;
            q[64 * chunk + l % 32] =
                static_cast<Byte>((qs[l] & 15U) | (high >> (2 * chunk) & 1U) << 4);
            q[64 * chunk + 32 + l % 32] =
                static_cast<Byte>(qs[l] >> 4 | (high >> (2 * chunk + 1) & 1U) << 4);
        }
    } else {
        const Byte* rest = b + 2;
        if (has_minimum(type)) {
            c.m[i] = load<std::uint16_t>(rest);
            rest += 2;
        }
        if (type == WeightType::Q8_0) {
            std::copy_n(rest, 32, q);
        } else if (traits(type).bits == 5) {
            get_nibbles(rest + 4, q);
            add_fifth_bits(load<std::uint32_t>(rest), q);
        } else {
            get_nibbles(rest, q);
        }
    }
}

// ---- planes -------------------------------------------------------------------------------------

/// The tensor's planes as addresses.
struct Tensor {
    Tensor(WeightType weight_type, std::int64_t rows, std::int64_t cols, Byte* planes)
        : type(weight_type), nb(static_cast<std::size_t>(cols / kBlock)) {
        const PlaneLayout layout = plane_layout(type, rows, cols);
        low_plane = planes + layout.low;
        high_plane = planes + layout.high;
        scale_plane = planes + layout.scale;
        super_plane = planes + layout.super;
    }

    /// 16 bytes, 8 of pairs; Q8_0: of the half 0 or 1.
    Byte* low(std::size_t row, std::size_t b, std::size_t half = 0) const {
        if (type == WeightType::Q8_0) return low_plane + ((row * 2 + half) * nb + b) * 16;
        if (traits(type).bits < 4) return low_plane + (row / 2 * nb + b) * 16 + row % 2 * 8;
        return low_plane + (row * nb + b) * 16;
    }
    /// 4 bytes, Q6_K 8.
    Byte* high(std::size_t row, std::size_t b) const {
        const std::size_t bytes = type == WeightType::Q6_K ? 8 : 4;
        const std::size_t together = 16 / bytes;
        return high_plane + (row / together * nb + b) * 16 + row % together * bytes;
    }
    /// Where the scales of the row's group begin.
    Byte* scale(std::size_t row, std::size_t b, std::size_t part = 0) const {
        const std::size_t parts = has_minimum(type) ? 2 : 1;
        const std::size_t bytes = type == WeightType::IQ4_XS ? 8 : 16;
        return scale_plane + ((row / kGroupRows * parts + part) * nb + b) * bytes;
    }
    Byte* super(std::size_t row, std::size_t b, std::size_t part = 0) const {
        const std::size_t parts = type == WeightType::Q2_K ? 2 : 1;
        return super_plane + ((row / kGroupRows * parts + part) * (nb / 8) + b / 8) * 16 +
               row % kGroupRows * 2;
    }

    WeightType type;
    std::size_t nb;
    Byte* low_plane;
    Byte* high_plane;
    Byte* scale_plane;
    Byte* super_plane;
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

/// The n bits must be zero before, and lie in one byte.
void put_bits(Byte* to, std::size_t bit, unsigned v) {
    to[bit / 8] = static_cast<Byte>(to[bit / 8] | v << (bit % 8));
}

/// Field i of sixteen 6-bit ones in three words.
void put_field(Byte* words, std::size_t i, unsigned v) {
    const auto add = [&](std::size_t w, std::uint32_t bits) {
        store(words + 4 * w, load<std::uint32_t>(words + 4 * w) | bits);
    };
    if (i == 15) {
        for (std::size_t w = 0; w < 3; ++w) add(w, (v >> (2 * w) & 3U) << 30);
    } else {
        add(i / 5, v << (6 * (i % 5)));
    }
}

void write_values(const Tensor& t, std::size_t row, std::size_t b, const Byte* q) {
    if (t.type == WeightType::Q8_0) {
        std::copy_n(q, 16, t.low(row, b, 0));
        std::copy_n(q + 16, 16, t.low(row, b, 1));
        return;
    }
    for (std::size_t j = 0; traits(t.type).bits < 4 && j < 32; ++j) {
        put_bits(t.low(row, b), pair_of(j), q[j] & 3U);
        if (t.type == WeightType::Q3_K) put_bits(t.high(row, b), fifth_bit_of(j), q[j] >> 2);
    }
    for (std::size_t j = 0; traits(t.type).bits >= 4 && j < 32; ++j) {
        put_bits(t.low(row, b), 4 * nibble_of(t.type, j), q[j] & 15U);
        if (traits(t.type).bits == 5) put_bits(t.high(row, b), fifth_bit_of(j), q[j] >> 4);
        if (traits(t.type).bits == 6) put_bits(t.high(row, b), pair_of(j), q[j] >> 4);
    }
}

void write_scales(const Tensor& t, std::size_t row, std::size_t b, const Codes& c) {
    const std::size_t r = row % kGroupRows;
    Byte* s = t.scale(row, b);
    switch (t.type) {
        case WeightType::Q4_K:
        case WeightType::Q5_K:
            put_field(s, r, c.scale[b]);
            put_field(s, 8 + r, c.min[b]);
            if (b % 8 == r) {
                store(s + 12, c.d[b / 8]);
                store(s + 14, c.m[b / 8]);
            }
            return;
        case WeightType::IQ4_XS: {
            const std::uint64_t field = c.scale[b];
            store(s, load<std::uint64_t>(s) | field << (6 * r));
            if (b % 8 == r) store(s + 6, c.d[b / 8]);
            return;
        }
        case WeightType::Q2_K:
            store(t.super(row, b, 1), c.m[b / 8]);
            [[fallthrough]];
        case WeightType::Q3_K:
        case WeightType::Q6_K:
            s[2 * r] = c.scale[2 * b];
            s[2 * r + 1] = c.scale[2 * b + 1];
            store(t.super(row, b), c.d[b / 8]);
            return;
        default:
            store(s + 2 * r, c.d[b]);
            if (has_minimum(t.type)) store(t.scale(row, b, 1) + 2 * r, c.m[b]);
    }
}

}  // namespace

void repack_by_definition(WeightType type,
                          std::int64_t rows,
                          std::int64_t cols,
                          std::int64_t first_row,
                          std::span<const std::byte> file_rows,
                          std::span<std::byte> planes) {
    auto* out = reinterpret_cast<Byte*>(planes.data());
    const auto* in = reinterpret_cast<const Byte*>(file_rows.data());
    const std::size_t row_bytes = file_row_bytes(type, cols);
    const std::size_t n = file_rows.size() / row_bytes;
    const auto first = static_cast<std::size_t>(first_row);
    if (is_plain(type)) {
        const std::size_t stride =
            static_cast<std::size_t>((cols + chunk_values(type) - 1) / chunk_values(type)) * 16;
        for (std::size_t r = 0; r < n; ++r) {
            std::fill_n(out + (first + r) * stride, stride, Byte{0});
            std::copy_n(in + r * row_bytes, row_bytes, out + (first + r) * stride);
        }
        if (first + n == static_cast<std::size_t>(rows))
            std::fill_n(out + (first + n) * stride,
                        (kGroupRows - (first + n) % kGroupRows) % kGroupRows * stride, Byte{0});
        return;
    }

    const Tensor tensor(type, rows, cols, out);
    const WeightTraits& t = traits(type);
    const auto n_block = static_cast<std::size_t>(cols / t.file_block);
    // Bits are or-ed in: whole groups start as zero.
    const std::size_t padded = (n + kGroupRows - 1) / kGroupRows * kGroupRows;
    const auto clear = [&](Byte* from, std::size_t bytes_a_row) {
        std::fill_n(from, padded * bytes_a_row, Byte{0});
    };
    const std::size_t nb = tensor.nb;
    clear(tensor.low(first, 0), nb * (t.bits == 8 ? 32 : t.bits < 4 ? 8 : 16));
    if (t.bits == 3 || t.bits == 5) clear(tensor.high(first, 0), nb * 4);
    if (t.bits == 6) clear(tensor.high(first, 0), nb * 8);
    clear(tensor.scale(first, 0), nb * (type == WeightType::IQ4_XS ? 1
                                        : has_minimum(type)        ? 4
                                                                   : 2));
    if (type == WeightType::Q3_K || type == WeightType::Q6_K)
        clear(tensor.super(first, 0), nb / 8 * 2);
    if (type == WeightType::Q2_K) clear(tensor.super(first, 0), nb / 8 * 4);

    Codes codes(cols);
    for (std::size_t r = 0; r < n; ++r) {
        for (std::size_t i = 0; i < n_block; ++i)
            read_block(type, in + r * row_bytes + i * static_cast<std::size_t>(t.file_block_bytes),
                       i, codes);
        for (std::size_t b = 0; b < nb; ++b) {
            write_values(tensor, first + r, b, codes.q.data() + kBlock * b);
            write_scales(tensor, first + r, b, codes);
        }
    }
}

}  // namespace lares::test
