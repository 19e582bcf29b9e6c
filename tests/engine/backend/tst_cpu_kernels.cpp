// Every loop of engine/backend/cpu, for every instruction set this processor has, against the same
// arithmetic written plainly in double precision; sizes that no vector width divides.

#include "engine/backend/cpu/kernels.h"
#include "engine/tensor/dequantize.h"
#include "tests/engine/backend/kernel_inputs.h"

#include <QTest>

#include <cmath>
#include <cstdlib>
#include <random>
#include <vector>

using namespace lares;
using cpu::Isa;
using cpu::Kernels;
using test::Activations;
using test::random_floats;

namespace {

bool is_close(double got, double want, double tolerance) {
    return std::abs(got - want) <= tolerance * (1.0 + std::abs(want));
}

}  // namespace

class TestCpuKernels : public QObject {
    Q_OBJECT

private slots:
    void quantizesWithinHalfAStep_data() { isas(); }
    void quantizesWithinHalfAStep();
    void floatProductEqualsDouble_data() { isas(); }
    void floatProductEqualsDouble();
    void plainTypesBecomeFloat_data() { isas(); }
    void plainTypesBecomeFloat();
    void gemmEqualsDouble_data() { isas(); }
    void gemmEqualsDouble();
    void elementwiseLoopsEqualDouble_data() { isas(); }
    void elementwiseLoopsEqualDouble();
    void expIsExactToTwoParts_data() { isas(); }
    void expIsExactToTwoParts();
    void aTableSaysWhatItIs_data() { isas(); }
    void aTableSaysWhatItIs();
    void picksTheBestThatThereIs();

private:
    static void isas() {
        QTest::addColumn<int>("isa");
        for (Isa isa : cpu::kIsas)
            QTest::newRow(std::string(to_string(isa)).c_str()) << static_cast<int>(isa);
    }
};

#define FETCH_KERNELS()                                                   \
    QFETCH(int, isa);                                                     \
    const Kernels* kernels = cpu::kernels_or_null(static_cast<Isa>(isa)); \
    if (!kernels) QSKIP("this processor does not have it")

void TestCpuKernels::quantizesWithinHalfAStep() {
    FETCH_KERNELS();
    constexpr std::int64_t kCols = 96;
    auto x = random_floats(3 * kCols, 1);
    std::fill_n(x.begin() + kCols, 32, 0.0F);  // a block of zeros has scale 0, not NaN
    const Activations a(*kernels, x, 3, kCols);
    for (int row = 0; row < 3; ++row)
        for (std::int64_t c = 0; c < kCols; ++c) {
            const double step = a.scale[static_cast<std::size_t>(row * (a.ld / 32) + c / 32)];
            QVERIFY(std::abs(a.value(row, c) - x[static_cast<std::size_t>(row * kCols + c)]) <=
                    0.5001 * step);
        }
    for (int row = 0; row < 3; ++row)
        for (std::int64_t c = kCols; c < a.ld; ++c)
            QCOMPARE(a.q[static_cast<std::size_t>(row * a.ld + c)], std::int8_t{0});
}

void TestCpuKernels::floatProductEqualsDouble() {
    FETCH_KERNELS();
    constexpr int kTokens = 6;
    for (std::int64_t cols : {1, 15, 64, 83}) {
        const auto w = random_floats(static_cast<std::size_t>(cpu::kTileRows * cols), 4);
        const auto x = random_floats(static_cast<std::size_t>(kTokens * cols), 5);
        std::vector<float> y(kTokens * 3);
        kernels->dot_tile_f32(w.data(), cols, 3, x.data(), cols, kTokens, cols, y.data(), 3);
        for (int t = 0; t < kTokens; ++t)
            for (int r = 0; r < 3; ++r) {
                double want = 0.0;
                for (std::int64_t c = 0; c < cols; ++c)
                    want += static_cast<double>(w[static_cast<std::size_t>(r * cols + c)]) *
                            x[static_cast<std::size_t>(t * cols + c)];
                QVERIFY(is_close(y[static_cast<std::size_t>(t * 3 + r)], want, 1e-5));
            }
    }
}

void TestCpuKernels::plainTypesBecomeFloat() {
    FETCH_KERNELS();
    constexpr std::int64_t kCount = 65536;  // every 16-bit pattern
    std::vector<std::uint16_t> bits(kCount);
    for (std::size_t i = 0; i < bits.size(); ++i) bits[i] = static_cast<std::uint16_t>(i);
    for (DType dtype : {DType::F16, DType::BF16}) {
        std::vector<float> got(kCount), want(kCount);
        kernels->to_float(dtype, reinterpret_cast<const std::byte*>(bits.data()), got.data(),
                          kCount);
        dequantize_row(dtype, reinterpret_cast<const std::byte*>(bits.data()), want.data(), kCount);
        for (std::size_t i = 0; i < bits.size(); ++i)
            QVERIFY(got[i] == want[i] || (std::isnan(got[i]) && std::isnan(want[i])));
    }
}

