// The chunked matrix form of the state space layer against the recurrence in double precision, and
// against itself cut in any other way (arXiv:2405.21060, theorem 6.1: they are the same function).

#include "engine/backend/cpu/ssd.h"

#include <QTest>

#include <cmath>
#include <random>
#include <vector>

using namespace lares;

namespace {

HParams shape(int n_head, int head_dim, int d_state, int n_group) {
    HParams hp;
    hp.layers = {LayerKind::Mamba2};
    hp.n_ssm_head = n_head;
    hp.ssm_head_dim = head_dim;
    hp.d_state = d_state;
    hp.n_group = n_group;
    hp.d_conv = 4;
    return hp;
}

/// Random inputs of one layer, `n` tokens.
struct Inputs {
    Inputs(const HParams& hp, int n)
        : xBC(static_cast<std::size_t>(n * hp.d_conv_channels()))
        , dt(static_cast<std::size_t>(n * hp.n_ssm_head))
        , A(static_cast<std::size_t>(hp.n_ssm_head))
        , D(A.size())
        , state(static_cast<std::size_t>(hp.ssm_state_size())) {
        std::mt19937 generator(21);
        std::normal_distribution<float> normal;
        std::uniform_real_distribution<float> uniform(0.001F, 0.2F);
        for (float& v : xBC) v = normal(generator);
        for (float& v : dt) v = uniform(generator);
        for (float& v : A) v = -60.0F * uniform(generator);
        for (float& v : D) v = normal(generator);
        for (float& v : state) v = normal(generator);
    }
    std::vector<float> xBC, dt, A, D, state;
};

std::vector<double> recurrence(const HParams& hp, const Inputs& in, int n, std::vector<double>& h) {
    const int N = hp.d_state, P = hp.ssm_head_dim;
    std::vector<double> y(static_cast<std::size_t>(n * hp.d_inner()));
    h.assign(in.state.begin(), in.state.end());
    for (int t = 0; t < n; ++t)
        for (int head = 0; head < hp.n_ssm_head; ++head) {
            const int group = head / (hp.n_ssm_head / hp.n_group);
            const float* row = in.xBC.data() + static_cast<std::int64_t>(t) * hp.d_conv_channels();
            const float* x = row + head * P;
            const float* B = row + hp.d_inner() + group * N;
            const float* C = B + hp.n_group * N;
            const double dt = in.dt[static_cast<std::size_t>(t * hp.n_ssm_head + head)];
            for (int p = 0; p < P; ++p) {
                double sum = 0.0;
                for (int s = 0; s < N; ++s) {
                    double& state = h[static_cast<std::size_t>((head * N + s) * P + p)];
                    state = std::exp(dt * in.A[static_cast<std::size_t>(head)]) * state +
                            dt * B[s] * x[p];
                    sum += state * C[s];
                }
                y[static_cast<std::size_t>(t * hp.d_inner() + head * P + p)] =
                    sum + in.D[static_cast<std::size_t>(head)] * x[p];
            }
        }
    return y;
}

double relative(const std::vector<float>& got, const std::vector<double>& want) {
    double error = 0.0, size = 0.0;
    for (std::size_t i = 0; i < want.size(); ++i) {
        error += (got[i] - want[i]) * (got[i] - want[i]);
        size += want[i] * want[i];
    }
    return std::sqrt(error / size);
}

}  // namespace

class TestSsd : public QObject {
    Q_OBJECT

private slots:
    void chunksEqualTheRecurrence_data();
    void chunksEqualTheRecurrence();
};

void TestSsd::chunksEqualTheRecurrence_data() {
    QTest::addColumn<int>("isa");
    QTest::addColumn<int>("n_head");
    QTest::addColumn<int>("head_dim");
    QTest::addColumn<int>("d_state");
    QTest::addColumn<int>("n_group");
    QTest::addColumn<int>("tokens");
    QTest::addColumn<int>("batch");
    for (cpu::Isa isa : cpu::kIsas) {
        const std::string name(to_string(isa));
        const auto row = [&](const char* what, int heads, int dim, int state, int groups,
                             int tokens, int batch) {
            QTest::addRow("%s: %s", name.c_str(), what)
                << static_cast<int>(isa) << heads << dim << state << groups << tokens << batch;
        };
        row("one token at a time", 8, 80, 32, 2, 70, 1);
        row("one chunk", 8, 80, 32, 2, 64, 64);
        row("one more than a chunk", 8, 80, 32, 2, 65, 65);
        row("chunks with a rest", 8, 80, 32, 2, 150, 150);
        row("batches that split chunks", 8, 80, 32, 2, 150, 49);
        row("the 4B's head", 12, 80, 128, 1, 130, 130);
        row("odd channels, odd state, odd groups", 9, 13, 5, 3, 67, 67);
    }
}

void TestSsd::chunksEqualTheRecurrence() {
    QFETCH(int, isa);
    QFETCH(int, n_head);
    QFETCH(int, head_dim);
    QFETCH(int, d_state);
    QFETCH(int, n_group);
    QFETCH(int, tokens);
    QFETCH(int, batch);
    const cpu::Kernels* kernels = cpu::kernels_or_null(static_cast<cpu::Isa>(isa));
    if (!kernels) QSKIP("this processor does not have it");
    const HParams hp = shape(n_head, head_dim, d_state, n_group);
    const Inputs in(hp, tokens);
    std::vector<double> want_state;
    const auto want = recurrence(hp, in, tokens, want_state);

    ThreadPool pool(3);
    cpu::Ssd ssd(*kernels, pool, hp, batch);
    auto state = in.state;
    std::vector<float> y(want.size());
    for (int first = 0; first < tokens; first += batch) {
        const int n = std::min(batch, tokens - first);
        ssd.run({in.xBC.data() + static_cast<std::int64_t>(first) * hp.d_conv_channels(),
                 hp.d_conv_channels(), in.dt.data() + first * n_head, in.A.data(), in.D.data(), n},
                state.data(), y.data() + static_cast<std::int64_t>(first) * hp.d_inner());
    }
    QVERIFY2(relative(y, want) < 2e-6, qPrintable(QString::number(relative(y, want))));
    QVERIFY2(relative(state, want_state) < 2e-6,
             qPrintable(QString::number(relative(state, want_state))));
}

QTEST_APPLESS_MAIN(TestSsd)
#include "tst_ssd.moc"
