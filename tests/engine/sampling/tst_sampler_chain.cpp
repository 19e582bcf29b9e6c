#include "engine/sampling/candidates.h"
#include "engine/sampling/penalty_window.h"
#include "engine/sampling/portable_exp.h"
#include "engine/sampling/sampler_chain.h"
#include "tests/engine/sampling/sampling_reference.h"

#include <QTest>

#include <cstdlib>
#include <limits>
#include <new>
#include <set>

// Counts allocations, for the promise that only `create` allocates.
static std::size_t g_n_allocation = 0;

void* operator new(std::size_t size) {
    ++g_n_allocation;
    if (void* memory = std::malloc(size)) return memory;
    throw std::bad_alloc();
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
    ++g_n_allocation;
    return std::malloc(size);
}
void operator delete(void* memory) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
    std::free(memory);
}

using namespace lares;
using namespace lares::test;

namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

SamplerChain make_chain(const SamplingParams& params, int n_vocab) {
    auto chain = SamplerChain::create(params, n_vocab);
    if (!chain) qFatal("%s", chain.error().message.c_str());
    return std::move(chain).value();
}

/// Only the temperature; tests add one stage each.
SamplingParams plain_params(float temperature = 1.0F) {
    SamplingParams params;
    params.temperature = temperature;
    params.top_p = 1.0F;
    return params;
}

TokenId sample(SamplerChain& chain, const std::vector<float>& logits) {
    const auto token = chain.sample(logits);
    return token ? *token : -1;
}

}  // namespace

class TestSamplerChain : public QObject {
    Q_OBJECT

private slots:
    void rejectsParametersOutOfRange_data();
    void rejectsParametersOutOfRange();
    void acceptsTheDefaults();
    void rejectsAnEmptyVocabulary();
    void rejectsAnotherNumberOfLogits();

    void greedyTakesTheLargest();
    void greedyTakesTheLowestIdOnATie();
    void greedyIgnoresTheSeed();
    void nanCountsAsMinusInfinity();
    void plusInfinityWins();
    void reportsLogitsWithoutAFiniteOne();
    void leavesTheLogitsUnchanged();
    void drawsOnlyWhatIsAllowed();
    void rejectsAMaskThatLeavesNothing();

    void stagesFollowTheOrderOfTheChain();

    void drawsTheExactDistribution_data();
    void drawsTheExactDistribution();
    void neverDrawsWhatAStageRemoved();
    void survivesTheSmallestTemperature();
    void sameSeedDrawsTheSame();
    void otherSeedsDrawOtherwise();
    void seedsDrawTheRecordedTokens();
    void goesOnAfterPicksMadeElsewhere();

    void ignoresTokensOutsideTheVocabulary();
    void acceptedTokensAreHistory();

    void allocatesOnlyInCreate();
};

// Parameters --------------------------------------------------------------------------------------

void TestSamplerChain::rejectsParametersOutOfRange_data() {
    QTest::addColumn<SamplingParams>("params");
    QTest::addColumn<QString>("field");
    const auto row = [](const char* field, const char* what, auto set) {
        SamplingParams params;
        set(params);
        QTest::addRow("%s %s", field, what) << params << QString::fromLatin1(field);
    };
    row("temperature", "negative", [](auto& p) { p.temperature = -0.1F; });
    row("temperature", "NaN", [](auto& p) { p.temperature = kNan; });
    row("temperature", "infinite", [](auto& p) { p.temperature = kInfinity; });
    row("top_k", "negative", [](auto& p) { p.top_k = -1; });
    row("top_p", "above 1", [](auto& p) { p.top_p = 1.01F; });
    row("top_p", "NaN", [](auto& p) { p.top_p = kNan; });
    row("min_p", "negative", [](auto& p) { p.min_p = -0.01F; });
    row("min_p", "above 1", [](auto& p) { p.min_p = 2.0F; });
    row("repeat_penalty", "zero", [](auto& p) { p.repeat_penalty = 0.0F; });
    row("repeat_penalty", "NaN", [](auto& p) { p.repeat_penalty = kNan; });
    row("presence_penalty", "negative", [](auto& p) { p.presence_penalty = -1.0F; });
    row("frequency_penalty", "infinite", [](auto& p) { p.frequency_penalty = kInfinity; });
    row("penalty_window", "negative", [](auto& p) { p.penalty_window = -1; });
    row("penalty_window", "huge", [](auto& p) { p.penalty_window = 1 << 30; });
}

