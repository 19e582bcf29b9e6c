#include "tests/kernels/random_weights.h"

#include "engine/tensor/dequantize.h"
#include "kernels/numeric.h"

#include <cmath>
#include <cstring>

namespace lares::test {
namespace {

using kernels::WeightType;

DType dtype_of(WeightType type) {
    switch (type) {
        case WeightType::F32:
        case WeightType::FP8:
            return DType::F32;
        case WeightType::F16:
            return DType::F16;
        case WeightType::BF16:
            return DType::BF16;
        case WeightType::Q4_0:
            return DType::Q4_0;
        case WeightType::Q4_1:
            return DType::Q4_1;
        case WeightType::Q5_0:
            return DType::Q5_0;
        case WeightType::Q5_1:
            return DType::Q5_1;
        case WeightType::Q8_0:
            return DType::Q8_0;
        case WeightType::IQ4_NL:
            return DType::IQ4_NL;
        case WeightType::Q4_K:
            return DType::Q4_K;
        case WeightType::Q5_K:
            return DType::Q5_K;
        case WeightType::Q6_K:
            return DType::Q6_K;
        case WeightType::IQ4_XS:
            return DType::IQ4_XS;
        case WeightType::Q2_K:
            return DType::Q2_K;
        case WeightType::Q3_K:
            return DType::Q3_K;
    }
    return DType::F32;
}

/// Where a block has d; m follows it.
std::size_t scale_at(WeightType type) {
    switch (type) {
        case WeightType::Q2_K:
            return 80;
        case WeightType::Q3_K:
            return 108;
        case WeightType::Q6_K:
            return 208;
        default:
            return 0;
    }
}

/// The sizes that d and m must have for values of about 0.05.
struct Size {
    float d;
    float m;
};
Size size_of_scale(WeightType type) {
    switch (type) {
        case WeightType::Q4_1:
        case WeightType::Q5_1:
            return {0.006F, 0.08F};
        case WeightType::Q8_0:
            return {0.0006F, 0};
        case WeightType::IQ4_NL:
            return {0.0008F, 0};
        case WeightType::IQ4_XS:
            return {0.00005F, 0};
        case WeightType::Q4_K:
        case WeightType::Q5_K:
            return {0.0002F, 0.001F};
        case WeightType::Q6_K:
            return {0.00005F, 0};
        case WeightType::Q2_K:
            return {0.004F, 0.006F};
        case WeightType::Q3_K:
            return {0.001F, 0};
        default:
            return {0.008F, 0};
    }
}

void put_half(std::byte* to, float v) {
    const std::uint16_t bits = kernels::float_to_half(v);
    std::memcpy(to, &bits, sizeof bits);
}

void write_plain(Generator& generator, RandomWeights& w) {
    const auto values = random_floats(generator, static_cast<std::size_t>(w.rows * w.cols), 0.05F);
    w.file.resize(kernels::file_row_bytes(w.type, w.cols) * static_cast<std::size_t>(w.rows));
    const auto put = [&](std::size_t i, auto v) {
        std::memcpy(&w.file[i * sizeof v], &v, sizeof v);
    };
    for (std::size_t i = 0; i < values.size(); ++i) {
        switch (w.type) {
            case WeightType::F16:
                put(i, kernels::float_to_half(values[i]));
                break;
            case WeightType::BF16:
                put(i, kernels::float_to_bfloat16(values[i]));
                break;
            case WeightType::FP8:
                put(i, kernels::float_to_fp8(values[i] / w.tensor_scale));
                break;
            default:
                put(i, values[i]);
        }
    }
}

void write_blocks(Generator& generator, RandomWeights& w) {
    const auto block = static_cast<std::size_t>(kernels::traits(w.type).file_block_bytes);
    w.file.resize(kernels::file_row_bytes(w.type, w.cols) * static_cast<std::size_t>(w.rows));
    for (std::byte& b : w.file) b = static_cast<std::byte>(generator() & 255U);
    const Size size = size_of_scale(w.type);
    std::uniform_real_distribution<float> spread(0.5F, 1.5F);
    const std::size_t d_at = scale_at(w.type);
    for (std::size_t at = 0; at < w.file.size(); at += block) {
        put_half(&w.file[at + d_at], size.d * spread(generator));
        if (size.m == 0) continue;
        // The K types take their minimum off.
        const bool is_k = kernels::traits(w.type).file_block == 256;
        put_half(&w.file[at + d_at + 2], (is_k ? size.m : -size.m) * spread(generator));
    }
}

}  // namespace

std::vector<float> RandomWeights::row(std::int64_t i) const {
    const std::size_t bytes = kernels::file_row_bytes(type, cols);
    const std::byte* from = file.data() + static_cast<std::size_t>(i) * bytes;
    std::vector<float> values(static_cast<std::size_t>(cols));
    if (type != WeightType::FP8) {
        dequantize_row(dtype_of(type), from, values.data(), cols);
        return values;
    }
    for (std::size_t c = 0; c < values.size(); ++c) {
        const auto code = static_cast<unsigned>(from[c]);
        const int exponent = static_cast<int>(code >> 3 & 15U);
        const int mantissa = static_cast<int>(code & 7U);
        const double magnitude =
            exponent == 0 ? std::ldexp(mantissa, -9) : std::ldexp(8 + mantissa, exponent - 10);
        values[c] = static_cast<float>((code & 128U) != 0 ? -magnitude : magnitude) * tensor_scale;
    }
    return values;
}

RandomWeights random_weights(Generator& generator,
                             WeightType type,
                             std::int64_t rows,
                             std::int64_t cols) {
    RandomWeights w{type, rows, cols, type == WeightType::FP8 ? 0.001F : 1.0F, {}, {}};
    if (kernels::is_plain(type))
        write_plain(generator, w);
    else
        write_blocks(generator, w);
    // Padding must be written too, so nothing may show through.
    w.planes.resize(kernels::plane_layout(type, rows, cols).total_bytes, std::byte{0xFF});
    kernels::repack_rows(type, rows, cols, 0, w.file, w.planes);
    return w;
}

std::vector<WeightType> all_weight_types() {
    std::vector<WeightType> types;
    for (int i = 0; i < kernels::kWeightTypeCount; ++i) types.push_back(static_cast<WeightType>(i));
    return types;
}

}  // namespace lares::test
