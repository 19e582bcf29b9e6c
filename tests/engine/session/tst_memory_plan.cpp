// What a context needs is known before it is made, and nothing but keys and values grows with it.

#include "engine/backend/cpu/cpu_backend.h"
#include "engine/model/model.h"
#include "engine/session/hybrid_model.h"
#include "engine/session/memory_plan.h"
#include "engine/session/session.h"
#include "tests/support/test_data.h"

#include <QTest>

#include <cmath>
#include <vector>

using namespace lares;

namespace {

/// A model of one layer of each kind, as small as they come: 49152 tokens are read in seconds.
struct Smallest {
    Smallest() {
        hp.layers = {LayerKind::Mamba2, LayerKind::Attention, LayerKind::Mlp};
        hp.d_model = 32;
        hp.n_vocab = 16;
        hp.n_ctx_train = 1 << 20;
        hp.norm_eps = 1e-5F;
        hp.d_ff = 32;
        hp.n_head = hp.n_kv_head = 1;
        hp.head_dim = 16;
        hp.n_ssm_head = 1;
        hp.ssm_head_dim = 16;
        hp.d_state = 16;
        hp.n_group = 1;
        hp.d_conv = 4;
        values.resize(static_cast<std::size_t>(hp.d_model * hp.d_in_proj()));
        for (std::size_t i = 0; i < values.size(); ++i)
            values[i] = 0.1F * std::sin(static_cast<float>(i));

        const int d = hp.d_model;
        weights.token_embedding = weights.output = matrix(hp.n_vocab, d);
        weights.output_norm = matrix(1, d);
        Mamba2Weights mamba;
        mamba.in_proj = matrix(hp.d_in_proj(), d);
        mamba.conv_weight = matrix(hp.d_conv_channels(), hp.d_conv);
        mamba.conv_bias = matrix(1, hp.d_conv_channels());
        mamba.dt_bias = mamba.A = mamba.D = matrix(1, hp.n_ssm_head);
        mamba.norm = matrix(1, hp.d_inner());
        mamba.out_proj = matrix(d, hp.d_inner());
        AttentionWeights attention;
        attention.q_proj = attention.k_proj = attention.v_proj = matrix(hp.d_q(), d);
        attention.o_proj = matrix(d, hp.d_q());
        weights.layers = {{matrix(1, d), mamba},
                          {matrix(1, d), attention},
                          {matrix(1, d), MlpWeights{matrix(hp.d_ff, d), matrix(d, hp.d_ff)}}};
    }
    Smallest(const Smallest&) = delete;
    Smallest& operator=(const Smallest&) = delete;

    [[nodiscard]] TensorView matrix(std::int64_t rows, std::int64_t cols) const {
        TensorView view;
        view.shape = Shape{rows, cols};
        view.data = reinterpret_cast<const std::byte*>(values.data());
        return view;
    }

    HParams hp;
    std::vector<float> values;
    Weights weights;
};

std::shared_ptr<const Model> tiny() {
    auto model = Model::load(test::data_file("golden/t-Q8_0.gguf"));
    if (!model) qFatal("%s", model.error().message.c_str());
    return std::move(model).value();
}

/// The 4B (spec: nemotron-h.md §1).
HParams four_b() {
    HParams hp;
    hp.layers.assign(21, LayerKind::Mamba2);
    hp.layers.insert(hp.layers.end(), 4, LayerKind::Attention);
    hp.layers.insert(hp.layers.end(), 17, LayerKind::Mlp);
    hp.d_model = 3136;
    hp.n_vocab = 131072;
    hp.n_ctx_train = 1 << 18;
    hp.d_ff = 12544;
    hp.n_head = 40;
    hp.n_kv_head = 8;
    hp.head_dim = 128;
    hp.n_ssm_head = 96;
    hp.ssm_head_dim = 80;
    hp.d_state = 128;
    hp.n_group = 8;
    hp.d_conv = 4;
    return hp;
}

}  // namespace

class TestMemoryPlan : public QObject {
    Q_OBJECT

private slots:
    void coversWhatASessionHolds_data();
    void coversWhatASessionHolds();
    void onlyKeysAndValuesGrowWithALongPrompt();
    void knowsTheFourB();
    void refusesAContextThatDoesNotFitAndSaysWhichWould();
    void saysWhenNoContextFits();
    void contextEndsWhereTheModelsDoes();
    void refusesWeightsThatDoNotFit();
    void snapshotsOfAnotherTypeAreRefused();
};

void TestMemoryPlan::coversWhatASessionHolds_data() {
    QTest::addColumn<int>("type");
    QTest::addColumn<int>("threads");
    for (const KvType type : {KvType::F16, KvType::F32, KvType::Int8})
        for (const int threads : {1, 3})
            QTest::addRow("%s, %d threads", to_string(type).data(), threads)
                << static_cast<int>(type) << threads;
}

void TestMemoryPlan::coversWhatASessionHolds() {
    QFETCH(int, type);
    QFETCH(int, threads);
    const auto model = tiny();
    SessionOptions options;
    options.n_threads = threads;
    options.n_ctx = 600;
    options.kv_type = static_cast<KvType>(type);
    auto session = Session::create(model, options);
    QVERIFY(session);
    std::stop_source stop;  // a prefill that can be stopped keeps a copy of the state
    QVERIFY(session->append(std::vector<TokenId>(600, 5), stop.get_token()));
    const MemoryPlan plan = memory_plan(model->hparams(), 1000, options);
    QCOMPARE(plan.weights, std::size_t{1000});
    QCOMPARE(plan.total(), plan.session() + 1000);
    QVERIFY2(session->memory_bytes() <= plan.session(),
             qPrintable(
                 QString("%1 held, %2 planned").arg(session->memory_bytes()).arg(plan.session())));
    QVERIFY2(plan.session() <= session->memory_bytes() * 5 / 4,
             qPrintable(
                 QString("%1 held, %2 planned").arg(session->memory_bytes()).arg(plan.session())));
}