void TestSamplerChain::rejectsParametersOutOfRange() {
    QFETCH(SamplingParams, params);
    QFETCH(QString, field);
    const auto valid = validate(params);
    QVERIFY(!valid);
    QCOMPARE(valid.error().code, ErrorCode::InvalidArgument);
    QVERIFY(QString::fromStdString(valid.error().message).contains(field));
    QVERIFY(!SamplerChain::create(params, 10));
}

void TestSamplerChain::acceptsTheDefaults() {
    QVERIFY(validate(SamplingParams{}));
    QVERIFY(validate(SamplingParams::greedy()));
}

void TestSamplerChain::rejectsAnEmptyVocabulary() {
    const auto chain = SamplerChain::create(SamplingParams{}, 0);
    QVERIFY(!chain);
    QCOMPARE(chain.error().code, ErrorCode::InvalidArgument);
}

void TestSamplerChain::rejectsAnotherNumberOfLogits() {
    auto chain = make_chain(SamplingParams{}, 3);
    const auto token = chain.sample(std::vector<float>{1, 2});
    QVERIFY(!token);
    QCOMPARE(token.error().code, ErrorCode::InvalidArgument);
}

// Greedy, and logits that are no numbers ----------------------------------------------------------

void TestSamplerChain::greedyTakesTheLargest() {
    auto chain = make_chain(SamplingParams::greedy(), 4);
    QCOMPARE(sample(chain, {-3, 2, 5, 4}), 2);
    QCOMPARE(sample(chain, {-3, -2, -5, -4}), 1);
}

void TestSamplerChain::greedyTakesTheLowestIdOnATie() {
    auto chain = make_chain(SamplingParams::greedy(), 4);
    QCOMPARE(sample(chain, {1, 7, 7, 7}), 1);
    QCOMPARE(sample(chain, {0, 0, 0, 0}), 0);
}

void TestSamplerChain::greedyIgnoresTheSeed() {
    const auto logits = random_logits(1000, 1, false);
    for (const std::uint64_t seed : {1, 2, 3}) {
        auto params = SamplingParams::greedy();
        params.seed = seed;
        auto chain = make_chain(params, 1000);
        QCOMPARE(sample(chain, logits), sorted_ids(logits).front());
    }
}

void TestSamplerChain::nanCountsAsMinusInfinity() {
    auto greedy = make_chain(SamplingParams::greedy(), 3);
    QCOMPARE(sample(greedy, {kNan, 1, kNan}), 1);
    auto drawing = make_chain(plain_params(), 3);
    for (int i = 0; i < 50; ++i) QCOMPARE(sample(drawing, {kNan, 1, -kInfinity}), 1);
}

void TestSamplerChain::plusInfinityWins() {
    auto greedy = make_chain(SamplingParams::greedy(), 3);
    QCOMPARE(sample(greedy, {1, kInfinity, kInfinity}), 1);
    auto drawing = make_chain(SamplingParams{}, 3);
    for (int i = 0; i < 50; ++i) QCOMPARE(sample(drawing, {1, 2, kInfinity}), 2);
}

void TestSamplerChain::reportsLogitsWithoutAFiniteOne() {
    for (const float temperature : {0.0F, 1.0F}) {
        auto chain = make_chain(plain_params(temperature), 2);
        for (const std::vector<float>& logits :
             {std::vector<float>{kNan, kNan}, {-kInfinity, kNan}, {kInfinity, -kInfinity}}) {
            const auto token = chain.sample(logits);
            QVERIFY(!token);
            QCOMPARE(token.error().code, ErrorCode::Internal);
        }
    }
}

void TestSamplerChain::leavesTheLogitsUnchanged() {
    SamplingParams params;
    params.repeat_penalty = 1.5F;
    params.top_k = 5;
    auto chain = make_chain(params, 100);
    const auto logits = random_logits(100, 2, false);
    const auto copy = logits;
    for (int i = 0; i < 20; ++i) (void)chain.sample(logits);
    QCOMPARE(logits, copy);
}

