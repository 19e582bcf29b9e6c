#include "engine/tensor/quantize.h"

#include "engine/tensor/dequantize.h"
#include "engine/tensor/quantize_search.h"

#include <bit>
#include <cassert>
#include <cstring>

namespace lares {
namespace {

using namespace quantizing;

static_assert(std::endian::native == std::endian::little);

// --- Types of 32 values -------------------------------------------------------------------------

void store_fifth_bits(const std::array<int, kSubBlock>& codes, Byte* to) {
    std::uint32_t bits = 0;
    for (std::size_t j = 0; j < kSubBlock; ++j)
        bits |= static_cast<std::uint32_t>((codes[j] >> 4) & 1) << j;
    std::memcpy(to, &bits, sizeof bits);
}

/// Q4_0 and Q5_0: codes from 0 to 2 * Half - 1, of which Half is zero.
template <int Half>
void encode_symmetric(Values x, Values used, Byte* block) {
    const float d = as_half(best_scale(x, Importance(x, used), -Half,
                                       [](float v) { return nearest(v, -Half, Half - 1); }));
    std::array<int, kSubBlock> codes{};
    for (std::size_t j = 0; j < kSubBlock; ++j)
        codes[j] = code_of(x[j], d, 0, -Half, Half - 1) + Half;
    store_half(block, d);
    if (Half == 16) store_fifth_bits(codes, block + 2);
    pack_nibbles(codes, block + (Half == 16 ? 6 : 2));
}

/// Q4_1 and Q5_1: codes from 0 to Top.
template <int Top>
void encode_affine(Values x, Values used, Byte* block) {
    const Affine best = best_affine(x, Importance(x, used), Top, /*is_below_zero=*/false);
    const float d = as_half(best.d);
    const float m = as_half(best.m);
    std::array<int, kSubBlock> codes{};
    for (std::size_t j = 0; j < kSubBlock; ++j) codes[j] = code_of(x[j], d, m, 0, Top);
    store_half(block, d);
    store_half(block + 2, m);
    if (Top == 31) store_fifth_bits(codes, block + 4);
    pack_nibbles(codes, block + (Top == 31 ? 8 : 4));
}

void encode_q8_0(Values x, Values /*used*/, Byte* block) {
    const float d = as_half(std::fabs(largest(x)) / 127.0F);
    store_half(block, d);
    for (std::size_t j = 0; j < kSubBlock; ++j)
        block[2 + j] = static_cast<Byte>(static_cast<std::int8_t>(code_of(x[j], d, 0, -127, 127)));
}

void encode_iq4_nl(Values x, Values used, Byte* block) {
    const float d = as_half(best_iq4_scale(x, Importance(x, used)));
    store_half(block, d);
    pack_iq4(x, d, block + 2);
}

template <auto Encode>
void encode_blocks(Values values, Values used, Byte* out, const DTypeTraits& type) {
    const auto size = static_cast<std::size_t>(type.block_elements);
    for (std::size_t i = 0; i < values.size(); i += size, out += type.block_bytes)
        Encode(values.subspan(i, size), used.empty() ? used : used.subspan(i, size), out);
}

/// Round to nearest, ties to even. Precondition: finite.
std::uint16_t float_to_bfloat16(float value) {
    const auto bits = std::bit_cast<std::uint32_t>(value);
    return static_cast<std::uint16_t>((bits + 0x7FFFU + ((bits >> 16) & 1U)) >> 16);
}

template <auto Round>
void round_all(const float* values, Byte* out, std::int64_t n) {
    for (std::int64_t i = 0; i < n; ++i, out += 2) {
        const std::uint16_t bits = Round(values[i]);
        std::memcpy(out, &bits, sizeof bits);
    }
}

}  // namespace

void quantize_row(
    DType dtype, const float* values, std::byte* out, std::int64_t n, const float* importance) {
    const DTypeTraits& type = traits(dtype);
    assert(n % type.block_elements == 0);
    auto* bytes = reinterpret_cast<Byte*>(out);
    const Values all(values, static_cast<std::size_t>(n));
    const Values used = importance ? Values(importance, all.size()) : Values();
    switch (dtype) {
        case DType::F32:
            std::memcpy(bytes, values, static_cast<std::size_t>(n) * sizeof *values);
            return;
        case DType::F16:
            return round_all<float_to_half>(values, bytes, n);
        case DType::BF16:
            return round_all<float_to_bfloat16>(values, bytes, n);
        case DType::Q4_0:
            return encode_blocks<encode_symmetric<8>>(all, used, bytes, type);
        case DType::Q4_1:
            return encode_blocks<encode_affine<15>>(all, used, bytes, type);
        case DType::Q5_0:
            return encode_blocks<encode_symmetric<16>>(all, used, bytes, type);
        case DType::Q5_1:
            return encode_blocks<encode_affine<31>>(all, used, bytes, type);
        case DType::Q8_0:
            return encode_blocks<encode_q8_0>(all, used, bytes, type);
        case DType::Q2_K:
            return encode_blocks<encode_q2_k>(all, used, bytes, type);
        case DType::Q3_K:
            return encode_blocks<encode_q3_k>(all, used, bytes, type);
        case DType::Q4_K:
            return encode_blocks<encode_q4_k>(all, used, bytes, type);
        case DType::Q5_K:
            return encode_blocks<encode_q5_k>(all, used, bytes, type);
        case DType::Q6_K:
            return encode_blocks<encode_q6_k>(all, used, bytes, type);
        case DType::IQ4_NL:
            return encode_blocks<encode_iq4_nl>(all, used, bytes, type);
        case DType::IQ4_XS:
            return encode_blocks<encode_iq4_xs>(all, used, bytes, type);
        case DType::F8_E4M3:
            assert(false);
            return;
    }
}

}  // namespace lares
