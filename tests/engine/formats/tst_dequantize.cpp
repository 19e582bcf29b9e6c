#include "engine/tensor/dequantize.h"
#include "tests/support/golden_blocks.h"

#include <QTest>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <optional>
#include <string>
#include <vector>

using namespace lares;

namespace {

std::optional<DType> dtype_named(const std::string& name) {
    for (int i = 0; i < kDTypeCount; ++i) {
        const auto dtype = static_cast<DType>(i);
        if (name == to_string(dtype)) return dtype;
    }
    return std::nullopt;
}

std::uint32_t bits(float value) {
    return std::bit_cast<std::uint32_t>(value);
}

/// A block with NaN and infinity as scales and every index at its largest.
std::vector<std::byte> block_of_ones(DType dtype) {
    return std::vector<std::byte>(static_cast<std::size_t>(traits(dtype).block_bytes),
                                  std::byte{0xFF});
}

}  // namespace

class TestDequantize : public QObject {
    Q_OBJECT

private slots:
    void matchesGoldenBlocksBitForBit_data();
    void matchesGoldenBlocksBitForBit();
    void goldenBlocksCoverEveryBlockType();
    void readsRowsAtAnyAlignment();
    void decodesBlocksOfOnesWithoutLeavingTheRow_data();
    void decodesBlocksOfOnesWithoutLeavingTheRow();
    void copiesF32();
    void widensBf16();
    void widensEveryHalfExactly();
    void widensEveryE4m3Exactly();
    void multipliesByTheTensorsScale();
    void noGgufNumberMeansE4m3();
    void roundsFloatToNearestHalf_data();
    void roundsFloatToNearestHalf();
    void halfSurvivesTheRoundTrip();
};

void TestDequantize::matchesGoldenBlocksBitForBit_data() {
    QTest::addColumn<std::size_t>("index");
    const auto& all = test::golden_blocks();
    for (std::size_t i = 0; i < all.size(); ++i) QTest::newRow(all[i].type.c_str()) << i;
}

void TestDequantize::matchesGoldenBlocksBitForBit() {
    QFETCH(std::size_t, index);
    const test::GoldenBlocks& golden = test::golden_blocks()[index];
    const auto dtype = dtype_named(golden.type);
    QVERIFY(dtype);
    QCOMPARE(golden.block_elements, traits(*dtype).block_elements);
    QCOMPARE(golden.block_bytes, traits(*dtype).block_bytes);
    QVERIFY(golden.blocks.size() >= 24 * static_cast<std::size_t>(golden.block_bytes));

    std::vector<float> got(golden.values.size());
    const auto n = static_cast<std::int64_t>(got.size());
    QCOMPARE(row_bytes(*dtype, n), golden.blocks.size());
    dequantize_row(*dtype, golden.blocks.data(), got.data(), n);
    for (std::size_t i = 0; i < got.size(); ++i)
        QVERIFY2(bits(got[i]) == bits(golden.values[i]),
                 qPrintable(QString("value %1: got %2, want %3")
                                .arg(i)
                                .arg(got[i], 0, 'g', 9)
                                .arg(golden.values[i], 0, 'g', 9)));
}

void TestDequantize::goldenBlocksCoverEveryBlockType() {
    for (int i = 0; i < kDTypeCount; ++i) {
        const DTypeTraits& type = traits(static_cast<DType>(i));
        if (type.block_elements == 1) continue;
        const auto is_it = [&](const test::GoldenBlocks& golden) {
            return golden.type == type.name;
        };
        QVERIFY2(std::ranges::any_of(test::golden_blocks(), is_it), type.name.data());
    }
}

void TestDequantize::readsRowsAtAnyAlignment() {
    const std::vector<std::byte>& blocks = test::golden_blocks_of(DType::Q6_K).blocks;
    std::vector<float> aligned(256 * 4);
    dequantize_row(DType::Q6_K, blocks.data(), aligned.data(), 256 * 4);
    std::vector<std::byte> shifted = {std::byte{'x'}};
    shifted.insert(shifted.end(), blocks.begin(), blocks.end());
    std::vector<float> unaligned(256 * 4);
    dequantize_row(DType::Q6_K, shifted.data() + 1, unaligned.data(), 256 * 4);
    QVERIFY(std::memcmp(aligned.data(), unaligned.data(), aligned.size() * sizeof(float)) == 0);
}

void TestDequantize::decodesBlocksOfOnesWithoutLeavingTheRow_data() {
    QTest::addColumn<int>("id");
    for (int i = 0; i < kDTypeCount; ++i)
        QTest::newRow(to_string(static_cast<DType>(i)).data()) << i;
}

void TestDequantize::decodesBlocksOfOnesWithoutLeavingTheRow() {
    QFETCH(int, id);
    const auto dtype = static_cast<DType>(id);
    const auto n = static_cast<std::size_t>(traits(dtype).block_elements);
    const auto block = block_of_ones(dtype);
    static constexpr float kGuard = 12345.0F;
    std::vector<float> out(n + 2, kGuard);
    dequantize_row(dtype, block.data(), out.data() + 1, static_cast<std::int64_t>(n));
    QCOMPARE(out.front(), kGuard);
    QCOMPARE(out.back(), kGuard);
    for (std::size_t i = 1; i <= n; ++i) QVERIFY(std::isnan(out[i]));  // the scale is NaN
}

void TestDequantize::copiesF32() {
    const std::vector<float> row{0.0F, -0.0F, 1.5F, std::numeric_limits<float>::denorm_min()};
    std::vector<float> out(row.size());
    dequantize_row(DType::F32, reinterpret_cast<const std::byte*>(row.data()), out.data(), 4);
    QVERIFY(std::memcmp(row.data(), out.data(), sizeof(float) * row.size()) == 0);
}

