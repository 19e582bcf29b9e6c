#include "engine/model/model.h"
#include "engine/session/session.h"
#include "tests/reference/reference_model.h"
#include "tests/support/golden_logits.h"
#include "tests/support/test_data.h"

#include <QTest>

#include <algorithm>
#include <map>

using namespace lares;
using lares::reference::relative_l2;

namespace {

/// With f32 activations only the order of sums is ours to choose.
constexpr double kExactTolerance = 1e-5;

std::shared_ptr<const Model> model_of(const std::string& file) {
    static std::map<std::string, std::shared_ptr<const Model>> kModels;
    auto& model = kModels[file];
    if (!model) {
        auto loaded = Model::load(test::data_file("golden/" + file));
        if (!loaded) qFatal("%s", loaded.error().message.c_str());
        model = std::move(loaded).value();
    }
    return model;
}

Session session_of(const std::string& file, SessionOptions options) {
    options.n_ctx = 512;
    auto session = Session::create(model_of(file), options);
    if (!session) qFatal("%s", session.error().message.c_str());
    return std::move(session).value();
}

/// Logits after `tokens`, read in one go.
std::vector<float> logits_of(const std::string& file,
                             const SessionOptions& options,
                             std::span<const TokenId> tokens) {
    Session session = session_of(file, options);
    const auto logits = session.append(tokens);
    if (!logits) qFatal("%s", logits.error().message.c_str());
    return {logits->begin(), logits->end()};
}

double distance(const std::vector<float>& got, const std::vector<double>& want) {
    return relative_l2(std::span<const float>(got), want);
}

const test::GoldenLogits& golden_of(const std::string& file, std::size_t n_tokens) {
    for (const test::GoldenLogits& golden : test::golden_logits())
        if (golden.file == file && golden.tokens.size() == n_tokens) return golden;
    qFatal("no golden logits of %s after %zu tokens", file.c_str(), n_tokens);
}

void add_rows_of_every_file() {
    QTest::addColumn<QString>("file");
    for (const std::string& file : test::golden_files())
        QTest::newRow(file.c_str()) << QString::fromStdString(file);
}

}  // namespace

/// The engine on the CPU against numbers that were made elsewhere: logits.json (f64, numpy), our
/// f64 model, and llama.cpp's distance from the same numbers.
class TestGoldenLogits : public QObject {
    Q_OBJECT

private slots:
    void exactLogitsMatchGolden_data();
    void exactLogitsMatchGolden();
    void exactLogitsMatchReferenceAfterEveryToken_data();
    void exactLogitsMatchReferenceAfterEveryToken();
    void anyPrefillBatchGivesGoldenLogits_data();
    void anyPrefillBatchGivesGoldenLogits();
    void tokenByTokenGivesGoldenLogits_data();
    void tokenByTokenGivesGoldenLogits();
    void threadsDoNotChangeABit_data();
    void threadsDoNotChangeABit();
    void choosesTheGoldenTokens_data();
    void choosesTheGoldenTokens();
    void fastLogitsAreAsCloseAsLlamaCpps_data();
    void fastLogitsAreAsCloseAsLlamaCpps();
};

void TestGoldenLogits::exactLogitsMatchGolden_data() {
    QTest::addColumn<std::size_t>("index");
    const auto& cases = test::golden_logits();
    for (std::size_t i = 0; i < cases.size(); ++i)
        QTest::addRow("%s, %zu tokens", cases[i].file.c_str(), cases[i].tokens.size()) << i;
}

void TestGoldenLogits::exactLogitsMatchGolden() {
    QFETCH(std::size_t, index);
    const test::GoldenLogits& golden = test::golden_logits()[index];
    const auto logits = logits_of(golden.file, {.precision = Precision::Exact}, golden.tokens);
    const double d = distance(logits, golden.logits);
    QVERIFY2(d < kExactTolerance, qPrintable(QString::number(d)));
}

void TestGoldenLogits::exactLogitsMatchReferenceAfterEveryToken_data() {
    add_rows_of_every_file();
}

void TestGoldenLogits::exactLogitsMatchReferenceAfterEveryToken() {
    QFETCH(QString, file);
    const std::string name = file.toStdString();
    const auto reference = reference::ReferenceModel::load(test::data_file("golden/" + name));
    QVERIFY(reference);
    const auto& tokens = golden_of(name, 300).tokens;
    const auto want = reference->all_logits(tokens);

    Session session = session_of(name, {.precision = Precision::Exact, .prefill_batch = 128});
    double worst = 0;
    int n_compared = 0;
    const auto done = session.append_each(tokens, [&](int i, std::span<const float> logits) {
        worst = std::max(worst, relative_l2(logits, want[static_cast<std::size_t>(i)]));
        ++n_compared;
    });
    QVERIFY(done);
    QCOMPARE(n_compared, 300);
    QVERIFY2(worst < kExactTolerance, qPrintable(QString::number(worst)));
}

