// Mamba-2 over many tokens against the same tokens one by one: convolution and chunked SSD leave
// what the decode kernel leaves, and the recurrence in f64 is what both are measured against.

#include "kernels/conv1d_prefill.h"
#include "kernels/ssd_prefill.h"
#include "tests/kernels/run_kernel.h"

#include <QTest>

#include <cmath>

using namespace lares;
using namespace lares::kernels;
using namespace lares::test;
using simt::GlobalBuffer;

namespace {

double silu_of(double a) {
    return a / (1.0 + std::exp(-a));
}

std::size_t size(int n) {
    return static_cast<std::size_t>(n);
}

}  // namespace

class Mamba2PrefillTest : public QObject {
    Q_OBJECT

private slots:
    void convolvesAsTheReference_data();
    void convolvesAsTheReference();
    void scansAsTheRecurrence_data();
    void scansAsTheRecurrence();
    void scansTokensOfEverySize();
    void refusesWhatItCannotDo();
};

void Mamba2PrefillTest::convolvesAsTheReference_data() {
    QTest::addColumn<int>("n");
    QTest::addColumn<int>("position");
    for (const int n : {1, 2, 3, 4, 5, 33})
        for (const int position : {0, 1, 6, 1003})
            QTest::addRow("%d at %d", n, position) << n << position;
}

void Mamba2PrefillTest::convolvesAsTheReference() {
    QFETCH(int, n);
    QFETCH(int, position);
    constexpr int kInner = 300;
    constexpr int kChannel = 310;
    constexpr int kHead = 7;
    constexpr std::size_t kRow = kInner + kChannel + kHead;
    Generator generator(50);
    const GlobalBuffer<float> u("u", random_floats(generator, size(n) * kRow, 1.0F));
    const GlobalBuffer<float> weight("weight", random_floats(generator, 4 * kChannel, 0.5F));
    const GlobalBuffer<float> bias("bias", random_floats(generator, kChannel, 0.5F));
    const GlobalBuffer<float> dt_bias("dt_bias", random_floats(generator, kHead, 10.0F));
    const std::vector<float> ring = random_floats(generator, 4 * kChannel, 1.0F);
    const GlobalBuffer<float> state("state", ring);
    const GlobalBuffer<float> xBC("xBC", size(n) * kChannel);
    const GlobalBuffer<float> dt("dt", size(n) * kHead);
    const GlobalBuffer<std::int32_t> at("position", std::vector<std::int32_t>{position});
    const Conv1dPrefillParams params{
        u.data(),  weight.data(), bias.data(), dt_bias.data(), state.data(), xBC.data(),
        dt.data(), at.data(),     n,           kInner,         kChannel,     kHead};
    for (const Launch& launch : {conv1d_prefill_launch(params), conv1d_store_launch(params)}) {
        const std::string error = run_both_ways(launch);
        QVERIFY2(error.empty(), error.c_str());
    }

    /// xBC of token i; those before the first are in the ring.
    const auto input = [&](int i, std::size_t c) {
        if (i >= 0) return static_cast<double>(u[size(i) * kRow + kInner + c]);
        return static_cast<double>(ring[size((position + i + 4) % 4) * kChannel + c]);
    };
    std::vector<double> want;
    std::vector<double> want_dt;
    for (int i = 0; i < n; ++i) {
        for (std::size_t c = 0; c < kChannel; ++c) {
            double sum = bias[c];
            for (int k = 0; k < 4; ++k)
                sum += static_cast<double>(weight[4 * c + size(k)]) * input(i - 3 + k, c);
            want.push_back(silu_of(sum));
        }
        for (std::size_t h = 0; h < kHead; ++h)
            want_dt.push_back(std::log1p(std::exp(
                static_cast<double>(u[size(i) * kRow + kInner + kChannel + h]) + dt_bias[h])));
    }
    QVERIFY(relative_distance(xBC.span(), want) < 1e-6);
    QVERIFY(relative_distance(dt.span(), want_dt) < 1e-6);
    for (int i = n - 4; i < n; ++i)
        for (std::size_t c = 0; c < kChannel; ++c)
            QCOMPARE(state[size((position + i + 4) % 4) * kChannel + c],
                     static_cast<float>(input(i, c)));
}

void Mamba2PrefillTest::scansAsTheRecurrence_data() {
    QTest::addColumn<int>("n_head");
    QTest::addColumn<int>("head_dim");
    QTest::addColumn<int>("d_state");
    QTest::addColumn<int>("n_group");
    QTest::addColumn<int>("n");
    for (const int n : {1, 31, 32, 33, 65})
        QTest::addRow("head of the 4B, %d", n) << 2 << 80 << 128 << 1 << n;
    QTest::addRow("golden files") << 8 << 80 << 32 << 2 << 40;
    QTest::addRow("odd") << 6 << 21 << 13 << 3 << 37;
    QTest::addRow("a long one") << 1 << 16 << 16 << 1 << 300;
    QTest::addRow("two blocks a head") << 2 << 144 << 20 << 1 << 18;
}

