// The fused Mamba-2 step against the recurrence in f64, token after token: convolution, state and
// output; the 4B's, the 9B's and odd shapes.

#include "kernels/mamba2_decode.h"
#include "tests/kernels/run_kernel.h"

#include <QTest>

#include <cmath>

using namespace lares;
using namespace lares::kernels;
using namespace lares::test;
using simt::GlobalBuffer;

namespace {

struct Shape {
    int n_head, head_dim, d_state, n_group;
    [[nodiscard]] std::size_t d_inner() const {
        return static_cast<std::size_t>(n_head * head_dim);
    }
    [[nodiscard]] std::size_t n_channel() const {
        return d_inner() + 2 * static_cast<std::size_t>(n_group * d_state);
    }
    [[nodiscard]] std::size_t group() const {
        return d_inner() / static_cast<std::size_t>(n_group);
    }
};

double sigmoid_times(double a) {
    return a / (1.0 + std::exp(-a));
}

/// A layer with random weights on the device, and the same recurrence in f64.
struct Layer {
    Layer(const Shape& s, Generator& generator)
        : shape(s)
        , u("u", s.d_inner() + s.n_channel() + static_cast<std::size_t>(s.n_head))
        , conv_weight("conv_weight", random_floats(generator, 4 * s.n_channel(), 0.4F))
        , conv_bias("conv_bias", random_floats(generator, s.n_channel(), 0.1F))
        , conv_state("conv_state", std::vector<float>(4 * s.n_channel(), 0.0F))
        , dt_bias("dt_bias", random_floats(generator, static_cast<std::size_t>(s.n_head), 1.0F))
        , A("A", random_floats(generator, static_cast<std::size_t>(s.n_head), 1.0F))
        , D("D", random_floats(generator, static_cast<std::size_t>(s.n_head), 1.0F))
        , gain("gain", random_floats(generator, s.d_inner(), 1.0F))
        , state("state",
                std::vector<float>(s.d_inner() * static_cast<std::size_t>(s.d_state), 0.0F))
        , y("y", s.d_inner())
        , squares("squares", static_cast<std::size_t>(s.n_group) * ((s.group() + 31) / 32))
        , q("q", s.d_inner())
        , meta("meta", s.d_inner() / 32 + 1)
        , position("position", std::vector<std::int32_t>{0})
        , history(4, std::vector<double>(s.n_channel(), 0.0))
        , wanted_state(state.size(), 0.0) {
        for (float& a : A.span()) a = -std::exp(a);
    }

    [[nodiscard]] Mamba2DecodeParams params(bool quantized) const {
        Mamba2DecodeParams p{.u = u.data(),
                             .conv_weight = conv_weight.data(),
                             .conv_bias = conv_bias.data(),
                             .conv_state = conv_state.data(),
                             .dt_bias = dt_bias.data(),
                             .A = A.data(),
                             .D = D.data(),
                             .gain = gain.data(),
                             .state = state.data(),
                             .y = y.data(),
                             .squares = squares.data(),
                             .q_out = {},
                             .position = position.data(),
                             .n_head = shape.n_head,
                             .head_dim = shape.head_dim,
                             .d_state = shape.d_state,
                             .n_group = shape.n_group};
        if (quantized) p.q_out = {q.data(), meta.data()};
        return p;
    }

    /// What is still to be divided by the roots of, by groups: of the last step.
    [[nodiscard]] std::vector<double> group_squares() const {
        std::vector<double> sums(static_cast<std::size_t>(shape.n_group), 0.0);
        for (std::size_t i = 0; i < before_gain.size(); ++i)
            sums[i / shape.group()] += before_gain[i] * before_gain[i];
        return sums;
    }

    /// y of the u that is set, after everything so far.
    std::vector<double> step() {
        const std::size_t d = shape.d_inner();
        history.erase(history.begin());
        history.emplace_back(u.data() + d, u.data() + d + shape.n_channel());
        std::vector<double> c(shape.n_channel());
        for (std::size_t i = 0; i < c.size(); ++i) {
            double sum = conv_bias[i];
            for (std::size_t k = 0; k < 4; ++k)
                sum += static_cast<double>(conv_weight[4 * i + k]) * history[k][i];
            c[i] = sigmoid_times(sum);
        }
        std::vector<double> out(d);
        const auto n = static_cast<std::size_t>(shape.d_state);
        const auto head_dim = static_cast<std::size_t>(shape.head_dim);
        const auto n_group = static_cast<std::size_t>(shape.n_group);
        for (std::size_t i = 0; i < d; ++i) {
            const std::size_t head = i / head_dim;
            const std::size_t g = i / shape.group();
            const double dt = std::log1p(
                std::exp(static_cast<double>(u[d + shape.n_channel() + head]) + dt_bias[head]));
            double sum = D[head] * c[i];
            for (std::size_t j = 0; j < n; ++j) {
                double& h = wanted_state[i * n + j];
                h = std::exp(dt * A[head]) * h + dt * c[i] * c[d + g * n + j];
                sum += h * c[d + (n_group + g) * n + j];
            }
            out[i] = sum * sigmoid_times(u[i]);
        }
        before_gain = out;
        for (std::size_t i = 0; i < d; ++i) out[i] *= gain[i];
        return out;
    }

    Shape shape;
    GlobalBuffer<float> u, conv_weight, conv_bias, conv_state, dt_bias, A, D, gain, state, y,
        squares;
    GlobalBuffer<std::int8_t> q;
    GlobalBuffer<Q8Meta> meta;
    GlobalBuffer<std::int32_t> position;
    std::vector<std::vector<double>> history;
    std::vector<double> wanted_state;
    std::vector<double> before_gain;
};

}  // namespace