void TestDequantize::widensBf16() {
    const std::vector<std::uint16_t> row{0x3F80, 0xC040, 0x0000, 0x8000, 0x0001, 0x7F80};
    std::vector<float> out(row.size());
    dequantize_row(DType::BF16, reinterpret_cast<const std::byte*>(row.data()), out.data(), 6);
    for (std::size_t i = 0; i < row.size(); ++i)
        QCOMPARE(bits(out[i]), static_cast<std::uint32_t>(row[i]) << 16);
    QCOMPARE(out[0], 1.0F);
    QCOMPARE(out[1], -3.0F);
}

void TestDequantize::widensEveryHalfExactly() {
    for (std::uint32_t half = 0; half < 0x10000; ++half) {
        const auto exponent = static_cast<int>((half >> 10) & 31);
        const auto mantissa = static_cast<int>(half & 0x3FF);
        const float got = half_to_float(static_cast<std::uint16_t>(half));
        if (exponent == 31) {
            QCOMPARE(bits(got), ((half & 0x8000U) << 16) | 0x7F800000U | ((half & 0x3FFU) << 13));
            continue;
        }
        // IEEE 754: (1 + m/1024) * 2^(e-15), or m/1024 * 2^-14 where e is 0
        const double magnitude =
            exponent == 0 ? std::ldexp(mantissa, -24) : std::ldexp(1024 + mantissa, exponent - 25);
        const double want = (half & 0x8000U) ? -magnitude : magnitude;
        QCOMPARE(bits(got), bits(static_cast<float>(want)));
    }
}

void TestDequantize::widensEveryE4m3Exactly() {
    for (unsigned code = 0; code < 256; ++code) {
        const float got = e4m3_to_float(static_cast<std::uint8_t>(code));
        QCOMPARE(std::signbit(got), code >= 128);
        const auto exponent = static_cast<int>((code >> 3) & 15U);
        const auto mantissa = static_cast<int>(code & 7U);
        if (exponent == 15 && mantissa == 7) {
            QVERIFY(std::isnan(got));
            continue;
        }
        // OCP FP8: (1 + m/8) * 2^(e-7), or m/8 * 2^-6 where e is 0
        const double want =
            exponent == 0 ? std::ldexp(mantissa, -9) : std::ldexp(8 + mantissa, exponent - 10);
        QCOMPARE(static_cast<double>(std::fabs(got)), want);
    }
    QCOMPARE(e4m3_to_float(0x7E), 448.0F);
}

void TestDequantize::multipliesByTheTensorsScale() {
    const std::array codes{std::byte{0x38}, std::byte{0xB8}, std::byte{0x40}, std::byte{0x01}};
    const TensorView tensor{DType::F8_E4M3, {2, 2}, codes.data(), 0.25F};
    std::array<float, 2> out{};
    dequantize_row(tensor, 0, out.data());
    QCOMPARE(out, (std::array{0.25F, -0.25F}));
    dequantize_row(tensor, 1, out.data());
    QCOMPARE(out, (std::array{0.5F, 0x1p-11F}));
}

void TestDequantize::noGgufNumberMeansE4m3() {
    QVERIFY(!dtype_from_gguf_id(traits(DType::F8_E4M3).gguf_id));
}

void TestDequantize::roundsFloatToNearestHalf_data() {
    QTest::addColumn<float>("value");
    QTest::addColumn<int>("half");
    QTest::newRow("zero") << 0.0F << 0x0000;
    QTest::newRow("negative zero") << -0.0F << 0x8000;
    QTest::newRow("one") << 1.0F << 0x3C00;
    QTest::newRow("tie to even, down") << 1.0F + 0x1p-11F << 0x3C00;
    QTest::newRow("tie to even, up") << 1.0F + 0x3p-11F << 0x3C02;
    QTest::newRow("above a tie") << 1.0F + 0x1.01p-11F << 0x3C01;
    QTest::newRow("largest") << 65504.0F << 0x7BFF;
    QTest::newRow("still the largest") << 65519.0F << 0x7BFF;
    QTest::newRow("rounds to infinity") << 65520.0F << 0x7C00;
    QTest::newRow("infinity") << -std::numeric_limits<float>::infinity() << 0xFC00;
    QTest::newRow("smallest normal") << 0x1p-14F << 0x0400;
    QTest::newRow("subnormal") << 0x3p-24F << 0x0003;
    QTest::newRow("subnormal tie to even") << 0x5p-25F << 0x0002;
    QTest::newRow("subnormal rounds up to normal") << 0x1p-14F - 0x1p-30F << 0x0400;
    QTest::newRow("half of the smallest") << 0x1p-25F << 0x0000;
    QTest::newRow("below the smallest") << -0x1.8p-25F << 0x8001;
    QTest::newRow("float subnormal") << 1e-40F << 0x0000;
}

void TestDequantize::roundsFloatToNearestHalf() {
    QFETCH(float, value);
    QFETCH(int, half);
    QCOMPARE(static_cast<int>(float_to_half(value)), half);
}

void TestDequantize::halfSurvivesTheRoundTrip() {
    for (std::uint32_t half = 0; half < 0x10000; ++half) {
        const float value = half_to_float(static_cast<std::uint16_t>(half));
        const std::uint16_t back = float_to_half(value);
        if (std::isnan(value)) {
            QVERIFY(std::isnan(half_to_float(back)));
        } else {
            QCOMPARE(static_cast<std::uint32_t>(back), half);
        }
    }
}

QTEST_APPLESS_MAIN(TestDequantize)
#include "tst_dequantize.moc"
