// A stop in the middle of a prefill step leaves no trace: what comes after is the same, to the bit,
// as if nobody had asked.

#include "engine/backend/cpu/cpu_backend.h"
#include "engine/model/model.h"
#include "engine/session/hybrid_model.h"
#include "engine/session/session.h"
#include "tests/support/test_data.h"

#include <QTest>

#include <vector>

using namespace lares;

namespace {

using Logits = std::vector<float>;

/// Passes everything on, and asks for a stop when a given block begins (or, past the last block,
/// the logits).
class StoppingBackend final : public Backend {
public:
    StoppingBackend(Backend& inner, int at, std::stop_source& stop)
        : m_inner(inner), m_at(at), m_stop(stop) {}

    [[nodiscard]] int max_batch() const override { return m_inner.max_batch(); }
    [[nodiscard]] Result<void> begin(std::span<const TokenId> tokens,
                                     std::stop_token stop) override {
        return m_inner.begin(tokens, std::move(stop));
    }
    void mamba2_block(int layer) override {
        reach(layer);
        m_inner.mamba2_block(layer);
    }
    void attention_block(int layer) override {
        reach(layer);
        m_inner.attention_block(layer);
    }
    void mlp_block(int layer) override {
        reach(layer);
        m_inner.mlp_block(layer);
    }
    [[nodiscard]] Result<void> logits(int row, std::span<float> out) override {
        reach(m_last_layer + 1);
        return m_inner.logits(row, out);
    }
    [[nodiscard]] Result<void> end() override { return m_inner.end(); }
    void abandon() override {
        is_abandoned = true;
        m_inner.abandon();
    }
    [[nodiscard]] Result<std::shared_ptr<const BackendSnapshot>> snapshot() const override {
        return m_inner.snapshot();
    }
    [[nodiscard]] Result<void> restore(const BackendSnapshot& snapshot) override {
        return m_inner.restore(snapshot);
    }
    [[nodiscard]] Result<StateBytes> bytes_of(
        const std::shared_ptr<const BackendSnapshot>& snapshot) const override {
        return m_inner.bytes_of(snapshot);
    }
    [[nodiscard]] Result<std::shared_ptr<const BackendSnapshot>> snapshot_of(
        const StateBytes& bytes) override {
        return m_inner.snapshot_of(bytes);
    }
    void clear() override { m_inner.clear(); }
    [[nodiscard]] std::size_t memory_bytes() const override { return m_inner.memory_bytes(); }

    bool is_abandoned = false;

private:
    void reach(int layer) {
        m_last_layer = layer;
        if (layer == m_at) m_stop.request_stop();
    }

    Backend& m_inner;
    int m_at;
    std::stop_source& m_stop;
    int m_last_layer = 0;
};

std::vector<TokenId> some_tokens(int n, int first = 3) {
    std::vector<TokenId> tokens;
    for (int i = 0; i < n; ++i) tokens.push_back((first + 37 * i) % 384);
    return tokens;
}

}  // namespace

class TestStop : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void inAnyLayerLeavesNoTrace_data();
    void inAnyLayerLeavesNoTrace();
    void betweenStepsKeepsWhatWasRead();
    void aSingleTokenIsComputedToItsEnd();
    void beforeTheStartReadsNothing();

private:
    std::shared_ptr<const Model> m_model;
};

void TestStop::initTestCase() {
    auto model = Model::load(test::data_file("golden/t-MIX.gguf"));
    QVERIFY2(model, model ? "" : model.error().message.c_str());
    m_model = std::move(model).value();
}

void TestStop::inAnyLayerLeavesNoTrace_data() {
    QTest::addColumn<int>("layer");
    QTest::addColumn<int>("threads");
    for (const int threads : {1, 3})
        for (int layer = 0; layer <= m_model->hparams().n_layer(); ++layer)
            QTest::addRow("block %d, %d threads", layer, threads) << layer << threads;
}

