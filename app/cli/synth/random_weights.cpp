#include "app/cli/synth/random_weights.h"

#include "engine/tensor/dequantize.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <numbers>

namespace lares::cli {
namespace {

constexpr std::size_t kNumbers = 4096;  // 12 random bits choose one
constexpr std::size_t kScales = 64;

/// Where a block has its f16 scale, where its f16 minimum, and how many times the scale that
/// minimum must be so that random quants have no mean.
struct BlockFields {
    std::size_t scaleAt;
    std::size_t minimumAt;  // 0: the type has none
    double minimumRatio;
};
BlockFields fieldsOf(DType dtype) {
    switch (dtype) {
        case DType::Q4_1:
            return {0, 2, -7.5};
        case DType::Q5_1:
            return {0, 2, -15.5};
        case DType::Q4_K:
            return {0, 2, 7.5};
        case DType::Q5_K:
            return {0, 2, 15.5};
        case DType::Q2_K:
            return {80, 82, 1.5};
        case DType::Q3_K:
            return {108, 0, 0.0};
        case DType::Q6_K:
            return {208, 0, 0.0};
        default:
            return {0, 0, 0.0};
    }
}

/// The value below which the share `p` of a standard normal distribution lies, by Newton's method.
double normalQuantile(double p) {
    double x = 0.0;
    for (int i = 0; i < 60; ++i) {
        const double density = std::exp(-x * x / 2.0) / std::sqrt(2.0 * std::numbers::pi);
        const double step = (0.5 * std::erfc(-x / std::numbers::sqrt2) - p) / density;
        x -= std::clamp(step, -0.5, 0.5);
    }
    return x;
}

/// Equally likely normal numbers of deviation 1, in ascending order.
const std::array<double, kNumbers>& normalNumbers() {
    static const auto kTable = [] {
        std::array<double, kNumbers> table{};
        for (std::size_t i = 0; i < kNumbers; ++i)
            table[i] = normalQuantile((static_cast<double>(i) + 0.5) / kNumbers);
        return table;
    }();
    return kTable;
}

std::uint16_t toBfloat16(float value) {
    const auto bits = std::bit_cast<std::uint32_t>(value);
    return static_cast<std::uint16_t>((bits + 0x7FFFU + ((bits >> 16) & 1U)) >> 16);
}

/// The nearest E4M3 code of a finite value.
std::uint8_t toE4m3(double value) {
    int best = 0;
    for (int code = 1; code < 0x7F; ++code) {
        const auto distance = [&](int c) {
            return std::abs(e4m3_to_float(static_cast<std::uint8_t>(c)) - std::abs(value));
        };
        if (distance(code) < distance(best)) best = code;
    }
    return static_cast<std::uint8_t>(best | (value < 0 ? 0x80 : 0));
}

template <class T>
void append(std::vector<std::byte>& out, T value) {
    const auto bytes = std::bit_cast<std::array<std::byte, sizeof(T)>>(value);
    out.insert(out.end(), bytes.begin(), bytes.end());
}

void append(std::vector<std::byte>& out, double value, DType dtype) {
    if (dtype == DType::F32) append(out, static_cast<float>(value));
    if (dtype == DType::F16) append(out, float_to_half(static_cast<float>(value)));
    if (dtype == DType::BF16) append(out, toBfloat16(static_cast<float>(value)));
    if (dtype == DType::F8_E4M3) append(out, toE4m3(value));
}

void fillRandomly(Random& random, std::span<std::byte> out) {
    std::size_t i = 0;
    for (; i + 8 <= out.size(); i += 8) {
        const std::uint64_t word = random.next();
        std::memcpy(out.data() + i, &word, 8);
    }
    const std::uint64_t word = random.next();
    std::memcpy(out.data() + i, &word, out.size() - i);
}

std::uint64_t mixed(std::uint64_t seed, std::uint64_t index) {
    return Random(seed ^ (index * 0x9E3779B97F4A7C15)).next();
}

/// Four numbers for each random word.
template <std::size_t Size>
void drawNumbers(Random& random, const std::byte* table, std::span<std::byte> out) {
    for (std::size_t i = 0; i < out.size();) {
        std::uint64_t word = random.next();
        for (int k = 0; k < 4 && i < out.size(); ++k, i += Size, word >>= 16)
            std::memcpy(out.data() + i, table + (word % kNumbers) * Size, Size);
    }
}

}  // namespace

RandomMatrix::RandomMatrix(DType dtype, double deviation, std::uint64_t seed)
    : m_dtype(dtype), m_seed(seed) {
    if (traits(dtype).block_elements == 1) {
        makeNumbers(deviation);
    } else {
        makeScales(deviation);
    }
}

void RandomMatrix::makeNumbers(double deviation) {
    const double scale = m_dtype == DType::F8_E4M3 ? 1.0 / fp8Scale(1.0) : deviation;
    for (const double number : normalNumbers()) append(m_numbers, number * scale, m_dtype);
}

void RandomMatrix::makeScales(double deviation) {
    const BlockFields fields = fieldsOf(m_dtype);
    const auto setScales = [&](double scale) {
        m_scales.clear();
        m_minimums.clear();
        for (std::size_t i = 0; i < kScales; ++i) {
            // Blocks differ by a factor of two. Types without a minimum have a mean that is not
            // quite zero, and so half of their blocks are turned round.
            double d = scale * (0.67 + 0.67 * static_cast<double>(i / 2) / (kScales / 2));
            if (fields.minimumAt == 0 && i % 2 == 1) d = -d;
            m_scales.push_back(float_to_half(static_cast<float>(d)));
            m_minimums.push_back(float_to_half(static_cast<float>(d * fields.minimumRatio)));
        }
    };
    // How far values spread at a scale of 1 is measured: it is the types' own affair.
    setScales(1.0);
    const DTypeTraits& type = traits(m_dtype);
    constexpr std::size_t kBlocks = 1024;
    std::vector<std::byte> blocks(kBlocks * static_cast<std::size_t>(type.block_bytes));
    Random random(m_seed);
    fillBlocks(random, blocks);
    std::vector<float> values(kBlocks * static_cast<std::size_t>(type.block_elements));
    dequantize_row(m_dtype, blocks.data(), values.data(), static_cast<std::int64_t>(values.size()));
    double squares = 0.0;
    for (const float value : values) squares += static_cast<double>(value) * value;
    setScales(deviation / std::sqrt(squares / static_cast<double>(values.size())));
}

std::size_t RandomMatrix::chunkBytes() const {
    const auto block = static_cast<std::size_t>(traits(m_dtype).block_bytes);
    return kChunkBytes / block * block;
}

void RandomMatrix::fill(std::uint64_t index, std::span<std::byte> out) const {
    Random random(mixed(m_seed, index));
    if (m_numbers.empty()) {
        fillBlocks(random, out);
    } else {
        fillNumbers(random, out);
    }
}

void RandomMatrix::fillNumbers(Random& random, std::span<std::byte> out) const {
    switch (traits(m_dtype).block_bytes) {
        case 1:
            return drawNumbers<1>(random, m_numbers.data(), out);
        case 2:
            return drawNumbers<2>(random, m_numbers.data(), out);
        default:
            return drawNumbers<4>(random, m_numbers.data(), out);
    }
}

void RandomMatrix::fillBlocks(Random& random, std::span<std::byte> out) const {
    fillRandomly(random, out);
    const auto size = static_cast<std::size_t>(traits(m_dtype).block_bytes);
    const BlockFields fields = fieldsOf(m_dtype);
    for (std::size_t at = 0; at < out.size(); at += size) {
        std::byte* block = out.data() + at;
        if (m_dtype == DType::Q8_0) {  // a quantizer writes -127 to 127
            for (std::size_t i = 2; i < size; ++i)
                block[i] = block[i] == std::byte{0x80} ? std::byte{0x81} : block[i];
        }
        const std::size_t choice = random.next() % kScales;
        std::memcpy(block + fields.scaleAt, &m_scales[choice], 2);
        if (fields.minimumAt != 0) std::memcpy(block + fields.minimumAt, &m_minimums[choice], 2);
    }
}

float fp8Scale(double deviation) {
    return static_cast<float>(deviation * normalNumbers().back() / 448.0);
}

std::vector<float> smallTensor(WeightKind kind,
                               std::size_t size,
                               bool negatedA,
                               std::uint64_t seed) {
    Random random(seed);
    const auto normal = [&] { return normalNumbers()[random.next() % kNumbers]; };
    const auto logUniform = [&](double from, double to) {
        return from * std::pow(to / from, random.next_unit());
    };
    const auto draw = [&]() -> double {
        switch (kind) {
            case WeightKind::ConvWeight:
                return 0.5 * normal();
            case WeightKind::ConvBias:
                return 0.1 * normal();
            case WeightKind::DtBias:
                return std::log(std::expm1(logUniform(0.001, 0.2)));
            case WeightKind::A: {
                const double a = logUniform(0.3, 12.0);
                return negatedA ? -a : std::log(a);
            }
            case WeightKind::Norm:
            case WeightKind::D:
            case WeightKind::Matrix:
                break;
        }
        return 1.0 + 0.1 * normal();
    };
    std::vector<float> values(size);
    for (float& value : values) value = static_cast<float>(draw());
    return values;
}

std::vector<std::byte> encoded(std::span<const float> values, DType dtype) {
    std::vector<std::byte> bytes;
    for (const float value : values) append(bytes, static_cast<double>(value), dtype);
    return bytes;
}

}  // namespace lares::cli
