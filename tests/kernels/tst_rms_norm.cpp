// RMSNorm, with and without groups, residual and quantisation, against f64.

#include "kernels/rms_norm.h"
#include "tests/kernels/run_kernel.h"
#include "tests/reference/rms_norm.h"

#include <QTest>

#include <cmath>

using namespace lares;
using namespace lares::kernels;
using namespace lares::test;
using simt::GlobalBuffer;

namespace {

constexpr float kEps = 1e-5F;

reference::Vector widened(std::span<const float> values) {
    return {values.begin(), values.end()};
}

}  // namespace

class RmsNormTest : public QObject {
    Q_OBJECT

private slots:
    void isTheReference_data();
    void isTheReference();
    void addsTheResidualFirst();
    void quantizesInBlocks_data();
    void quantizesInBlocks();
    void quantizesZerosToZeros();
    void refusesWhatItCannotDo();
};

void RmsNormTest::isTheReference_data() {
    QTest::addColumn<int>("n");
    QTest::addColumn<int>("n_group");
    QTest::addColumn<int>("n_row");
    QTest::newRow("4B") << 3136 << 1 << 1;
    QTest::newRow("9B") << 4480 << 1 << 2;
    QTest::newRow("4B, grouped") << 7680 << 8 << 1;
    QTest::newRow("9B, grouped") << 10240 << 8 << 2;
    QTest::newRow("one value") << 1 << 1 << 3;
    QTest::newRow("odd") << 37 << 1 << 2;
    QTest::newRow("odd groups") << 111 << 3 << 2;
}

void RmsNormTest::isTheReference() {
    QFETCH(int, n);
    QFETCH(int, n_group);
    QFETCH(int, n_row);
    Generator generator(12);
    const auto size = static_cast<std::size_t>(n);
    const GlobalBuffer<float> x(
        "x", random_floats(generator, size * static_cast<std::size_t>(n_row), 3.0F));
    const GlobalBuffer<float> gain("gain", random_floats(generator, size, 1.0F));
    const GlobalBuffer<float> y("y", x.size());
    const RmsNormParams params{x.data(), nullptr, gain.data(), y.data(), {}, n, n_group, kEps};
    const std::string error = run_both_ways(rms_norm_launch(params, n_row));
    QVERIFY2(error.empty(), error.c_str());
    for (std::size_t row = 0; row < static_cast<std::size_t>(n_row); ++row) {
        const auto want =
            reference::rms_norm(widened(x.span().subspan(row * size, size)), widened(gain.span()),
                                static_cast<double>(kEps), n_group);
        const double distance = relative_distance(y.span().subspan(row * size, size), want);
        qInfo("%.1e", distance);
        QVERIFY(distance < 1e-6);
    }
}

void RmsNormTest::addsTheResidualFirst() {
    Generator generator(13);
    const std::vector<float> before = random_floats(generator, 200, 1.0F);
    const GlobalBuffer<float> x("x", before);
    const GlobalBuffer<float> add("add", random_floats(generator, 200, 1.0F));
    const GlobalBuffer<float> gain("gain", random_floats(generator, 200, 1.0F));
    const GlobalBuffer<float> y("y", 200);
    const RmsNormParams params{x.data(), add.data(), gain.data(), y.data(), {}, 200, 1, kEps};
    const std::string error = run_both_ways(rms_norm_launch(params, 1));
    QVERIFY2(error.empty(), error.c_str());
    for (std::size_t i = 0; i < 200; ++i) QCOMPARE(x[i], before[i] + add[i]);
    const auto want =
        reference::rms_norm(widened(x.span()), widened(gain.span()), static_cast<double>(kEps));
    QVERIFY(relative_distance(y.span(), want) < 1e-6);
}

void RmsNormTest::quantizesInBlocks_data() {
    QTest::addColumn<int>("n");
    QTest::addColumn<int>("n_group");
    QTest::newRow("4B") << 3136 << 1;
    QTest::newRow("4B, grouped") << 7680 << 8;
    QTest::newRow("64") << 64 << 1;
}

void RmsNormTest::quantizesInBlocks() {
    QFETCH(int, n);
    QFETCH(int, n_group);
    Generator generator(14);
    const auto size = static_cast<std::size_t>(n);
    const GlobalBuffer<float> x("x", random_floats(generator, 2 * size, 3.0F));
    const GlobalBuffer<float> gain("gain", random_floats(generator, size, 1.0F));
    const GlobalBuffer<std::int8_t> q("q", 2 * size);
    const GlobalBuffer<Q8Meta> meta("meta", 2 * size / 32);
    const RmsNormParams params{x.data(), nullptr, gain.data(), nullptr, {q.data(), meta.data()},
                               n,        n_group, kEps};
    const std::string error = run_both_ways(rms_norm_launch(params, 2));
    QVERIFY2(error.empty(), error.c_str());
    for (std::size_t row = 0; row < 2; ++row) {
        const auto want =
            reference::rms_norm(widened(x.span().subspan(row * size, size)), widened(gain.span()),
                                static_cast<double>(kEps), n_group);
        for (std::size_t i = 0; i < size; ++i) {
            const Q8Meta& m = meta[(row * size + i) / 32];
            const double step = m.scale;
            QVERIFY(std::abs(step * q[row * size + i] - want[i]) <= 0.5001 * step);
        }
    }
    for (std::size_t b = 0; b < meta.size(); ++b) {
        int low = 0;
        int largest = 0;
        for (std::size_t i = 0; i < 32; ++i) {
            low += i < 16 ? q[32 * b + i] : 0;
            largest = std::max(largest, std::abs(static_cast<int>(q[32 * b + i])));
        }
        QCOMPARE(static_cast<int>(meta[b].sum_low), low);
        QCOMPARE(largest, 127);
    }
}

void RmsNormTest::quantizesZerosToZeros() {
    const GlobalBuffer<float> x("x", std::vector<float>(32, 0.0F));
    const GlobalBuffer<float> gain("gain", std::vector<float>(32, 1.0F));
    const GlobalBuffer<std::int8_t> q("q", 32);
    const GlobalBuffer<Q8Meta> meta("meta", 1);
    const RmsNormParams params{x.data(), nullptr, gain.data(), nullptr, {q.data(), meta.data()},
                               32,       1,       kEps};
    const std::string error = run_both_ways(rms_norm_launch(params, 1));
    QVERIFY2(error.empty(), error.c_str());
    for (std::size_t i = 0; i < 32; ++i) QCOMPARE(static_cast<int>(q[i]), 0);
    QCOMPARE(meta[0].scale, 0.0F);
}

void RmsNormTest::refusesWhatItCannotDo() {
    RmsNormParams params;
    params.n = 96;
    params.n_group = 5;
    QVERIFY(!rms_norm_launch(params, 1).kernel);
    params.n_group = 2;
    QVERIFY(rms_norm_launch(params, 1).kernel);
    std::int8_t q = 0;
    params.q.q = &q;  // groups of 48 are no blocks of 32
    QVERIFY(!rms_norm_launch(params, 1).kernel);
}

QTEST_APPLESS_MAIN(RmsNormTest)
#include "tst_rms_norm.moc"
