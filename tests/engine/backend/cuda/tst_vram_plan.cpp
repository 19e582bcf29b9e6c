// What a card needs is known from a file's header, and is what the backend then takes.

#include "engine/backend/cuda/cuda_backend.h"
#include "engine/backend/cuda/library_products.h"
#include "engine/backend/cuda/vram_plan.h"
#include "engine/model/model.h"
#include "tests/support/test_data.h"
#include "tests/support/test_device.h"

#include <QTest>

#include <string>

using namespace lares;
using namespace lares::cuda;

namespace {

std::shared_ptr<const Model> model_of(const QString& file) {
    auto model = Model::load(test::data_file("golden/" + file.toStdString()));
    if (!model) qFatal("%s", model.error().message.c_str());
    return std::move(model).value();
}

/// The 4B's shapes (spec: nemotron-h.md §1), all matrices of one type; nothing behind them.
struct FourB {
    explicit FourB(DType type) {
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
        const auto view = [](DType dtype, std::int64_t rows, std::int64_t cols) {
            TensorView made;
            made.dtype = dtype;
            made.shape = Shape{rows, cols};
            return made;
        };
        const auto vector = [&](std::int64_t n) { return view(DType::F32, 1, n); };
        const auto matrix = [&](std::int64_t r, std::int64_t c) { return view(type, r, c); };
        static constexpr std::byte kElsewhere{};
        weights.token_embedding = weights.output = matrix(hp.n_vocab, hp.d_model);
        weights.output.data = &kElsewhere;
        weights.output_norm = vector(hp.d_model);
        for (const LayerKind kind : hp.layers) {
            LayerWeights layer;
            layer.norm = vector(hp.d_model);
            if (kind == LayerKind::Mamba2) {
                Mamba2Weights w;
                w.in_proj = matrix(hp.d_in_proj(), hp.d_model);
                w.conv_weight = vector(4 * std::int64_t{hp.d_conv_channels()});
                w.conv_bias = vector(hp.d_conv_channels());
                w.dt_bias = w.A = w.D = vector(hp.n_ssm_head);
                w.norm = vector(hp.d_inner());
                w.out_proj = matrix(hp.d_model, hp.d_inner());
                layer.mixer = w;
            } else if (kind == LayerKind::Attention) {
                AttentionWeights w;
                w.q_proj = matrix(hp.d_q(), hp.d_model);
                w.k_proj = w.v_proj = matrix(hp.d_kv(), hp.d_model);
                w.o_proj = matrix(hp.d_model, hp.d_q());
                layer.mixer = w;
            } else {
                layer.mixer = MlpWeights{matrix(hp.d_ff, hp.d_model), matrix(hp.d_model, hp.d_ff)};
            }
            weights.layers.push_back(layer);
        }
    }
    HParams hp;
    Weights weights;
};

bool says(const std::string& text, const std::string& words) {
    if (text.find(words) != std::string::npos) return true;
    qWarning("%s", text.c_str());
    return false;
}

}  // namespace

class VramPlanTest : public QObject {
    Q_OBJECT

private slots:
    void isWhatTheBackendTakes_data();
    void isWhatTheBackendTakes();
    void knowsTheFourB();
    void onlyKeysAndValuesAndWorkGrowWithTheContext();
    void halfTheKeysAndValuesWithFp8();
    void theContextIsCountedOnce();
    void aLibraryIsCountedWhereItIsOfUseAndFits();
    void endsWhereTheModelsContextDoes();
    void saysWhatWouldFit();
    void theLongestContextIsTheLongest();
};

void VramPlanTest::isWhatTheBackendTakes_data() {
    QTest::addColumn<QString>("file");
    QTest::addColumn<int>("n_ctx");
    QTest::addColumn<int>("batch");
    QTest::addColumn<int>("n_snapshot");
    QTest::addColumn<bool>("isFp8");
    for (const char* file :
         {"t-F32.gguf", "t-F16.gguf", "t-BF16.gguf", "t-Q4_0.gguf", "t-Q4_1.gguf", "t-Q5_0.gguf",
          "t-Q5_1.gguf", "t-Q8_0.gguf", "t-Q4_K.gguf", "t-Q5_K.gguf", "t-Q6_K.gguf",
          "t-IQ4_NL.gguf", "t-IQ4_XS.gguf", "t-Q2_K.gguf", "t-Q3_K.gguf", "t-MIX.gguf"})
        QTest::newRow(file) << file << 512 << 256 << 4 << false;
    QTest::newRow("one block") << "t-MIX.gguf" << 64 << 256 << 4 << false;
    QTest::newRow("one token more") << "t-MIX.gguf" << 65 << 256 << 4 << false;
    QTest::newRow("short batch") << "t-MIX.gguf" << 512 << 7 << 4 << false;
    QTest::newRow("no snapshots") << "t-MIX.gguf" << 512 << 256 << 0 << false;
    QTest::newRow("fp8") << "t-MIX.gguf" << 512 << 256 << 1 << true;
}

