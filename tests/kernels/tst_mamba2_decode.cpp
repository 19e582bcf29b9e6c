// The fused Mamba-2 step against the recurrence in f64, token after token: convolution, state and
// output; the 4B's, the 9B's and odd shapes.

#include "kernels/mamba2_decode.h"
#include "kernels/mamba2_trial.h"
#include "tests/kernels/run_kernel.h"

#include <QTest>

#include <cmath>
#include <cstring>

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
    void aTrialIsToTheBitItsTokensOneByOne_data();
    void aTrialIsToTheBitItsTokensOneByOne();
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

void Mamba2DecodeTest::aTrialIsToTheBitItsTokensOneByOne_data() {
    QTest::addColumn<int>("n_head");
    QTest::addColumn<int>("head_dim");
    QTest::addColumn<int>("d_state");
    QTest::addColumn<int>("n_group");
    QTest::addColumn<int>("position");
    QTest::addColumn<int>("n_token");
    QTest::newRow("4B") << 96 << 80 << 128 << 8 << 2 << 3;
    for (const int n_token : {1, 2, 3, 4})
        for (const int position : {0, 5})
            QTest::addRow("golden files, %d at %d", n_token, position)
                << 8 << 80 << 32 << 2 << position << n_token;
    QTest::newRow("one group") << 3 << 80 << 128 << 1 << 3 << 4;
    QTest::newRow("odd") << 6 << 21 << 12 << 3 << 6 << 4;
    QTest::newRow("smallest") << 1 << 1 << 4 << 1 << 1 << 2;
}

/// Its outputs, in f32 and in 8 bits, and the state after every part of it, while its own state
/// stays what it was.
void Mamba2DecodeTest::aTrialIsToTheBitItsTokensOneByOne() {
    QFETCH(int, n_head);
    QFETCH(int, head_dim);
    QFETCH(int, d_state);
    QFETCH(int, n_group);
    QFETCH(int, position);
    QFETCH(int, n_token);
    Generator generator(24);
    const Shape shape{n_head, head_dim, d_state, n_group};
    Layer layer(shape, generator);
    const bool quantises = shape.group() % 32 == 0;
    const auto n = static_cast<std::size_t>(n_token);
    const std::size_t n_u = layer.u.size();
    const std::size_t d = shape.d_inner();
    const auto copy = [](const auto& buffer) {
        return std::vector(buffer.span().begin(), buffer.span().end());
    };
    const auto is_same = [](const std::vector<float>& want, const float* got) {
        return std::memcmp(want.data(), got, want.size() * sizeof(float)) == 0;
    };
    const auto step = [&](const std::vector<float>& u, int t) {
        std::ranges::copy(u, layer.u.data());
        layer.position[0] = t;
        return run_once(mamba2_decode_launch(layer.params(quantises)));
    };
    for (int t = 0; t < position; ++t) {
        const std::string error = step(random_floats(generator, n_u, 1.0F), t);
        QVERIFY2(error.empty(), error.c_str());
    }
    const auto state = copy(layer.state);
    const auto conv_state = copy(layer.conv_state);

    const GlobalBuffer<float> u("u", random_floats(generator, n * n_u, 1.0F));
    std::vector<std::vector<float>> want_y, want_squares, want_state, want_conv;
    std::vector<std::vector<std::int8_t>> want_q;
    for (std::size_t i = 0; i < n; ++i) {
        const std::vector<float> row(u.data() + i * n_u, u.data() + (i + 1) * n_u);
        const std::string error = step(row, position + static_cast<int>(i));
        QVERIFY2(error.empty(), error.c_str());
        want_y.push_back(copy(layer.y));
        want_squares.push_back(copy(layer.squares));
        want_q.push_back(copy(layer.q));
        want_state.push_back(copy(layer.state));
        want_conv.push_back(copy(layer.conv_state));
    }

    std::ranges::copy(state, layer.state.data());
    std::ranges::copy(conv_state, layer.conv_state.data());
    layer.position[0] = position;
    const auto row_size =
        static_cast<std::size_t>(TrialRow(n_head, head_dim, d_state, n_group).size);
    const GlobalBuffer<float> kept("kept", n * row_size);
    const GlobalBuffer<float> y("y", n * d);
    const GlobalBuffer<float> squares("squares", n * layer.squares.size());
    const GlobalBuffer<std::int8_t> q("q", n * d);
    const GlobalBuffer<Q8Meta> meta("meta", n * d / 32 + 1);
    Mamba2TrialParams trial{layer.params(quantises), kept.data(), n_token};
    trial.step.u = u.data();
    trial.step.y = y.data();
    trial.step.squares = squares.data();
    if (quantises) trial.step.q_out = {q.data(), meta.data()};
    const std::string error = run_both_ways(mamba2_trial_launch(trial));
    QVERIFY2(error.empty(), error.c_str());
    for (std::size_t i = 0; i < n; ++i) {
        QVERIFY(is_same(want_y[i], y.data() + i * d));
        QVERIFY(is_same(want_squares[i], squares.data() + i * layer.squares.size()));
        if (quantises) QVERIFY(std::memcmp(want_q[i].data(), q.data() + i * d, d) == 0);
    }
    QVERIFY(is_same(state, layer.state.data()));
    QVERIFY(is_same(conv_state, layer.conv_state.data()));

    // Two layers with one state between them, of which both are brought on.
    const std::size_t stride = layer.state.size() + layer.conv_state.size();
    for (std::size_t n_kept = 1; n_kept <= n; ++n_kept) {
        std::vector<float> both;
        std::vector<float> inputs;
        for (int i = 0; i < 2; ++i) {
            both.insert(both.end(), state.begin(), state.end());
            both.insert(both.end(), conv_state.begin(), conv_state.end());
            inputs.insert(inputs.end(), kept.span().begin(), kept.span().end());
        }
        const GlobalBuffer<float> states("states", both);
        const GlobalBuffer<float> rows("rows", inputs);
        const std::string failed =
            run_once(mamba2_commit_launch({.state = states.data(),
                                           .conv_state = states.data() + layer.state.size(),
                                           .kept = rows.data(),
                                           .state_stride = static_cast<std::int64_t>(stride),
                                           .kept_stride = static_cast<std::int64_t>(kept.size()),
                                           .position = position,
                                           .n_kept = static_cast<std::int32_t>(n_kept),
                                           .n_layer = 2,
                                           .n_head = n_head,
                                           .head_dim = head_dim,
                                           .d_state = d_state,
                                           .n_group = n_group}));
        QVERIFY2(failed.empty(), failed.c_str());
        for (std::size_t i = 0; i < 2; ++i) {
            const float* at = states.data() + i * stride;
            QVERIFY(is_same(want_state[n_kept - 1], at));
            QVERIFY(is_same(want_conv[n_kept - 1], at + layer.state.size()));
        }
    }
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