void TestMemoryPlan::onlyKeysAndValuesGrowWithALongPrompt() {
    constexpr int kTokens = 49152;
    constexpr int kBatch = 512;
    const Smallest model;
    cpu::CpuBackend backend(model.hp, model.weights, nullptr, cpu::kernels(),
                            {2, kTokens, kBatch, KvType::F16});
    const std::size_t empty = backend.memory_bytes();
    const std::vector<TokenId> tokens(kBatch, 3);
    std::vector<float> logits(16);
    for (int done = 0; done < kTokens; done += kBatch) {
        const bool is_last = done + kBatch == kTokens;
        QVERIFY(forward(backend, model.hp, tokens, {}, [&](Backend& b) -> Result<void> {
            if (!is_last) return {};
            return b.logits(kBatch - 1, logits);
        }));
        QCOMPARE(backend.memory_bytes(),
                 empty + KvCache::memory_bytes(model.hp, KvType::F16, done + kBatch));
    }
    for (const float logit : logits) QVERIFY(std::isfinite(logit));
}

void TestMemoryPlan::knowsTheFourB() {
    SessionOptions options;
    options.n_threads = 2;
    options.n_ctx = 49152;
    const MemoryPlan plan = memory_plan(four_b(), 0, options);
    QCOMPARE(plan.kv, std::size_t{49152} * 16 * 1024);  // 16 KiB a token
    QCOMPARE(plan.state, 2 * std::size_t{85'026'816});
    QVERIFY(plan.work < 150'000'000);
    options.kv_type = KvType::F32;
    QCOMPARE(memory_plan(four_b(), 0, options).kv, 2 * plan.kv);
    options.kv_type = KvType::Int8;
    QVERIFY(memory_plan(four_b(), 0, options).kv < plan.kv * 53 / 100);
}

void TestMemoryPlan::refusesAContextThatDoesNotFitAndSaysWhichWould() {
    const auto model = tiny();
    SessionOptions options;
    options.n_threads = 1;
    options.n_ctx = 100'000;
    options.memory_limit_bytes = memory_plan(model->hparams(), 0, options).session() / 2;
    const auto refused = Session::create(model, options);
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::OutOfMemory);
    const int fitting = longest_context(model->hparams(), options, *options.memory_limit_bytes);
    QVERIFY(fitting > 0 && fitting < options.n_ctx);
    QVERIFY2(refused.error().message.find(std::to_string(fitting)) != std::string::npos,
             refused.error().message.c_str());
    options.n_ctx = fitting + 1;
    QVERIFY(!Session::create(model, options));
    options.n_ctx = fitting;
    QVERIFY(Session::create(model, options));
}

void TestMemoryPlan::saysWhenNoContextFits() {
    SessionOptions options;
    options.memory_limit_bytes = 1000;
    const auto refused = Session::create(tiny(), options);
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::OutOfMemory);
    QVERIFY(refused.error().message.find("even the shortest") != std::string::npos);
}

void TestMemoryPlan::contextEndsWhereTheModelsDoes() {
    HParams hp = four_b();
    hp.n_ctx_train = 5000;
    SessionOptions options;
    options.n_ctx = 1 << 20;
    QCOMPARE(resolved(options, hp).n_ctx, 5000);
    options.n_ctx = 4000;
    QCOMPARE(resolved(options, hp).n_ctx, 4000);
    QCOMPARE(*resolved(options, hp).kv_type, KvType::F16);
    options.precision = Precision::Exact;
    QCOMPARE(*resolved(options, hp).kv_type, KvType::F32);
    options.kv_type = KvType::Int8;
    QCOMPARE(*resolved(options, hp).kv_type, KvType::Int8);
}

void TestMemoryPlan::snapshotsOfAnotherTypeAreRefused() {
    const auto model = tiny();
    SessionOptions options;
    auto half = Session::create(model, options);
    options.kv_type = KvType::Int8;
    auto small = Session::create(model, options);
    QVERIFY(half && small);
    QVERIFY(half->append(std::vector<TokenId>(10, 5)));
    const auto snapshot = half->snapshot();
    QVERIFY(snapshot);
    const auto restored = small->restore(*snapshot);
    QVERIFY(!restored);
    QCOMPARE(restored.error().code, ErrorCode::InvalidArgument);
    QCOMPARE(small->position(), 0);
}

void TestMemoryPlan::refusesWeightsThatDoNotFit() {
    const auto model = tiny();
    SessionOptions options;
    options.memory_limit_bytes = 100'000;  // its matrices have 480 kB
    const auto refused = Session::prepare(*model, options);
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::OutOfMemory);
    QVERIFY(refused.error().message.find("1 MB") != std::string::npos);
    options.memory_limit_bytes.reset();
    QVERIFY(Session::prepare(*model, options));
}

QTEST_APPLESS_MAIN(TestMemoryPlan)
#include "tst_memory_plan.moc"