void VramPlanTest::isWhatTheBackendTakes() {
    QFETCH(QString, file);
    QFETCH(int, n_ctx);
    QFETCH(int, batch);
    QFETCH(int, n_snapshot);
    QFETCH(bool, isFp8);
    const auto model = model_of(file);
    const auto device = test::open_watched_device();
    auto weights = CudaWeights::allocate(model->weights(), device);
    QVERIFY(weights);
    CudaOptions options;
    options.n_ctx = n_ctx;
    options.max_batch = std::min(batch, n_ctx);
    options.n_state_slot = n_snapshot;
    options.kv_type = isFp8 ? kernels::KvType::FP8 : kernels::KvType::F16;
    const auto backend = CudaBackend::make(model->hparams(), *weights, options);
    QVERIFY(backend);

    VramOptions asked;
    asked.n_ctx = n_ctx;
    asked.prefill_batch = batch;
    asked.n_snapshot = n_snapshot;
    asked.kv_type = isFp8 ? CardKvType::FP8 : CardKvType::F16;
    asked.n_multiprocessor = device->info().n_multiprocessor;
    asked.has_library = !objection_to_library(device->info()) && device->start_library();
    const VramPlan plan = vram_plan(model->hparams(), model->weights(), asked);
    QCOMPARE(plan.weights, (*weights)->size_bytes());
    QCOMPARE(plan.total() - plan.reserve, device->allocated_bytes());
    QVERIFY(plan.work > 0 && plan.state > 0 && plan.kv > 0);
    QCOMPARE(plan.snapshots, plan.state / 2 * static_cast<std::size_t>(n_snapshot));
    QCOMPARE(plan.work, work_bytes(model->hparams(), asked));
}