void TestCpuKernels::gemmEqualsDouble() {
    FETCH_KERNELS();
    for (const auto& [m, n, k] : {std::tuple{1, 1, 1}, {5, 80, 33}, {6, 83, 7}, {64, 32, 64}}) {
        const auto a = random_floats(static_cast<std::size_t>(m * k), 6);
        const auto b = random_floats(static_cast<std::size_t>(k * n), 7);
        auto c = random_floats(static_cast<std::size_t>(m * n), 8);
        const auto before = c;
        kernels->gemm(m, n, k, a.data(), k, b.data(), n, c.data(), n, true);
        for (int i = 0; i < m; ++i)
            for (int j = 0; j < n; ++j) {
                double want = before[static_cast<std::size_t>(i * n + j)];
                for (int l = 0; l < k; ++l)
                    want += static_cast<double>(a[static_cast<std::size_t>(i * k + l)]) *
                            b[static_cast<std::size_t>(l * n + j)];
                QVERIFY(is_close(c[static_cast<std::size_t>(i * n + j)], want, 1e-5));
            }
    }
}

void TestCpuKernels::elementwiseLoopsEqualDouble() {
    FETCH_KERNELS();
    constexpr std::int64_t kCount = 83;
    const auto x = random_floats(kCount, 9, 3.0F);
    const auto w = random_floats(kCount, 10);
    const auto silu = [](double v) { return v / (1.0 + std::exp(-v)); };

    std::vector<float> out(kCount);
    kernels->rms_norm(x.data(), w.data(), out.data(), kCount, 1e-5F);
    double squares = 0.0;
    for (float v : x) squares += static_cast<double>(v) * v;
    for (std::size_t i = 0; i < out.size(); ++i)
        QVERIFY(is_close(out[i], w[i] * x[i] / std::sqrt(squares / kCount + 1e-5), 1e-6));

    auto gated = w;
    kernels->gate_silu(gated.data(), x.data(), kCount);
    for (std::size_t i = 0; i < gated.size(); ++i)
        QVERIFY(is_close(gated[i], w[i] * silu(x[i]), 1e-6));

    auto squared = x;
    kernels->relu2(squared.data(), kCount);
    for (std::size_t i = 0; i < squared.size(); ++i)
        QVERIFY(is_close(squared[i], x[i] > 0 ? static_cast<double>(x[i]) * x[i] : 0.0, 1e-6));

    const auto taps = random_floats(4 * kCount, 11);
    const auto inputs = random_floats(4 * kCount, 12);
    const float* rows[4] = {inputs.data(), inputs.data() + kCount, inputs.data() + 2 * kCount,
                            inputs.data() + 3 * kCount};
    kernels->conv_silu(rows, 4, taps.data(), kCount, w.data(), out.data(), kCount);
    for (std::size_t i = 0; i < out.size(); ++i) {
        double sum = w[i];
        for (std::size_t k = 0; k < 4; ++k)
            sum += static_cast<double>(taps[k * kCount + i]) * inputs[k * kCount + i];
        QVERIFY(is_close(out[i], silu(sum), 1e-6));
    }
}

void TestCpuKernels::expIsExactToTwoParts() {
    FETCH_KERNELS();
    std::vector<float> x, e;
    for (float v = -100.0F; v <= 88.0F; v += 0.037F) x.push_back(v);
    e.resize(x.size());
    kernels->exp(x.data(), e.data(), static_cast<std::int64_t>(x.size()));
    for (std::size_t i = 0; i < x.size(); ++i) {
        const double want = x[i] < -87.0F ? 0.0 : std::exp(static_cast<double>(x[i]));
        QVERIFY2(std::abs(e[i] - want) <= 3e-7 * want,
                 qPrintable(QString("exp(%1) = %2").arg(x[i]).arg(e[i])));
    }
}

void TestCpuKernels::aTableSaysWhatItIs() {
    FETCH_KERNELS();
    QCOMPARE(static_cast<int>(kernels->isa), isa);
}

/// Whoever runs this on a known processor says in LARES_EXPECTED_ISA which loops it must get; on an
/// unknown one there is at least nothing better.
void TestCpuKernels::picksTheBestThatThereIs() {
    const std::string picked(to_string(cpu::kernels().isa));
    if (const char* expected = std::getenv("LARES_EXPECTED_ISA"))
        QCOMPARE(picked, std::string(expected));
    if (std::getenv("LARES_CPU_ISA")) return;
    for (Isa isa : cpu::kIsas)
        if (cpu::kernels_or_null(isa)) QVERIFY(isa <= cpu::kernels().isa);
}

QTEST_APPLESS_MAIN(TestCpuKernels)
#include "tst_cpu_kernels.moc"