/// Before every other stage: what is not allowed takes none of the share of top-p.
void TestSamplerChain::drawsOnlyWhatIsAllowed() {
    const std::vector<float> logits{9, 8, 1, 0.5F, 7};
    TokenMask allowed(5);
    allowed.allow(2);
    allowed.allow(3);
    SamplerChain greedy = make_chain(SamplingParams::greedy(), 5);
    QCOMPARE(greedy.sample(logits, &allowed).value_or(-1), 2);

    SamplingParams params = plain_params(2.0F);
    params.top_p = 0.9F;
    params.seed = 5;
    SamplerChain chain = make_chain(params, 5);
    std::set<TokenId> drawn;
    for (int i = 0; i < 200; ++i) drawn.insert(chain.sample(logits, &allowed).value_or(-1));
    QCOMPARE(drawn, (std::set<TokenId>{2, 3}));
}

void TestSamplerChain::rejectsAMaskThatLeavesNothing() {
    SamplerChain chain = make_chain(plain_params(), 3);
    TokenMask allowed(3);
    allowed.allow(1);
    const auto none = chain.sample(std::vector<float>{1, -kInfinity, 1}, &allowed);
    QVERIFY(!none);
    QCOMPARE(none.error().code, ErrorCode::Internal);
    const TokenMask other(4);
    const auto foreign = chain.sample(std::vector<float>{1, 1, 1}, &other);
    QVERIFY(!foreign);
    QCOMPARE(foreign.error().code, ErrorCode::InvalidArgument);
}

void TestSamplerChain::stagesFollowTheOrderOfTheChain() {
    // Probabilities 0.4 0.3 0.2 0.1. After top-k 2 they are 0.57 and 0.43, so that top-p 0.5 keeps
    // one; the other way round it would keep two.
    std::vector<float> logits;
    for (const double p : {0.4, 0.3, 0.2, 0.1}) logits.push_back(static_cast<float>(std::log(p)));
    auto params = plain_params();
    params.top_k = 2;
    params.top_p = 0.5F;
    auto chain = make_chain(params, 4);
    for (int i = 0; i < 100; ++i) QCOMPARE(sample(chain, logits), 0);

    // Top-p sees the distribution before the temperature flattens it.
    params = plain_params(10.0F);
    params.top_p = 0.69F;
    auto hot = make_chain(params, 4);
    for (int i = 0; i < 200; ++i) QVERIFY(sample(hot, logits) <= 1);
}

// Draws -------------------------------------------------------------------------------------------

void TestSamplerChain::drawsTheExactDistribution_data() {
    QTest::addColumn<float>("temperature");
    QTest::addColumn<float>("top_p");
    for (const float temperature : {0.3F, 0.6F, 1.0F, 2.5F})
        for (const float top_p : {1.0F, 0.9F})
            QTest::addRow("temperature %g, top_p %g", temperature, top_p) << temperature << top_p;
}

void TestSamplerChain::drawsTheExactDistribution() {
    QFETCH(float, temperature);
    QFETCH(float, top_p);
    constexpr int kVocab = 12;
    constexpr int kDraws = 20'000;
    std::vector<float> logits;
    for (int i = 0; i < kVocab; ++i) logits.push_back(static_cast<float>(std::sin(i * 1.7) * 2));

    std::vector<float> kept(logits.size(), -kInfinity);
    for (const TokenId id : naive_top_p(logits, top_p)) kept[id] = logits[id];
    const auto expected = softmax(kept, temperature);

    auto params = plain_params(temperature);
    params.top_p = top_p;
    params.seed = 42;
    auto chain = make_chain(params, kVocab);
    std::vector<int> counts(kVocab);
    for (int i = 0; i < kDraws; ++i) ++counts[sample(chain, logits)];

    double chi_square = 0;
    for (int i = 0; i < kVocab; ++i) {
        const double mean = expected[i] * kDraws;
        if (mean == 0) {
            QCOMPARE(counts[i], 0);
            continue;
        }
        chi_square += (counts[i] - mean) * (counts[i] - mean) / std::max(mean, 1.0);
    }
    // 99.9 % point of chi-square with 11 degrees of freedom; fewer where top-p removed some.
    QVERIFY2(chi_square < 31.26, qPrintable(QString::number(chi_square)));
}

void TestSamplerChain::neverDrawsWhatAStageRemoved() {
    SamplingParams params = plain_params(5.0F);
    params.top_k = 20;
    params.min_p = 0.05F;
    auto chain = make_chain(params, 500);
    const auto logits = random_logits(500, 5, false);
    const auto by_k = naive_top_k(logits, 20);
    const auto by_p = naive_min_p(logits, 0.05);
    std::set<TokenId> drawn;
    for (int i = 0; i < 2000; ++i) drawn.insert(sample(chain, logits));
    for (const TokenId id : drawn)
        QVERIFY(std::ranges::count(by_k, id) == 1 && std::ranges::count(by_p, id) == 1);
    QVERIFY(drawn.size() > 1);
}

