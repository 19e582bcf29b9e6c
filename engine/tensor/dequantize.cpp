#include "engine/tensor/dequantize.h"

#include <array>
#include <bit>
#include <cassert>
#include <cstring>

// Every product and sum below is rounded to f32 on its own, in the order ggml uses: results are
// compared bit for bit, so this file is compiled without contraction into fused multiply-adds.

namespace lares {
namespace {

// The format is little-endian; on such machines fields can be copied out as they are.
static_assert(std::endian::native == std::endian::little);

using Byte = std::uint8_t;

constexpr std::array<std::int8_t, 16> kIq4Values{-127, -104, -83, -65, -49, -35, -22, -10,
                                                 1,    13,   25,  38,  53,  69,  89,  113};

template <class T>
T load(const Byte* from) {
    T value;
    std::memcpy(&value, from, sizeof value);
    return value;
}

float load_half(const Byte* from) {
    return half_to_float(load<std::uint16_t>(from));
}

int low_nibble(Byte byte) {
    return byte & 15;
}
int high_nibble(Byte byte) {
    return byte >> 4;
}

/// Bit `i` of `bits`, moved to where the fifth bit of a quant belongs.
int fifth_bit(std::uint32_t bits, int i) {
    return static_cast<int>((bits >> i) & 1U) << 4;
}

void decode_q4_0(const Byte* block, float* out) {
    const float d = load_half(block);
    const Byte* qs = block + 2;
    for (int j = 0; j < 16; ++j) {
        out[j] = static_cast<float>(low_nibble(qs[j]) - 8) * d;
        out[j + 16] = static_cast<float>(high_nibble(qs[j]) - 8) * d;
    }
}

void decode_q4_1(const Byte* block, float* out) {
    const float d = load_half(block);
    const float m = load_half(block + 2);
    const Byte* qs = block + 4;
    for (int j = 0; j < 16; ++j) {
        out[j] = static_cast<float>(low_nibble(qs[j])) * d + m;
        out[j + 16] = static_cast<float>(high_nibble(qs[j])) * d + m;
    }
}

void decode_q5_0(const Byte* block, float* out) {
    const float d = load_half(block);
    const auto qh = load<std::uint32_t>(block + 2);
    const Byte* qs = block + 6;
    for (int j = 0; j < 16; ++j) {
        out[j] = static_cast<float>((low_nibble(qs[j]) | fifth_bit(qh, j)) - 16) * d;
        out[j + 16] = static_cast<float>((high_nibble(qs[j]) | fifth_bit(qh, j + 16)) - 16) * d;
    }
}

void decode_q5_1(const Byte* block, float* out) {
    const float d = load_half(block);
    const float m = load_half(block + 2);
    const auto qh = load<std::uint32_t>(block + 4);
    const Byte* qs = block + 8;
    for (int j = 0; j < 16; ++j) {
        out[j] = static_cast<float>(low_nibble(qs[j]) | fifth_bit(qh, j)) * d + m;
        out[j + 16] = static_cast<float>(high_nibble(qs[j]) | fifth_bit(qh, j + 16)) * d + m;
    }
}

void decode_q8_0(const Byte* block, float* out) {
    const float d = load_half(block);
    for (int j = 0; j < 32; ++j)
        out[j] = static_cast<float>(static_cast<std::int8_t>(block[2 + j])) * d;
}

/// The i-th (of 8) six-bit scale and minimum of a Q4_K or Q5_K block.
struct ScaleAndMin {
    int scale;
    int min;
};
ScaleAndMin k_scale(const Byte* s, int i) {
    if (i < 4) return {s[i] & 63, s[i + 4] & 63};
    return {(s[i + 4] & 15) | ((s[i - 4] >> 6) << 4), (s[i + 4] >> 4) | ((s[i] >> 6) << 4)};
}

/// Scale and minimum of 32 values as f32.
struct SubBlock {
    float d;
    float m;
};
SubBlock k_sub_block(const Byte* block, int i) {
    const ScaleAndMin s = k_scale(block + 4, i);
    return {load_half(block) * static_cast<float>(s.scale),
            load_half(block + 2) * static_cast<float>(s.min)};
}

void decode_q2_k(const Byte* block, float* out) {
    const Byte* qs = block + 16;
    const float d = load_half(block + 80);
    const float d_min = load_half(block + 82);
    for (int i = 0; i < 16; ++i, out += 16) {
        const float scale = d * static_cast<float>(low_nibble(block[i]));
        const float min = d_min * static_cast<float>(high_nibble(block[i]));
        const Byte* const pairs = qs + 32 * (i / 8) + 16 * (i % 2);
        for (int l = 0; l < 16; ++l)
            out[l] = scale * static_cast<float>(pairs[l] >> (2 * (i / 2 % 4)) & 3) - min;
    }
}

/// The i-th (of 16) six-bit scale of a Q3_K block.
int q3_k_scale(const Byte* s, int i) {
    const int low = i < 8 ? low_nibble(s[i]) : high_nibble(s[i - 8]);
    const int high = s[8 + i % 4] >> (2 * (i / 4)) & 3;
    return (low | high << 4) - 32;
}

void decode_q3_k(const Byte* block, float* out) {
    const Byte* qs = block + 32;
    const float d = load_half(block + 108);
    for (int i = 0; i < 16; ++i, out += 16) {
        const float scale = d * static_cast<float>(q3_k_scale(block + 96, i));
        const int at = 16 * (i % 2);
        const Byte* const pairs = qs + 32 * (i / 8) + at;
        for (int l = 0; l < 16; ++l) {
            const int high = block[at + l] >> (i / 2) & 1;
            const int q = (pairs[l] >> (2 * (i / 2 % 4)) & 3) | high << 2;
            out[l] = scale * static_cast<float>(q - 4);
        }
    }
}

void decode_q4_k(const Byte* block, float* out) {
    const Byte* qs = block + 16;
    for (int c = 0; c < 4; ++c, qs += 32, out += 64) {
        const SubBlock low = k_sub_block(block, 2 * c);
        const SubBlock high = k_sub_block(block, 2 * c + 1);
        for (int l = 0; l < 32; ++l) {
            out[l] = low.d * static_cast<float>(low_nibble(qs[l])) - low.m;
            out[l + 32] = high.d * static_cast<float>(high_nibble(qs[l])) - high.m;
        }
    }
}

void decode_q5_k(const Byte* block, float* out) {
    const Byte* qh = block + 16;
    const Byte* qs = block + 48;
    for (int c = 0; c < 4; ++c, qs += 32, out += 64) {
        const SubBlock low = k_sub_block(block, 2 * c);
        const SubBlock high = k_sub_block(block, 2 * c + 1);
        for (int l = 0; l < 32; ++l) {
            const int q_low = low_nibble(qs[l]) | fifth_bit(qh[l], 2 * c);
            const int q_high = high_nibble(qs[l]) | fifth_bit(qh[l], 2 * c + 1);
            out[l] = low.d * static_cast<float>(q_low) - low.m;
            out[l + 32] = high.d * static_cast<float>(q_high) - high.m;
        }
    }
}

void decode_q6_k(const Byte* block, float* out) {
    const Byte* ql = block;
    const Byte* qh = block + 128;
    const Byte* scales = block + 192;
    const float d = load_half(block + 208);
    const auto scaled = [&](int scale, int q) {
        return d * static_cast<float>(static_cast<std::int8_t>(scales[scale])) *
               static_cast<float>(q - 32);
    };
    for (int c = 0; c < 2; ++c, ql += 64, qh += 32, scales += 8, out += 128) {
        for (int l = 0; l < 32; ++l) {
            const int e = l / 16;
            out[l] = scaled(e, low_nibble(ql[l]) | ((qh[l] & 3) << 4));
            out[l + 32] = scaled(e + 2, low_nibble(ql[l + 32]) | (((qh[l] >> 2) & 3) << 4));
            out[l + 64] = scaled(e + 4, high_nibble(ql[l]) | (((qh[l] >> 4) & 3) << 4));
            out[l + 96] = scaled(e + 6, high_nibble(ql[l + 32]) | ((qh[l] >> 6) << 4));
        }
    }
}

/// 32 values of either IQ4 type: 16 bytes of indices into the table, times one scale.
void decode_iq4_values(const Byte* qs, float d, float* out) {
    for (int j = 0; j < 16; ++j) {
        out[j] = d * static_cast<float>(kIq4Values[static_cast<std::size_t>(low_nibble(qs[j]))]);
        out[j + 16] =
            d * static_cast<float>(kIq4Values[static_cast<std::size_t>(high_nibble(qs[j]))]);
    }
}

void decode_iq4_nl(const Byte* block, float* out) {
    decode_iq4_values(block + 2, load_half(block), out);
}

void decode_iq4_xs(const Byte* block, float* out) {
    const float d = load_half(block);
    const int scales_high = load<std::uint16_t>(block + 2);
    const Byte* scales_low = block + 4;
    const Byte* qs = block + 8;
    for (int b = 0; b < 8; ++b, qs += 16, out += 32) {
        const int low = (scales_low[b / 2] >> (4 * (b % 2))) & 15;
        const int high = (scales_high >> (2 * b)) & 3;
        const float scale = d * static_cast<float>((low | (high << 4)) - 32);
        decode_iq4_values(qs, scale, out);
    }
}

/// Calls `decode` for each of the row's blocks.
template <auto Decode>
void decode_blocks(const Byte* row, float* out, std::int64_t n, const DTypeTraits& type) {
    for (std::int64_t i = 0; i < n; i += type.block_elements, row += type.block_bytes)
        Decode(row, out + i);
}

void decode_f16(const Byte* row, float* out, std::int64_t n) {
    for (std::int64_t i = 0; i < n; ++i) out[i] = load_half(row + 2 * i);
}

void decode_bf16(const Byte* row, float* out, std::int64_t n) {
    for (std::int64_t i = 0; i < n; ++i)
        out[i] = bfloat16_to_float(load<std::uint16_t>(row + 2 * i));
}

}  // namespace

void dequantize_row(DType dtype, const std::byte* row, float* out, std::int64_t n) {
    const DTypeTraits& type = traits(dtype);
    assert(n % type.block_elements == 0);
    const auto* bytes = reinterpret_cast<const Byte*>(row);
    switch (dtype) {
        case DType::F32:
            std::memcpy(out, bytes, static_cast<std::size_t>(n) * sizeof *out);
            return;
        case DType::F16:
            decode_f16(bytes, out, n);
            return;
        case DType::BF16:
            decode_bf16(bytes, out, n);
            return;
        case DType::Q4_0:
            decode_blocks<decode_q4_0>(bytes, out, n, type);
            return;
        case DType::Q4_1:
            decode_blocks<decode_q4_1>(bytes, out, n, type);
            return;
        case DType::Q5_0:
            decode_blocks<decode_q5_0>(bytes, out, n, type);
            return;
        case DType::Q5_1:
            decode_blocks<decode_q5_1>(bytes, out, n, type);
            return;
        case DType::Q8_0:
            decode_blocks<decode_q8_0>(bytes, out, n, type);
            return;
        case DType::Q2_K:
            decode_blocks<decode_q2_k>(bytes, out, n, type);
            return;
        case DType::Q3_K:
            decode_blocks<decode_q3_k>(bytes, out, n, type);
            return;
        case DType::Q4_K:
            decode_blocks<decode_q4_k>(bytes, out, n, type);
            return;
        case DType::Q5_K:
            decode_blocks<decode_q5_k>(bytes, out, n, type);
            return;
        case DType::Q6_K:
            decode_blocks<decode_q6_k>(bytes, out, n, type);
            return;
        case DType::IQ4_NL:
            decode_blocks<decode_iq4_nl>(bytes, out, n, type);
            return;
        case DType::IQ4_XS:
            decode_blocks<decode_iq4_xs>(bytes, out, n, type);
            return;
        case DType::F8_E4M3:
            for (std::int64_t i = 0; i < n; ++i) out[i] = e4m3_to_float(bytes[i]);
            return;
    }
}

void dequantize_row(const TensorView& tensor, std::int64_t i, float* out) {
    dequantize_row(tensor.dtype, tensor.row(i), out, tensor.cols());
    if (tensor.scale == 1.0F) return;
    for (std::int64_t c = 0; c < tensor.cols(); ++c) out[c] *= tensor.scale;
}

float e4m3_to_float(std::uint8_t bits) {
    const std::uint32_t sign = (bits & 0x80U) << 24;
    const std::uint32_t magnitude = bits & 0x7FU;
    if (magnitude == 0x7FU) return std::bit_cast<float>(sign | 0x7FC0'0000U);
    if (magnitude < 8) {  // zero or subnormal: a multiple of 2^-9, exact in f32
        const float value = static_cast<float>(magnitude) * 0x1p-9F;
        return std::bit_cast<float>(sign | std::bit_cast<std::uint32_t>(value));
    }
    // Rebias the exponent from 7 to 127.
    return std::bit_cast<float>(sign | ((magnitude << 20) + (120U << 23)));
}

float half_to_float(std::uint16_t bits) {
    const std::uint32_t sign = (bits & 0x8000U) << 16;
    const std::uint32_t magnitude = bits & 0x7FFFU;
    if (magnitude < 0x0400U) {  // zero or subnormal: a multiple of 2^-24, exact in f32
        const float value = static_cast<float>(magnitude) * 0x1p-24F;
        return std::bit_cast<float>(sign | std::bit_cast<std::uint32_t>(value));
    }
    // Rebias the exponent from 15 to 127; infinity and NaN keep an exponent of all ones.
    const std::uint32_t bias = magnitude >= 0x7C00U ? 0x70000000U : 0x38000000U;
    return std::bit_cast<float>(sign | ((magnitude << 13) + bias));
}

float bfloat16_to_float(std::uint16_t bits) {
    return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16);
}

std::uint16_t float_to_half(float value) {
    const auto bits = std::bit_cast<std::uint32_t>(value);
    const auto sign = static_cast<std::uint16_t>((bits >> 16) & 0x8000U);
    const std::uint32_t magnitude = bits & 0x7FFFFFFFU;
    std::uint32_t half = 0;
    if (magnitude > 0x7F800000U) {  // NaN stays NaN, quiet
        half = 0x7E00U | ((magnitude >> 13) & 0x01FFU);
    } else if (magnitude >= 0x477FF000U) {  // 65520 and above round to infinity
        half = 0x7C00U;
    } else if (magnitude < 0x38800000U) {
        // Subnormal: 0.5 has steps of 2^-24, so the addition rounds to them, ties to even.
        const float shifted = std::bit_cast<float>(magnitude) + 0.5F;
        half = std::bit_cast<std::uint32_t>(shifted) - std::bit_cast<std::uint32_t>(0.5F);
    } else {
        half = (magnitude - 0x38000000U + 0x0FFFU + ((magnitude >> 13) & 1U)) >> 13;
    }
    return static_cast<std::uint16_t>(sign | half);
}

}  // namespace lares