void Mamba2PrefillTest::scansAsTheRecurrence() {
    QFETCH(int, n_head);
    QFETCH(int, head_dim);
    QFETCH(int, d_state);
    QFETCH(int, n_group);
    QFETCH(int, n);
    Generator generator(51);
    const std::size_t inner = size(n_head * head_dim);
    const std::size_t row = inner + 2 * size(n_group * d_state);
    const GlobalBuffer<float> xBC("xBC", random_floats(generator, size(n) * row, 0.7F));
    const GlobalBuffer<float> dt("dt", random_floats(generator, size(n * n_head), 1.0F));
    const std::size_t z_stride = inner + 5;
    const GlobalBuffer<float> z("z", random_floats(generator, size(n) * z_stride, 1.0F));
    const GlobalBuffer<float> A("A", random_floats(generator, size(n_head), 1.0F));
    const GlobalBuffer<float> D("D", random_floats(generator, size(n_head), 1.0F));
    for (float& v : dt.span()) v = std::log1p(std::exp(v));
    for (float& v : A.span()) v = -std::exp(v);
    const std::vector<float> before = random_floats(generator, inner * size(d_state), 1.0F);
    const GlobalBuffer<float> state("state", before);
    const GlobalBuffer<float> y("y", size(n) * inner);
    const SsdPrefillParams params{xBC.data(), dt.data(), z.data(),
                                  A.data(),   D.data(),  state.data(),
                                  y.data(),   n,         static_cast<std::int32_t>(z_stride),
                                  n_head,     head_dim,  d_state,
                                  n_group};
    const std::string error = run_both_ways(ssd_prefill_launch(params));
    QVERIFY2(error.empty(), error.c_str());

    std::vector<double> h(before.begin(), before.end());
    std::vector<double> want;
    for (std::size_t t = 0; t < size(n); ++t) {
        const float* in = xBC.data() + t * row;
        for (std::size_t i = 0; i < inner; ++i) {
            const std::size_t head = i / size(head_dim);
            const std::size_t g = head / size(n_head / n_group);
            const double step = dt[t * size(n_head) + head];
            double sum = static_cast<double>(D[head]) * in[i];
            for (std::size_t s = 0; s < size(d_state); ++s) {
                double& v = h[i * size(d_state) + s];
                v = std::exp(step * A[head]) * v + step * in[i] * in[inner + g * size(d_state) + s];
                sum += v * in[inner + (size(n_group) + g) * size(d_state) + s];
            }
            want.push_back(sum * silu_of(z[t * z_stride + i]));
        }
    }
    const double distance = relative_distance(y.span(), want);
    const double state_distance = relative_distance(state.span(), h);
    qInfo("y %.1e, state %.1e", distance, state_distance);
    QVERIFY(distance < 3e-6);
    QVERIFY(state_distance < 3e-6);
}

/// Each token as good as if it were alone, though f16 holds neither the large nor the small ones:
/// every product has its own powers of two.
void Mamba2PrefillTest::scansTokensOfEverySize() {
    constexpr std::size_t kN = 70;
    constexpr std::size_t kDim = 16;
    constexpr std::size_t kState = 32;
    constexpr std::size_t kRow = kDim + 2 * kState;
    Generator generator(52);
    const GlobalBuffer<float> xBC("xBC", random_floats(generator, kN * kRow, 1.0F));
    // x, B and C each go up and down on their own.
    for (std::size_t i = 0; i < xBC.size(); ++i) {
        const std::size_t token = i / kRow;
        const std::size_t part = i % kRow < kDim ? 3 : i % kRow < kDim + kState ? 5 : 7;
        xBC[i] *= std::pow(10.0F, static_cast<float>(token % part) * 1.5F - 3.0F);
    }
    const GlobalBuffer<float> dt("dt", std::vector<float>(kN, 1.0F));
    const GlobalBuffer<float> z("z", std::vector<float>(kN * kDim, 1.0F));
    const GlobalBuffer<float> A("A", std::vector<float>{-2.0F});
    const GlobalBuffer<float> D("D", std::vector<float>{0.0F});
    const GlobalBuffer<float> state("state", std::vector<float>(kDim * kState, 0.0F));
    const GlobalBuffer<float> y("y", kN * kDim);
    const SsdPrefillParams params{xBC.data(),   dt.data(), z.data(), A.data(), D.data(),
                                  state.data(), y.data(),  kN,       kDim,     1,
                                  kDim,         kState,    1};
    const std::string error = run_both_ways(ssd_prefill_launch(params));
    QVERIFY2(error.empty(), error.c_str());

    std::vector<double> h(kDim * kState);
    double furthest = 0;
    for (std::size_t t = 0; t < kN; ++t) {
        const float* in = xBC.data() + t * kRow;
        std::vector<double> want;
        for (std::size_t i = 0; i < kDim; ++i) {
            double sum = 0;
            for (std::size_t s = 0; s < kState; ++s) {
                double& v = h[i * kState + s];
                v = std::exp(-2.0) * v + static_cast<double>(in[i]) * in[kDim + s];
                sum += v * in[kDim + kState + s];
            }
            want.push_back(sum * silu_of(1.0));
        }
        const double distance = relative_distance(y.span().subspan(t * kDim, kDim), want);
        furthest = std::max(furthest, distance);
    }
    qInfo("%.1e", furthest);
    QVERIFY(furthest < 5e-6);
}

void Mamba2PrefillTest::refusesWhatItCannotDo() {
    SsdPrefillParams params;
    params.n = 1;
    params.n_head = 4;
    params.head_dim = 80;
    params.d_state = 128;
    params.n_group = 2;
    QVERIFY(ssd_prefill_launch(params).kernel);
    params.d_state = 129;
    QVERIFY(!ssd_prefill_launch(params).kernel);
    params.d_state = 128;
    params.n_group = 3;
    QVERIFY(!ssd_prefill_launch(params).kernel);
    QVERIFY(!conv1d_prefill_launch({}).kernel);
    QVERIFY(!conv1d_store_launch({}).kernel);
}

QTEST_APPLESS_MAIN(Mamba2PrefillTest)
#include "tst_mamba2_prefill.moc"