void TestGoldenLogits::anyPrefillBatchGivesGoldenLogits_data() {
    QTest::addColumn<QString>("file");
    QTest::addColumn<int>("batch");
    const auto add = [](const std::string& file, int batch) {
        QTest::addRow("%s, %d tokens", file.c_str(), batch)
            << QString::fromStdString(file) << batch;
    };
    for (const std::string& file : test::golden_files())
        for (const int batch : {7, 64, 256}) add(file, batch);
    // Around the length of a chunk, which no type of weight changes.
    for (const int batch : {1, 2, 127, 128, 129}) add("t-F32.gguf", batch);
}

void TestGoldenLogits::anyPrefillBatchGivesGoldenLogits() {
    QFETCH(QString, file);
    QFETCH(int, batch);
    const test::GoldenLogits& golden = golden_of(file.toStdString(), 300);
    const auto logits = logits_of(
        golden.file, {.precision = Precision::Exact, .prefill_batch = batch}, golden.tokens);
    const double d = distance(logits, golden.logits);
    QVERIFY2(d < kExactTolerance, qPrintable(QString::number(d)));
}

void TestGoldenLogits::tokenByTokenGivesGoldenLogits_data() {
    add_rows_of_every_file();
}

void TestGoldenLogits::tokenByTokenGivesGoldenLogits() {
    QFETCH(QString, file);
    const test::GoldenLogits& golden = golden_of(file.toStdString(), 300);
    Session session = session_of(golden.file, {.precision = Precision::Exact});
    for (const TokenId token : golden.tokens) QVERIFY(session.append({&token, 1}));
    const double d = relative_l2(session.logits(), golden.logits);
    QVERIFY2(d < kExactTolerance, qPrintable(QString::number(d)));
}

void TestGoldenLogits::threadsDoNotChangeABit_data() {
    QTest::addColumn<QString>("file");
    QTest::addColumn<int>("precision");
    for (const std::string file : {"t-F32.gguf", "t-BF16.gguf", "t-MIX.gguf", "t-IQ4_XS.gguf",
                                   "t-Q2_K.gguf", "t-Q3_K.gguf", "t-bf16", "t-fp8"})
        for (const Precision precision : {Precision::Exact, Precision::Fast})
            QTest::addRow("%s, %s", file.c_str(), precision == Precision::Fast ? "fast" : "exact")
                << QString::fromStdString(file) << static_cast<int>(precision);
}

void TestGoldenLogits::threadsDoNotChangeABit() {
    QFETCH(QString, file);
    QFETCH(int, precision);
    const test::GoldenLogits& golden = golden_of(file.toStdString(), 129);
    SessionOptions options{.n_threads = 1, .precision = static_cast<Precision>(precision)};
    const auto alone = logits_of(golden.file, options, golden.tokens);
    for (options.n_threads = 2; options.n_threads <= 4; ++options.n_threads)
        QCOMPARE(logits_of(golden.file, options, golden.tokens), alone);
}

void TestGoldenLogits::choosesTheGoldenTokens_data() {
    QTest::addColumn<std::size_t>("index");
    const auto& cases = test::golden_greedy();
    for (std::size_t i = 0; i < cases.size(); ++i)
        QTest::addRow("%s, %zu tokens", cases[i].file.c_str(), cases[i].tokens.size()) << i;
}

void TestGoldenLogits::choosesTheGoldenTokens() {
    QFETCH(std::size_t, index);
    const test::GoldenGreedy& golden = test::golden_greedy()[index];
    Session session = session_of(golden.file, {.precision = Precision::Exact});
    auto logits = session.append(golden.tokens);
    int n_clear = 0;
    for (std::size_t i = 0; i < golden.greedy.size(); ++i) {
        QVERIFY(logits);
        const auto best = std::max_element(logits->begin(), logits->end()) - logits->begin();
        if (golden.margin[i] > 1e-3) {  // below, rounding decides
            QCOMPARE(static_cast<TokenId>(best), golden.greedy[i]);
            ++n_clear;
        }
        logits = session.append({&golden.greedy[i], 1});
    }
    QVERIFY(n_clear > 40);
}

void TestGoldenLogits::fastLogitsAreAsCloseAsLlamaCpps_data() {
    QTest::addColumn<QString>("file");
    for (const std::string& file : test::golden_files())
        if (file.ends_with(".gguf"))  // llama.cpp reads nothing else
            QTest::newRow(file.c_str()) << QString::fromStdString(file);
}

/// Both round activations to 8 bits, at different places; over three prompts we may be 1.3 times as
/// far from f64 as llama.cpp is.
void TestGoldenLogits::fastLogitsAreAsCloseAsLlamaCpps() {
    QFETCH(QString, file);
    const std::string name = file.toStdString();
    double ours = 0;
    double theirs = 0;
    for (const test::LlamaCppDistance& peer : test::llamacpp_distances()) {
        if (peer.file != name) continue;
        const test::GoldenLogits& golden = golden_of(name, peer.n_tokens);
        ours += distance(logits_of(name, {}, golden.tokens), golden.logits);
        theirs += peer.relative_l2;
    }
    QVERIFY2(theirs > 0, "no recorded distance");
    const QString figures = QString("ours %1, llama.cpp %2").arg(ours).arg(theirs);
    QVERIFY2(ours <= 1.3 * theirs, qPrintable(figures));
}

QTEST_APPLESS_MAIN(TestGoldenLogits)
#include "tst_golden_logits.moc"
