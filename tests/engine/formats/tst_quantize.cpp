#include "engine/sampling/random.h"
#include "engine/tensor/dequantize.h"
#include "engine/tensor/quantize.h"

#include <QTest>

#include <cmath>
#include <limits>
#include <numbers>
#include <vector>

using namespace lares;

Q_DECLARE_METATYPE(lares::DType)

namespace {

constexpr std::int64_t kValues = 256 * 512;

/// Normal numbers of the spread that weights have (Box and Muller 1958).
std::vector<float> normal_numbers() {
    Random random(7);
    std::vector<float> values(kValues);
    for (float& value : values) {
        const double radius = std::sqrt(-2.0 * std::log(1.0 - random.next_unit()));
        value = static_cast<float>(0.02 * radius *
                                   std::cos(2.0 * std::numbers::pi * random.next_unit()));
    }
    return values;
}

std::vector<float> there_and_back(DType dtype, const std::vector<float>& values) {
    const auto n = static_cast<std::int64_t>(values.size());
    std::vector<std::byte> blocks(row_bytes(dtype, n));
    quantize_row(dtype, values.data(), blocks.data(), n);
    std::vector<float> back(values.size());
    dequantize_row(dtype, blocks.data(), back.data(), n);
    return back;
}

/// |back - values| / |values|
double distance(const std::vector<float>& values, const std::vector<float>& back) {
    double off = 0;
    double all = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
        off += std::pow(static_cast<double>(back[i]) - values[i], 2);
        all += std::pow(static_cast<double>(values[i]), 2);
    }
    return std::sqrt(off / all);
}

void addBlockTypes() {
    QTest::addColumn<DType>("dtype");
    for (int i = 0; i < kDTypeCount; ++i) {
        const auto dtype = static_cast<DType>(i);
        if (traits(dtype).block_elements > 1)
            QTest::newRow(std::string(to_string(dtype)).c_str()) << dtype;
    }
}

}  // namespace