void VramPlanTest::knowsTheFourB() {
    const FourB model(DType::Q4_K);  // 4.5 bits a value
    VramOptions options;
    options.n_ctx = 49152;
    const VramPlan plan = vram_plan(model.hp, model.weights, options);
    QVERIFY(plan.weights > 3'970'000'000 / 8 * 45 / 10);
    QVERIFY(plan.weights < 3'980'000'000 / 8 * 46 / 10);
    // f32: 21 layers of 96 * 80 * 128 and a ring of 4 * 9728, twice.
    QCOMPARE(plan.state, 2 * std::size_t{21} * 4 * (96 * 80 * 128 + 4 * 9728));
    QCOMPARE(plan.snapshots, 2 * plan.state);
    // 16 KiB a token, 4,096 more for branches; 4 bytes of the table for 64 tokens.
    QCOMPARE(plan.kv, std::size_t{49152 + 4096} * 16 * 1024 + 49152 / 64 * 4);
    QVERIFY(plan.work < 100'000'000);
    // The loss of pages is some 2 MB for each large matrix at most.
    QVERIFY(plan.reserve >= kModuleBytes && plan.reserve < kModuleBytes + 110 * (2 << 20));
}

void VramPlanTest::onlyKeysAndValuesAndWorkGrowWithTheContext() {
    const FourB model(DType::Q5_0);
    VramOptions options;
    options.n_ctx = 4096;
    const VramPlan small = vram_plan(model.hp, model.weights, options);
    options.n_ctx = 8192;
    const VramPlan large = vram_plan(model.hp, model.weights, options);
    QCOMPARE(large.weights, small.weights);
    QCOMPARE(large.state, small.state);
    QCOMPARE(large.snapshots, small.snapshots);
    QCOMPARE(large.kv - small.kv, std::size_t{4096} * 16 * 1024 + 64 * 4);
    // A short context has room for branches as long as itself.
    options.n_ctx = 1024;
    QCOMPARE(vram_plan(model.hp, model.weights, options).kv,
             2 * std::size_t{1024} * 16 * 1024 + 16 * 4);
    QVERIFY(large.work >= small.work);
}

void VramPlanTest::halfTheKeysAndValuesWithFp8() {
    const FourB model(DType::Q5_0);
    VramOptions options;
    options.n_ctx = 6400;
    const std::size_t half = vram_plan(model.hp, model.weights, options).kv;
    options.kv_type = CardKvType::FP8;
    const std::size_t table = 100 * 4;
    QCOMPARE(vram_plan(model.hp, model.weights, options).kv, (half - table) / 2 + table);
}

void VramPlanTest::theContextIsCountedOnce() {
    const FourB model(DType::Q5_0);
    VramOptions options;
    const std::size_t measured = vram_plan(model.hp, model.weights, options).total();
    options.counts_context = true;
    QCOMPARE(vram_plan(model.hp, model.weights, options).total(), measured + kContextBytes);
}

void VramPlanTest::aLibraryIsCountedWhereItIsOfUseAndFits() {
    VramOptions options;
    options.has_library = true;
    const FourB quantised(DType::Q5_0);
    QCOMPARE(vram_plan(quantised.hp, quantised.weights, options).library, std::size_t{0});
    const FourB plain(DType::BF16);
    const VramPlan plan = vram_plan(plain.hp, plain.weights, options);
    // 256 tokens in two terms of 12,544 numbers of 16 bits, and their 17,504 products in f32.
    QCOMPARE(plan.library, std::size_t{2} * 256 * (12544 * 2 + 17504 * 4) + 1024 + (32 << 20));
    const FourB fp8(DType::F8_E4M3);
    const VramPlan of_fp8 = vram_plan(fp8.hp, fp8.weights, options);
    QVERIFY(of_fp8.library > plan.library && of_fp8.library < plan.library + (65 << 20));
    options.prefill_batch = 63;
    QCOMPARE(vram_plan(plain.hp, plain.weights, options).library, std::size_t{0});
    options.prefill_batch = 256;

    const VramFit fits = fit_vram(plain.hp, plain.weights, options, plan.total());
    QVERIFY(fits.fits);
    QCOMPARE(fits.plan.library, plan.library);
    const VramFit without = fit_vram(plain.hp, plain.weights, options, plan.total() - 1);
    QVERIFY(without.fits);
    QCOMPARE(without.plan.library, std::size_t{0});
    QCOMPARE(without.plan.total() + plan.library + kLibraryModuleBytes <= plan.total(), true);
}

void VramPlanTest::endsWhereTheModelsContextDoes() {
    FourB model(DType::Q5_0);
    model.hp.n_ctx_train = 1000;
    VramOptions options;
    options.n_ctx = 1000;
    const std::size_t all = vram_plan(model.hp, model.weights, options).total();
    options.n_ctx = 1 << 20;
    const VramFit fit = fit_vram(model.hp, model.weights, options, all);
    QCOMPARE(fit.plan.total(), all);
    QVERIFY(fit.fits);
    QCOMPARE(fit.n_ctx, 1000);
    QCOMPARE(fit.longest_n_ctx, 1000);
}

void VramPlanTest::saysWhatWouldFit() {
    const FourB model(DType::Q5_0);
    VramOptions options;
    options.n_ctx = 32768;
    const VramPlan plan = vram_plan(model.hp, model.weights, options);
    const auto fit_of = [&](std::size_t free_bytes) {
        return fit_vram(model.hp, model.weights, options, free_bytes);
    };
    const VramFit fits = fit_of(plan.total());
    QVERIFY(fits.fits);
    QCOMPARE(*fits.n_snapshot_fitting, 4);
    QVERIFY(fits.longest_n_ctx >= 32768);
    QVERIFY(says(describe(fits), "a context of 32768 tokens needs "));
    QVERIFY(describe(fits).find(';') == std::string::npos);

    // A byte less: the last snapshot goes, or a little of the context.
    const VramFit tight = fit_of(plan.total() - 1);
    QVERIFY(!tight.fits);
    QCOMPARE(*tight.n_snapshot_fitting, 3);
    QVERIFY(tight.longest_n_ctx < 32768 && tight.longest_n_ctx > 30000);
    QVERIFY(says(describe(tight), "it would fit with 3 snapshots on the card"));
    QVERIFY(says(describe(tight), "a context of " + std::to_string(tight.longest_n_ctx)));

    // Without any snapshot the context does not fit either.
    const VramFit less = fit_of(plan.total() - plan.snapshots - (std::size_t{64} << 20));
    QVERIFY(!less.n_snapshot_fitting);
    QVERIFY(less.longest_n_ctx > 0);
    QVERIFY(less.longest_n_ctx_without_snapshots > less.longest_n_ctx);
    QVERIFY(describe(less).find("snapshots") == std::string::npos);

    options.n_ctx = 1;
    const VramPlan shortest = vram_plan(model.hp, model.weights, options);
    options.n_ctx = 32768;
    const VramFit bare = fit_of(shortest.total() - (std::size_t{10} << 20));
    QCOMPARE(bare.longest_n_ctx, 0);
    QVERIFY(bare.longest_n_ctx_without_snapshots > 0);
    QVERIFY(says(describe(bare), "tokens would fit without snapshots on the card"));

    const VramFit none = fit_of(plan.weights);
    QCOMPARE(none.longest_n_ctx_without_snapshots, 0);
    QVERIFY(says(describe(none), "even the shortest context does not fit"));
}

void VramPlanTest::theLongestContextIsTheLongest() {
    const FourB model(DType::Q4_K);
    VramOptions options;
    for (const std::size_t gigabytes : {4, 5, 6}) {
        const std::size_t free_bytes = gigabytes << 30;
        options.n_ctx = 4096;
        const int longest = fit_vram(model.hp, model.weights, options, free_bytes).longest_n_ctx;
        QVERIFY(longest > 0 && longest < model.hp.n_ctx_train);
        options.n_ctx = longest;
        QVERIFY(fit_vram(model.hp, model.weights, options, free_bytes).fits);
        options.n_ctx = longest + 1;
        QVERIFY(!fit_vram(model.hp, model.weights, options, free_bytes).fits);
    }
}

QTEST_APPLESS_MAIN(VramPlanTest)
#include "tst_vram_plan.moc"