void TestStop::inAnyLayerLeavesNoTrace() {
    QFETCH(int, layer);
    QFETCH(int, threads);
    const HParams& hp = m_model->hparams();
    const cpu::CpuOptions options{threads, 512, 128, KvType::F16};
    const auto first = some_tokens(70);
    const auto second = some_tokens(100, 11);
    const auto n_vocab = static_cast<std::size_t>(hp.n_vocab);
    const auto read = [&](Backend& backend, std::span<const TokenId> tokens,
                          const std::stop_token& stop, Logits& logits) {
        return forward(backend, hp, tokens, stop, [&](Backend& b) {
            return b.logits(static_cast<int>(tokens.size()) - 1, logits);
        });
    };

    Logits want(n_vocab), got(n_vocab);
    cpu::CpuBackend plain(hp, m_model->weights(), nullptr, cpu::kernels(), options);
    QVERIFY(read(plain, first, {}, want));
    QVERIFY(read(plain, second, {}, want));

    cpu::CpuBackend backend(hp, m_model->weights(), nullptr, cpu::kernels(), options);
    QVERIFY(read(backend, first, {}, got));
    std::stop_source stop;
    StoppingBackend stopping(backend, layer, stop);
    const auto stopped = read(stopping, second, stop.get_token(), got);
    QVERIFY(!stopped);
    QCOMPARE(stopped.error().code, ErrorCode::Cancelled);
    QVERIFY(stopping.is_abandoned);
    QVERIFY(read(backend, second, {}, got));
    QCOMPARE(got, want);
    // And on, token by token.
    const TokenId next = 5;
    QVERIFY(read(plain, {&next, 1}, {}, want));
    QVERIFY(read(backend, {&next, 1}, {}, got));
    QCOMPARE(got, want);
}

void TestStop::betweenStepsKeepsWhatWasRead() {
    const auto tokens = some_tokens(300);
    for (const int steps : {1, 2, 4}) {
        SessionOptions options;
        options.n_ctx = 512;
        options.prefill_batch = 64;
        auto whole = Session::create(m_model, options);
        auto session = Session::create(m_model, options);
        QVERIFY(whole && session);
        const auto want = whole->append(tokens);
        QVERIFY(want);

        std::stop_source stop;
        const auto stopped = session->append(tokens, stop.get_token(), [&](int done, int total) {
            QCOMPARE(total, 300);
            if (done == 64 * steps) stop.request_stop();
        });
        QVERIFY(!stopped);
        QCOMPARE(stopped.error().code, ErrorCode::Cancelled);
        QCOMPARE(session->position(), 64 * steps);
        QVERIFY(session->logits().empty());
        const auto rest =
            session->append(std::span(tokens).subspan(static_cast<std::size_t>(64 * steps)));
        QVERIFY(rest);
        QCOMPARE(Logits(rest->begin(), rest->end()), Logits(want->begin(), want->end()));
    }
}

/// A token of an answer is cheap, and has no copy of the state to go back to.
void TestStop::aSingleTokenIsComputedToItsEnd() {
    const HParams& hp = m_model->hparams();
    cpu::CpuBackend backend(hp, m_model->weights(), nullptr, cpu::kernels(),
                            {2, 512, 128, KvType::F16});
    std::stop_source stop;
    StoppingBackend stopping(backend, 1, stop);
    const TokenId token = 7;
    Logits logits(static_cast<std::size_t>(hp.n_vocab));
    QVERIFY(forward(stopping, hp, {&token, 1}, stop.get_token(),
                    [&](Backend& b) { return b.logits(0, logits); }));
    QVERIFY(stop.stop_requested());
    QVERIFY(!stopping.is_abandoned);
}

void TestStop::beforeTheStartReadsNothing() {
    auto session = Session::create(m_model, {});
    QVERIFY(session);
    std::stop_source stop;
    stop.request_stop();
    const auto stopped = session->append(some_tokens(10), stop.get_token());
    QVERIFY(!stopped);
    QCOMPARE(stopped.error().code, ErrorCode::Cancelled);
    QCOMPARE(session->position(), 0);
    QVERIFY(session->append(some_tokens(10)));
}

QTEST_APPLESS_MAIN(TestStop)
#include "tst_stop.moc"
