// Conversions of narrow floats, all codes of them, against the formats' definitions.

#include "engine/tensor/dequantize.h"
#include "kernels/numeric.h"

#include <QTest>

#include <cmath>

using namespace lares;

namespace {

double fp8_by_definition(unsigned code) {
    const int exponent = static_cast<int>(code >> 3 & 15U);
    const int mantissa = static_cast<int>(code & 7U);
    const double magnitude =
        exponent == 0 ? std::ldexp(mantissa, -9) : std::ldexp(8 + mantissa, exponent - 10);
    return (code & 128U) != 0 ? -magnitude : magnitude;
}

}  // namespace

class NumericTest : public QObject {
    Q_OBJECT

private slots:
    void readsEveryHalfAsTheEngineDoes();
    void roundsToHalfAsTheEngineDoes();
    void readsEveryFp8();
    void givesBackEveryFp8();
    void roundsToTheNearestFp8();
    void roundsToTheNearestBfloat16();
};

void NumericTest::readsEveryHalfAsTheEngineDoes() {
    for (unsigned code = 0; code < 65536; ++code) {
        const auto bits = static_cast<std::uint16_t>(code);
        QCOMPARE(std::bit_cast<std::uint32_t>(kernels::half_to_float(bits)),
                 std::bit_cast<std::uint32_t>(half_to_float(bits)));
    }
}

void NumericTest::roundsToHalfAsTheEngineDoes() {
    for (std::uint32_t bits = 0; bits < 0x7F800000U; bits += 4093) {
        const auto v = std::bit_cast<float>(bits);
        QCOMPARE(kernels::float_to_half(v), float_to_half(v));
        QCOMPARE(kernels::float_to_half(-v), float_to_half(-v));
    }
}

void NumericTest::readsEveryFp8() {
    for (unsigned code = 0; code < 256; ++code) {
        const float v = kernels::fp8_to_float(static_cast<std::uint8_t>(code));
        if ((code & 127U) == 127U)
            QVERIFY(std::isnan(v));
        else
            QCOMPARE(static_cast<double>(v), fp8_by_definition(code));
    }
}

void NumericTest::givesBackEveryFp8() {
    for (unsigned code = 0; code < 256; ++code) {
        const auto bits = static_cast<std::uint8_t>(code);
        QCOMPARE(kernels::float_to_fp8(kernels::fp8_to_float(bits)) & 127, bits & 127);
    }
}

void NumericTest::roundsToTheNearestFp8() {
    for (double v = 1e-5; v < 600; v *= 1.00071) {
        const std::uint8_t got = kernels::float_to_fp8(static_cast<float>(v));
        double nearest = 1e9;
        for (unsigned code = 0; code < 127; ++code)
            nearest = std::min(nearest, std::abs(fp8_by_definition(code) - static_cast<float>(v)));
        QCOMPARE(std::abs(fp8_by_definition(got) - static_cast<float>(v)), nearest);
        QCOMPARE(kernels::float_to_fp8(static_cast<float>(-v)),
                 static_cast<std::uint8_t>(got | 128));
    }
    // Ties go to the even code.
    QCOMPARE(static_cast<int>(kernels::float_to_fp8(1.0625F)), 0x38);
    QCOMPARE(static_cast<int>(kernels::float_to_fp8(1.1875F)), 0x3A);
    QCOMPARE(static_cast<int>(kernels::float_to_fp8(0x1p-10F)), 0x00);
    QCOMPARE(static_cast<int>(kernels::float_to_fp8(0x3p-10F)), 0x02);
}

void NumericTest::roundsToTheNearestBfloat16() {
    QCOMPARE(static_cast<int>(kernels::float_to_bfloat16(1.0F)), 0x3F80);
    QCOMPARE(static_cast<int>(kernels::float_to_bfloat16(1.00390625F)), 0x3F80);  // tie, to even
    QCOMPARE(static_cast<int>(kernels::float_to_bfloat16(1.01171875F)), 0x3F82);  // tie, to even
    QCOMPARE(static_cast<int>(kernels::float_to_bfloat16(1.0040F)), 0x3F81);
    QVERIFY(std::isnan(kernels::bfloat16_to_float(kernels::float_to_bfloat16(std::nanf("")))));
}

QTEST_APPLESS_MAIN(NumericTest)
#include "tst_numeric.moc"