class QuantizeTest : public QObject {
    Q_OBJECT

private slots:
    void isNoFurtherOffThanLlamaCpp_data() {
        QTest::addColumn<DType>("dtype");
        QTest::addColumn<double>("llama");
        // ggml_quantize_chunk without an importance matrix on a million normal numbers, b11549.
        QTest::newRow("Q4_0") << DType::Q4_0 << 0.0860;
        QTest::newRow("Q4_1") << DType::Q4_1 << 0.0783;
        QTest::newRow("Q5_0") << DType::Q5_0 << 0.0427;
        QTest::newRow("Q5_1") << DType::Q5_1 << 0.0379;
        QTest::newRow("Q8_0") << DType::Q8_0 << 0.00535;
        QTest::newRow("Q2_K") << DType::Q2_K << 0.2962;
        QTest::newRow("Q3_K") << DType::Q3_K << 0.1508;
        QTest::newRow("Q4_K") << DType::Q4_K << 0.0714;
        QTest::newRow("Q5_K") << DType::Q5_K << 0.0361;
        QTest::newRow("Q6_K") << DType::Q6_K << 0.0178;
        QTest::newRow("IQ4_NL") << DType::IQ4_NL << 0.0762;
        QTest::newRow("IQ4_XS") << DType::IQ4_XS << 0.0768;
    }
    void isNoFurtherOffThanLlamaCpp() {
        QFETCH(DType, dtype);
        QFETCH(double, llama);
        const std::vector<float> values = normal_numbers();
        const double off = distance(values, there_and_back(dtype, values));
        // One hundredth for the draw of the numbers.
        QVERIFY2(off <= 1.01 * llama, qPrintable(QString::number(off)));
        QVERIFY2(off >= 0.8 * llama, qPrintable(QString::number(off)));  // or it measured nothing
    }
    void whatCountsMoreIsKeptNearer_data() { addBlockTypes(); }
    /// The error of the products, which is what importances are for.
    void whatCountsMoreIsKeptNearer() {
        QFETCH(DType, dtype);
        const std::vector<float> values = normal_numbers();
        std::vector<float> used = normal_numbers();
        for (float& u : used) u = std::exp(75 * u);  // some columns a hundred times as strong
        const auto n = static_cast<std::int64_t>(values.size());
        const auto product_error = [&](const float* importance) {
            std::vector<std::byte> blocks(row_bytes(dtype, n));
            quantize_row(dtype, values.data(), blocks.data(), n, importance);
            std::vector<float> back(values.size());
            dequantize_row(dtype, blocks.data(), back.data(), n);
            double error = 0;
            for (std::size_t i = 0; i < values.size(); ++i)
                error += used[i] * std::pow(static_cast<double>(back[i]) - values[i], 2);
            return error;
        };
        const double share = product_error(used.data()) / product_error(nullptr);
        // Q8_0 searches for nothing.
        const double most = dtype == DType::Q8_0 ? 1.0 : 0.9;
        QVERIFY2(share <= most, qPrintable(QString::number(share)));
        const std::vector<float> unknown(values.size(), 0.0F);
        QCOMPARE(product_error(unknown.data()), product_error(nullptr));
    }
    void plainTypesAreRounded() {
        const std::vector<float> values = normal_numbers();
        QVERIFY(there_and_back(DType::F32, values) == values);
        QVERIFY(distance(values, there_and_back(DType::F16, values)) < 0x1p-11);
        QVERIFY(distance(values, there_and_back(DType::BF16, values)) < 0x1p-8);
        // Half way between two bf16: to the even one.
        QCOMPARE(there_and_back(DType::BF16, {1.00390625F, 1.01171875F}),
                 (std::vector<float>{1.0F, 1.015625F}));
    }
    void whatATypeCanSayExactlyStays_data() { addBlockTypes(); }
    void whatATypeCanSayExactlyStays() {
        QFETCH(DType, dtype);
        const std::vector<float> zeros(256, 0.0F);
        QCOMPARE(there_and_back(dtype, zeros), zeros);
        // Two values a block, one of them at the edge.
        std::vector<float> values(256, 0.0F);
        for (std::size_t i = 0; i < 256; i += 16) values[i] = -0.5F;
        // Scales are rounded to f16; the IQ4 types have no zero.
        const bool has_zero = dtype != DType::IQ4_NL && dtype != DType::IQ4_XS;
        QVERIFY(distance(values, there_and_back(dtype, values)) < (has_zero ? 5e-3 : 0.05));
    }
    void odd_data() { addBlockTypes(); }
    /// Nothing that is finite becomes something that is not.
    void odd() {
        QFETCH(DType, dtype);
        const float most = std::numeric_limits<float>::max();
        const float least = std::numeric_limits<float>::denorm_min();
        const std::vector<std::vector<float>> blocks = {
            std::vector<float>(256, most),   std::vector<float>(256, -most),
            std::vector<float>(256, least),  std::vector<float>(256, 1e-8F),
            std::vector<float>(256, 0.25F),  std::vector<float>(256, -0.25F),
            std::vector<float>(256, 60000.F)};
        for (const auto& block : blocks)
            for (const float value : there_and_back(dtype, block)) QVERIFY(std::isfinite(value));
        QVERIFY(distance(blocks[4], there_and_back(dtype, blocks[4])) < 0.01);
        QVERIFY(distance(blocks[5], there_and_back(dtype, blocks[5])) < 0.01);
        // One value that is far from all others keeps its own.
        std::vector<float> outlier = normal_numbers();
        outlier.resize(256);
        outlier[100] = -3.0F;
        QVERIFY(std::fabs(there_and_back(dtype, outlier)[100] + 3.0F) < 0.1F);
    }
};

QTEST_APPLESS_MAIN(QuantizeTest)
#include "tst_quantize.moc"
