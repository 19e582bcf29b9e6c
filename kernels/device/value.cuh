#pragma once

#include "kernels/device/weights.cuh"

namespace lares::kernels {

/// One weight as f32, bit for bit what the file's block stands for (engine/tensor/dequantize.cpp
/// rounds each product and sum on its own, so nothing here may become a fused multiply-add). For
/// gathers; the products use whole columns.
template <WeightType kType>
LARES_DEVICE float weight_at(const PlanesView& w, std::int64_t row, int col) {
    if constexpr (is_plain(kType)) {
        constexpr int kN = chunk_values(kType);
        const std::int64_t at = row * ((w.cols + kN - 1) / kN) * kN + col;
        if constexpr (kType == WeightType::F32) {
            return reinterpret_cast<const float*>(w.low)[at];
        } else if constexpr (kType == WeightType::F16) {
            return half_to_float(reinterpret_cast<const std::uint16_t*>(w.low)[at]);
        } else if constexpr (kType == WeightType::BF16) {
            return bfloat16_to_float(reinterpret_cast<const std::uint16_t*>(w.low)[at]);
        } else {
            return __fmul_rn(fp8_to_float(w.low[at]), w.tensor_scale);
        }
    } else {
        const int nb = w.cols / kBlock;
        const int b = col / kBlock;
        const int j = col % kBlock;
        const int word = j % 16 / 4;
        const int k = j % 4;
        const int second = j / 16;
        const int r = static_cast<int>(row % kGroupRows);
        const std::int64_t group = row / kGroupRows;
        const std::uint8_t* s = w.scale + (group * nb + b) * 16;
        if constexpr (kType == WeightType::Q8_0) {
            const std::uint8_t* at = w.low + ((row * 2 + second) * nb + b) * 16 + j % 16;
            const float d = half_to_float(reinterpret_cast<const std::uint16_t*>(s)[r]);
            return __fmul_rn(static_cast<float>(static_cast<std::int8_t>(*at)), d);
        } else if constexpr (has_low_pairs(kType)) {
            const std::uint8_t* low = w.low + (row / 2 * nb + b) * 16 + row % 2 * 8;
            const int q = low[4 * second + k] >> (2 * word) & 3;
            constexpr int kParts = kType == WeightType::Q2_K ? 2 : 1;
            const std::uint8_t* super = w.super + (group * kParts * (nb / 8) + b / 8) * 16 + 2 * r;
            const float d = half_to_float(*reinterpret_cast<const std::uint16_t*>(super));
            const float d_scale =
                __fmul_rn(d, static_cast<float>(half_scale<kType>(s[2 * r + second])));
            if constexpr (kType == WeightType::Q2_K) {
                const float d_min =
                    half_to_float(*reinterpret_cast<const std::uint16_t*>(super + nb / 8 * 16));
                const int min = half_minimum(s[2 * r + second]);
                return __fadd_rn(__fmul_rn(d_scale, static_cast<float>(q)),
                                 -__fmul_rn(d_min, static_cast<float>(min)));
            } else {
                const std::uint8_t* high = w.high + (row / 4 * nb + b) * 16 + row % 4 * 4;
                const int third = (high[k] >> (4 * second + word) & 1) << 2;
                return __fmul_rn(d_scale, static_cast<float>((q | third) - kOffset<kType>));
            }
        } else {
            const std::uint8_t* low = w.low + (row * nb + b) * 16 + 4 * word;
            int q = 0;
            if constexpr (kIsIq4<kType>)
                q = low[2 * second + k / 2] >> (4 * (k % 2)) & 15;
            else
                q = low[k] >> (4 * second) & 15;
            if constexpr (kHasFifthBit<kType>) {
                const std::uint8_t* high = w.high + (row / 4 * nb + b) * 16 + row % 4 * 4;
                q |= (high[k] >> (4 * second + word) & 1) << 4;
            }
            if constexpr (kType == WeightType::Q6_K) {
                const std::uint8_t* high = w.high + (row / 2 * nb + b) * 16 + row % 2 * 8;
                q |= (high[4 * second + k] >> (2 * word) & 3) << 4;
                const std::uint8_t* super = w.super + (group * (nb / 8) + b / 8) * 16;
                const float d = half_to_float(reinterpret_cast<const std::uint16_t*>(super)[r]);
                const float scale = static_cast<float>(static_cast<std::int8_t>(s[2 * r + second]));
                return __fmul_rn(__fmul_rn(d, scale), static_cast<float>(q - kOffset<kType>));
            } else if constexpr (kIsKQuant<kType>) {
                const uint4 fields = load16(s);
                const int first = b & ~7;  // of the 256 values; column first + r holds row r's d
                const auto* d = reinterpret_cast<const std::uint16_t*>(
                    w.scale + (group * nb + first + r) * 16 + 12);
                int scale = 0;
                int min = 0;
                LARES_UNROLL
                for (int i = 0; i < kGroupRows; ++i) {
                    scale = i == r ? field6(fields, i) : scale;
                    min = i == r ? field6(fields, 8 + i) : min;
                }
                const float product =
                    __fmul_rn(__fmul_rn(half_to_float(d[0]), static_cast<float>(scale)),
                              static_cast<float>(q));
                return __fadd_rn(product, -__fmul_rn(half_to_float(d[1]), static_cast<float>(min)));
            } else if constexpr (kType == WeightType::IQ4_XS) {
                const std::uint8_t* fields = w.scale + (group * nb + b) * 8;
                const int bit = 6 * r;
                const int two = fields[bit / 8] | fields[bit / 8 + 1] << 8;
                const int scale = (two >> (bit % 8) & 63) - 32;
                const std::uint8_t* d = w.scale + (group * nb + (b & ~7) + r) * 8 + 6;
                const float d_scale =
                    __fmul_rn(half_to_float(static_cast<std::uint16_t>(d[0] | d[1] << 8)),
                              static_cast<float>(scale));
                return __fmul_rn(d_scale, static_cast<float>(static_cast<std::int8_t>(
                                              lookup_iq4(static_cast<unsigned>(q)) & 0xFF)));
            } else if constexpr (kType == WeightType::IQ4_NL) {
                const float d = half_to_float(reinterpret_cast<const std::uint16_t*>(s)[r]);
                return __fmul_rn(d, static_cast<float>(static_cast<std::int8_t>(
                                        lookup_iq4(static_cast<unsigned>(q)) & 0xFF)));
            } else if constexpr (kHasMinimum<kType>) {
                const std::uint8_t* d = w.scale + (group * 2 * nb + b) * 16;
                const std::uint8_t* m = d + nb * 16;
                const float product =
                    __fmul_rn(static_cast<float>(q),
                              half_to_float(reinterpret_cast<const std::uint16_t*>(d)[r]));
                return __fadd_rn(product,
                                 half_to_float(reinterpret_cast<const std::uint16_t*>(m)[r]));
            } else {
                const float d = half_to_float(reinterpret_cast<const std::uint16_t*>(s)[r]);
                return __fmul_rn(static_cast<float>(q - kOffset<kType>), d);
            }
        }
    }
}

}  // namespace lares::kernels