void TestSamplerChain::survivesTheSmallestTemperature() {
    auto chain = make_chain(plain_params(std::numeric_limits<float>::denorm_min()), 3);
    for (int i = 0; i < 20; ++i) QCOMPARE(sample(chain, {1, 1.0001F, -3e38F}), 1);
}

void TestSamplerChain::sameSeedDrawsTheSame() {
    SamplingParams params;
    params.seed = 7;
    params.repeat_penalty = 1.1F;
    auto a = make_chain(params, 3000);
    auto b = make_chain(params, 3000);
    for (unsigned step = 0; step < 100; ++step) {
        const auto logits = random_logits(3000, step, false);
        QCOMPARE(sample(a, logits), sample(b, logits));
    }
}

void TestSamplerChain::otherSeedsDrawOtherwise() {
    const std::vector<float> logits(1000, 0.0F);
    std::set<TokenId> first_draws;
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        auto params = plain_params();
        params.seed = seed;
        auto chain = make_chain(params, 1000);
        first_draws.insert(sample(chain, logits));
    }
    QVERIFY(first_draws.size() > 15);
}

void TestSamplerChain::seedsDrawTheRecordedTokens() {
    // Computed by a separate program: every machine and compiler must draw these.
    SamplingParams params;
    params.seed = 20240718;
    params.temperature = 1.0F;
    std::vector<float> logits;
    for (int i = 0; i < 1000; ++i) logits.push_back(static_cast<float>((i * 37) % 101) / 16);
    auto chain = make_chain(params, 1000);
    std::vector<TokenId> drawn;
    for (int i = 0; i < 8; ++i) drawn.push_back(sample(chain, logits));
    QCOMPARE(drawn, (std::vector<TokenId>{376, 565, 229, 999, 324, 256, 674, 949}));
}

void TestSamplerChain::goesOnAfterPicksMadeElsewhere() {
    SamplingParams params;
    params.seed = 11;
    params.frequency_penalty = 0.3F;
    auto all = make_chain(params, 300);
    auto rest = make_chain(params, 300);
    for (unsigned step = 0; step < 40; ++step) {
        const auto logits = random_logits(300, step, false);
        const TokenId token = sample(all, logits);
        if (step < 20)
            rest.accept_pick(token);
        else
            QCOMPARE(sample(rest, logits), token);
    }
}

// Penalties ---------------------------------------------------------------------------------------

void TestSamplerChain::ignoresTokensOutsideTheVocabulary() {
    auto params = SamplingParams::greedy();
    params.repeat_penalty = 2.0F;
    auto chain = make_chain(params, 2);
    for (const TokenId token : {-1, 2, std::numeric_limits<TokenId>::max()}) chain.accept(token);
    QCOMPARE(sample(chain, {3, 2}), 0);
}

void TestSamplerChain::acceptedTokensAreHistory() {
    auto params = SamplingParams::greedy();
    params.repeat_penalty = 2.0F;
    params.penalty_window = 2;
    auto chain = make_chain(params, 3);
    chain.accept(0);
    QCOMPARE(sample(chain, {3, 2, 1}), 1);  // 0 has 1.5
    QCOMPARE(sample(chain, {3, 2, 1}), 0);  // 0 has 1.5, 1 has 1, 2 has 1
    QCOMPARE(sample(chain, {3, 2, 1}), 0);  // the window is now {1, 0}
    QCOMPARE(sample(chain, {3, 2, 1}), 1);  // and now {0, 0}
}

// Promises ----------------------------------------------------------------------------------------

void TestSamplerChain::allocatesOnlyInCreate() {
    SamplingParams params;
    params.top_k = 100;
    params.min_p = 0.01F;
    params.repeat_penalty = 1.1F;
    params.presence_penalty = 0.1F;
    params.penalty_window = 8;
    auto chain = make_chain(params, 5000);
    const auto logits = random_logits(5000, 7, false);
    const std::size_t before = g_n_allocation;
    for (int i = 0; i < 50; ++i) (void)chain.sample(logits);
    const std::size_t after = g_n_allocation;
    QCOMPARE(after, before);
}

QTEST_APPLESS_MAIN(TestSamplerChain)
#include "tst_sampler_chain.moc"