class Mamba2DecodeTest : public QObject {
    Q_OBJECT

private slots:
    void isTheRecurrence_data();
    void isTheRecurrence();
    void leavesItsResultAlone();
    void quantizesItsResult();
    void keepsStateWhereDtIsZero();
    void refusesWhatItCannotDo();
};

void Mamba2DecodeTest::isTheRecurrence_data() {
    QTest::addColumn<int>("n_head");
    QTest::addColumn<int>("head_dim");
    QTest::addColumn<int>("d_state");
    QTest::addColumn<int>("n_group");
    QTest::addColumn<int>("n_token");
    QTest::newRow("4B") << 96 << 80 << 128 << 8 << 2;
    QTest::newRow("9B") << 128 << 80 << 128 << 8 << 1;
    QTest::newRow("golden files") << 8 << 80 << 32 << 2 << 9;
    QTest::newRow("one group") << 3 << 80 << 128 << 1 << 6;
    QTest::newRow("odd") << 6 << 21 << 12 << 3 << 9;
    QTest::newRow("smallest") << 1 << 1 << 4 << 1 << 5;
}

void Mamba2DecodeTest::isTheRecurrence() {
    QFETCH(int, n_head);
    QFETCH(int, head_dim);
    QFETCH(int, d_state);
    QFETCH(int, n_group);
    QFETCH(int, n_token);
    Generator generator(20);
    Layer layer({n_head, head_dim, d_state, n_group}, generator);
    double worst = 0;
    for (int t = 0; t < n_token; ++t) {
        const auto u = random_floats(generator, layer.u.size(), 1.0F);
        std::copy(u.begin(), u.end(), layer.u.data());
        layer.position[0] = t;
        const std::string error = run_both_ways(mamba2_decode_launch(layer.params(false)));
        QVERIFY2(error.empty(), error.c_str());
        const auto want = layer.step();
        worst = std::max(worst, relative_distance(layer.y.span(), want));
        worst = std::max(worst, relative_distance(layer.state.span(), layer.wanted_state));
        const auto squares = layer.group_squares();
        const std::size_t n_part = layer.squares.size() / squares.size();
        std::vector<float> sums(squares.size(), 0.0F);
        for (std::size_t i = 0; i < layer.squares.size(); ++i) sums[i / n_part] += layer.squares[i];
        worst = std::max(worst, relative_distance(sums, squares));
    }
    qInfo("%.1e", worst);
    QVERIFY(worst < 2e-6);
}

/// Without a gain and squares, for a norm that is a launch of its own.
void Mamba2DecodeTest::leavesItsResultAlone() {
    Generator generator(23);
    Layer layer({6, 21, 12, 3}, generator);
    const auto u = random_floats(generator, layer.u.size(), 1.0F);
    std::copy(u.begin(), u.end(), layer.u.data());
    Mamba2DecodeParams params = layer.params(false);
    params.gain = nullptr;
    params.squares = nullptr;
    const std::string error = run_both_ways(mamba2_decode_launch(params));
    QVERIFY2(error.empty(), error.c_str());
    layer.step();
    QVERIFY(relative_distance(layer.y.span(), layer.before_gain) < 1e-6);
}

void Mamba2DecodeTest::quantizesItsResult() {
    Generator generator(21);
    Layer layer({8, 80, 32, 2}, generator);
    const auto u = random_floats(generator, layer.u.size(), 1.0F);
    std::copy(u.begin(), u.end(), layer.u.data());
    const std::string error = run_both_ways(mamba2_decode_launch(layer.params(true)));
    QVERIFY2(error.empty(), error.c_str());
    const auto want = layer.step();
    for (std::size_t i = 0; i < want.size(); ++i) {
        const double step = layer.meta[i / 32].scale;
        QVERIFY(std::abs(step * layer.q[i] - want[i]) <= 0.501 * step);
    }
}

/// softplus far below zero is zero: the state neither decays nor grows.
void Mamba2DecodeTest::keepsStateWhereDtIsZero() {
    Generator generator(22);
    Layer layer({2, 16, 16, 1}, generator);
    layer.u.fill(0.5F);
    for (std::size_t i = 0; i < 2; ++i) layer.u[layer.u.size() - 1 - i] = -1000.0F;
    const auto before = random_floats(generator, layer.state.size(), 1.0F);
    std::copy(before.begin(), before.end(), layer.state.data());
    const std::string error = run_both_ways(mamba2_decode_launch(layer.params(false)));
    QVERIFY2(error.empty(), error.c_str());
    for (std::size_t i = 0; i < before.size(); ++i) QCOMPARE(layer.state[i], before[i]);
}

void Mamba2DecodeTest::refusesWhatItCannotDo() {
    Mamba2DecodeParams params;
    params.n_head = 4;
    params.head_dim = 80;
    params.d_state = 128;
    params.n_group = 2;
    QVERIFY(mamba2_decode_launch(params).kernel);
    const auto refused = [&](auto change) {
        Mamba2DecodeParams changed = params;
        change(changed);
        return mamba2_decode_launch(changed).kernel == nullptr;
    };
    QVERIFY(refused([](auto& p) { p.d_state = 132; }));
    QVERIFY(refused([](auto& p) { p.d_state = 30; }));
    QVERIFY(refused([](auto& p) { p.n_group = 3; }));
    std::int8_t q = 0;
    QVERIFY(refused([&](auto& p) {
        p.q_out.q = &q;
        p.head_dim = 20;  // groups of 40
    }));
}

QTEST_APPLESS_MAIN(Mamba2DecodeTest)
#include "tst_mamba2_decode.moc"
