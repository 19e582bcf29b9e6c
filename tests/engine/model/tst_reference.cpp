#include "tests/reference/reference_model.h"
#include "tests/support/golden_logits.h"
#include "tests/support/test_data.h"

#include <QTest>

#include <map>

using namespace lares;
using lares::reference::ReferenceModel;
using lares::reference::relative_l2;

namespace {

constexpr double kTolerance = 1e-9;

/// logits.json has nine digits, which alone is a distance of 1.2e-9.
std::vector<double> with_nine_digits(std::vector<double> numbers) {
    for (double& number : numbers) number = QByteArray::number(number, 'g', 9).toDouble();
    return numbers;
}

/// Each file is loaded once.
const ReferenceModel& model_of(const std::string& file) {
    static std::map<std::string, ReferenceModel> kModels;
    const auto found = kModels.find(file);
    if (found != kModels.end()) return found->second;
    auto loaded = ReferenceModel::load(test::data_file("golden/" + file));
    if (!loaded) qFatal("%s", loaded.error().message.c_str());
    // The f64 value is behind logits.json; f32's, 4e-8 from it, moves logits by up to 8e-9.
    loaded->undo_rounding_of_a();
    return kModels.emplace(file, std::move(loaded).value()).first->second;
}

}  // namespace

/// Two f64 versions of the model, written apart from each other (ours in tests/reference, the one
/// behind logits.json in numpy), must agree before either judges the engine.
class TestReference : public QObject {
    Q_OBJECT

private slots:
    void agreesWithGoldenLogits_data();
    void agreesWithGoldenLogits();
    void coversEveryFileAndLength();
    void choosesTheGoldenTokens_data();
    void choosesTheGoldenTokens();
    void givesLogitsAfterEveryToken();
};

void TestReference::agreesWithGoldenLogits_data() {
    QTest::addColumn<std::size_t>("index");
    const auto& cases = test::golden_logits();
    for (std::size_t i = 0; i < cases.size(); ++i)
        QTest::addRow("%s, %zu tokens", cases[i].file.c_str(), cases[i].tokens.size()) << i;
}

void TestReference::agreesWithGoldenLogits() {
    QFETCH(std::size_t, index);
    const test::GoldenLogits& golden = test::golden_logits()[index];
    const auto logits = with_nine_digits(model_of(golden.file).logits(golden.tokens));
    QCOMPARE(logits.size(), golden.logits.size());
    const double distance = relative_l2(std::span<const double>(logits), golden.logits);
    QVERIFY2(distance < kTolerance, qPrintable(QString::number(distance)));
}

void TestReference::coversEveryFileAndLength() {
    QCOMPARE(test::golden_files().size(), std::size_t{18});
    QCOMPARE(test::golden_logits().size(), std::size_t{66 + 15});
}

void TestReference::choosesTheGoldenTokens_data() {
    QTest::addColumn<std::size_t>("index");
    const auto& cases = test::golden_greedy();
    QVERIFY(!cases.empty());
    for (std::size_t i = 0; i < cases.size(); ++i)
        QTest::addRow("%s, %zu tokens", cases[i].file.c_str(), cases[i].tokens.size()) << i;
}

void TestReference::choosesTheGoldenTokens() {
    QFETCH(std::size_t, index);
    const test::GoldenGreedy& golden = test::golden_greedy()[index];
    const auto choices =
        model_of(golden.file).greedy(golden.tokens, static_cast<int>(golden.greedy.size()));
    for (std::size_t i = 0; i < choices.size(); ++i) {
        QCOMPARE(choices[i].token, golden.greedy[i]);
        // The file has four digits.
        QVERIFY(std::abs(choices[i].margin - golden.margin[i]) < 1e-3 * golden.margin[i]);
    }
}

void TestReference::givesLogitsAfterEveryToken() {
    const ReferenceModel& model = model_of("t-MIX.gguf");
    const std::vector<TokenId> tokens{5, 9, 200, 31};
    const auto all = model.all_logits(tokens);
    QCOMPARE(all.size(), tokens.size());
    for (std::size_t n = 1; n <= tokens.size(); ++n)
        QCOMPARE(all[n - 1], model.logits(std::span(tokens).first(n)));
}

QTEST_APPLESS_MAIN(TestReference)
#include "tst_reference.moc"
