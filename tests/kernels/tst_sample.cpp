// Sampling on the device: which tokens are kept against the CPU's Candidates, token by token; the
// distribution of what is drawn; penalties against the CPU's window; greedy to the bit.

#include "engine/sampling/candidates.h"
#include "engine/sampling/penalty_window.h"
#include "kernels/sample.h"
#include "tests/kernels/run_kernel.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <limits>

using namespace lares;
using namespace lares::kernels;
using namespace lares::test;
using simt::GlobalBuffer;

namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

struct Sampler {
    explicit Sampler(const std::vector<float>& values)
        : logits("logits", values)
        , work("work", values.size())
        , allowed("allowed", std::vector<std::uint32_t>(values.size() / 32 + 1, 0))
        , seen("seen", std::vector<std::uint32_t>(values.size(), 0))
        , window("window", 64)
        , settings("settings", std::vector<SampleSettings>(1))
        , state("state", std::vector<SampleState>(1))
        , picked("picked", std::vector<SamplePicked>(1))
        , bins("bins", std::vector<SampleBins>(1))
        , listed("listed", std::vector<std::int32_t>(values.size(), 0)) {}

    [[nodiscard]] SampleParams params() const {
        return {logits.data(),
                work.data(),
                allowed.data(),
                seen.data(),
                window.data(),
                settings.data(),
                state.data(),
                picked.data(),
                bins.data(),
                listed.data(),
                static_cast<std::int32_t>(logits.size())};
    }
    [[nodiscard]] SampleSettings& set() const { return settings[0]; }
    /// The next token; -1 and a warning if a launch fails.
    int next() const {
        for (const Launch& launch : {sample_scan_launch(params()), sample_bins_launch(params()),
                                     sample_pick_launch(params())}) {
            const std::string error = is_thorough ? run_both_ways(launch) : run_once(launch);
            if (error.empty()) continue;
            qWarning("%s", error.c_str());
            return -1;
        }
        return state[0].token;
    }

    GlobalBuffer<float> logits, work;
    GlobalBuffer<std::uint32_t> allowed, seen;
    GlobalBuffer<std::int32_t> window;
    GlobalBuffer<SampleSettings> settings;
    GlobalBuffer<SampleState> state;
    GlobalBuffer<SamplePicked> picked;
    GlobalBuffer<SampleBins> bins;
    GlobalBuffer<std::int32_t> listed;
    bool is_thorough = true;
};

}  // namespace

class SampleTest : public QObject {
    Q_OBJECT

private slots:
    void greedyTakesTheLargest();
    void greedyTakesTheLowestIdOnATie();
    void keepsWhatTheCpuKeeps_data();
    void keepsWhatTheCpuKeeps();
    void keepsTheLowestIdsOfATie();
    void drawsWithTheRightFrequencies_data();
    void drawsWithTheRightFrequencies();
    void drawsTheSameAgainWithTheSameSeed();
    void penalizesAsTheCpuDoes();
    void drawsOnlyWhatTheMaskAllows();
    void saysWhenNothingIsFinite();
    void countsStepsAndPositions();
};

void SampleTest::greedyTakesTheLargest() {
    Generator generator(40);
    const Sampler sampler(random_floats(generator, 5000, 3.0F));
    sampler.set().temperature = 0.0F;
    const auto span = sampler.logits.span();
    for (const float loud : {0.0F, 100.0F, kInfinity, -kInfinity, std::nanf("")}) {
        sampler.logits[4321] = loud;
        const auto largest = std::max_element(span.begin(), span.end(), [](float a, float b) {
            return (std::isnan(a) ? -kInfinity : a) < (std::isnan(b) ? -kInfinity : b);
        });
        QCOMPARE(sampler.next(), static_cast<int>(largest - span.begin()));
    }
}

void SampleTest::greedyTakesTheLowestIdOnATie() {
    const Sampler sampler(std::vector<float>(3000, -1.5F));
    sampler.set().temperature = 0.0F;
    QCOMPARE(sampler.next(), 0);
    sampler.logits[2222] = 7.0F;
    sampler.logits[1111] = 7.0F;
    QCOMPARE(sampler.next(), 1111);
    sampler.logits[2222] = -0.0F;
    sampler.logits[1111] = -2.0F;
    sampler.logits[2999] = 0.0F;
    QCOMPARE(sampler.next(), 2222);
}

void SampleTest::keepsWhatTheCpuKeeps_data() {
    QTest::addColumn<int>("n_vocab");
    QTest::addColumn<float>("deviation");
    QTest::addColumn<int>("top_k");
    QTest::addColumn<float>("top_p");
    QTest::addColumn<float>("min_p");
    const auto row = [](int n_vocab, float deviation, int top_k, float top_p, float min_p) {
        QTest::addRow("%d, deviation %g, top-k %d, top-p %g, min-p %g", n_vocab,
                      static_cast<double>(deviation), top_k, static_cast<double>(top_p),
                      static_cast<double>(min_p))
            << n_vocab << deviation << top_k << top_p << min_p;
    };
    row(131072, 3, 40, 0.95F, 0);
    row(5000, 3, 0, 0.95F, 0);
    row(5000, 3, 1, 1, 0);
    row(5000, 3, 4999, 1, 0);
    row(5000, 3, 9000, 0.5F, 0);
    row(5000, 0.001F, 700, 0.9F, 0);  // all in one bin: bit by bit
    row(5000, 0.02F, 0, 0.31F, 0);
    row(5000, 30, 0, 0.9999F, 0);
    row(5000, 3, 0, 1, 0.01F);
    row(5000, 3, 0, 1, 1);
    row(5000, 3, 0, 1, 1e-20F);
    row(9000, 3, 0, 0.9F, 0.001F);  // several blocks
    row(5000, 3, 200, 0.8F, 0.05F);
    row(5000, 3, 0, 0, 0);
    row(7, 1, 3, 0.9F, 0);
    row(1, 1, 3, 0.9F, 0.1F);
}

void SampleTest::keepsWhatTheCpuKeeps() {
    QFETCH(int, n_vocab);
    QFETCH(float, deviation);
    QFETCH(int, top_k);
    QFETCH(float, top_p);
    QFETCH(float, min_p);
    Generator generator(41);
    const auto logits = random_floats(generator, static_cast<std::size_t>(n_vocab), deviation);
    Sampler sampler(logits);
    sampler.is_thorough = n_vocab < 10000;
    SampleSettings& set = sampler.set();
    set.temperature = 1000.0F;  // every kept token about as likely as the next
    set.top_k = top_k;
    set.top_p = top_p;
    set.min_p = min_p;
    Candidates candidates(n_vocab);
    candidates.assign(logits);
    if (top_k > 0) candidates.keep_top_k(top_k);
    candidates.keep_top_p(static_cast<double>(top_p));
    candidates.keep_min_p(static_cast<double>(min_p));
    std::vector<int> kept;
    for (const Candidates::Entry& entry : candidates.entries()) kept.push_back(entry.id);
    for (int i = 0; i < 2; ++i) {
        const int token = sampler.next();
        QCOMPARE(sampler.state[0].n_kept, static_cast<std::int32_t>(kept.size()));
        QVERIFY(std::binary_search(kept.begin(), kept.end(), token));
    }
}

void SampleTest::keepsTheLowestIdsOfATie() {
    for (const std::size_t n : {std::size_t{500}, std::size_t{3000}}) {
        const Sampler sampler(std::vector<float>(n, 2.0F));
        sampler.set().top_k = 3;
        sampler.set().temperature = 1.0F;
        for (int i = 0; i < (n == 500 ? 12 : 4); ++i) {
            const int token = sampler.next();
            QVERIFY(token >= 0 && token < 3);
            QCOMPARE(sampler.state[0].n_kept, 3);
        }
    }
}

void SampleTest::drawsWithTheRightFrequencies_data() {
    QTest::addColumn<float>("top_p");
    QTest::newRow("in the scan") << 1.0F;
    QTest::newRow("in the pick") << 0.97F;
}

/// Chi-squared over ten tokens: 27.9 is exceeded by chance once in a thousand seeds.
void SampleTest::drawsWithTheRightFrequencies() {
    QFETCH(float, top_p);
    Generator generator(42);
    const auto logits = random_floats(generator, 10, 1.0F);
    Sampler sampler(logits);
    sampler.is_thorough = false;
    sampler.set().temperature = 0.7F;
    sampler.set().top_p = top_p;
    sampler.set().seed = 123456789012345ULL;
    Candidates candidates(10);
    candidates.assign(logits);
    candidates.keep_top_p(static_cast<double>(top_p));
    std::vector<double> probability(10, 0.0);
    double total = 0;
    for (const auto& entry : candidates.entries())
        total += probability[static_cast<std::size_t>(entry.id)] =
            std::exp(static_cast<double>(entry.logit) / 0.7);
    constexpr int kDraws = 150;
    std::vector<int> count(10, 0);
    for (int i = 0; i < kDraws; ++i) ++count[static_cast<std::size_t>(sampler.next())];
    double chi_squared = 0;
    for (std::size_t i = 0; i < 10; ++i) {
        const double expected = kDraws * probability[i] / total;
        if (expected == 0) {
            QCOMPARE(count[i], 0);
            continue;
        }
        chi_squared += (count[i] - expected) * (count[i] - expected) / expected;
    }
    qInfo("chi-squared %.1f", chi_squared);
    QVERIFY(chi_squared < 27.9);
    QVERIFY(chi_squared > 0.5);  // nor suspiciously even
}

void SampleTest::drawsTheSameAgainWithTheSameSeed() {
    const auto draw = [](std::uint64_t seed) {
        Generator generator(43);
        const Sampler sampler(random_floats(generator, 2000, 1.0F));
        sampler.set().temperature = 1.0F;
        sampler.set().seed = seed;
        std::vector<int> tokens;
        for (int i = 0; i < 8; ++i) tokens.push_back(sampler.next());
        return tokens;
    };
    const auto first = draw(7);
    QCOMPARE(draw(7), first);
    QVERIFY(draw(8) != first);
    QVERIFY(draw(7ULL << 32) != first);
    QVERIFY(std::adjacent_find(first.begin(), first.end(), std::not_equal_to<>()) != first.end());
}

void SampleTest::penalizesAsTheCpuDoes() {
    Generator generator(44);
    const auto logits = random_floats(generator, 50, 2.0F);
    const Sampler sampler(logits);
    SampleSettings& set = sampler.set();
    set.temperature = 0.0F;
    set.repeat_penalty = 1.3F;
    set.presence_penalty = 0.4F;
    set.frequency_penalty = 0.25F;
    set.penalty_window = 6;
    SamplingParams cpu_params = SamplingParams::greedy();
    cpu_params.repeat_penalty = 1.3F;
    cpu_params.presence_penalty = 0.4F;
    cpu_params.frequency_penalty = 0.25F;
    cpu_params.penalty_window = 6;
    PenaltyWindow cpu(cpu_params, 50);
    const std::vector<std::int32_t> prompt = {3, 9, 3, 49, 60, -1, 7, 3};
    const GlobalBuffer<std::int32_t> tokens("tokens", prompt);
    const std::string error = run_both_ways(sample_accept_launch(
        {tokens.data(), sampler.seen.data(), sampler.window.data(), sampler.settings.data(),
         sampler.state.data(), static_cast<std::int32_t>(prompt.size()), 50}));
    QVERIFY2(error.empty(), error.c_str());
    for (const std::int32_t token : prompt) cpu.accept(token);
    for (int i = 0; i < 20; ++i) {
        auto penalized = logits;
        cpu.apply(penalized);
        const int token = sampler.next();
        for (std::size_t id = 0; id < 50; ++id) QCOMPARE(sampler.work[id], penalized[id]);
        QCOMPARE(token, static_cast<int>(std::max_element(penalized.begin(), penalized.end()) -
                                         penalized.begin()));
        cpu.accept(token);
    }
}

void SampleTest::drawsOnlyWhatTheMaskAllows() {
    Generator generator(45);
    const Sampler sampler(random_floats(generator, 1000, 1.0F));
    sampler.allowed[10] = 0x00000110U;  // tokens 324 and 328
    sampler.set().has_mask = 1;
    sampler.set().temperature = 5.0F;
    bool first = false;
    bool second = false;
    for (int i = 0; i < 20; ++i) {
        sampler.set().top_p = i % 2 == 0 ? 1.0F : 0.9999F;
        const int token = sampler.next();
        first |= token == 324;
        second |= token == 328;
        QVERIFY(token == 324 || token == 328);
    }
    QVERIFY(first && second);
}

void SampleTest::saysWhenNothingIsFinite() {
    const Sampler sampler(std::vector<float>(100, -kInfinity));
    for (const float temperature : {0.0F, 1.0F}) {
        sampler.set().temperature = temperature;
        QCOMPARE(sampler.next(), 0);
        QVERIFY(sampler.state[0].status == SampleStatus::NoFiniteLogit);
        QVERIFY(sampler.picked[0].status == SampleStatus::NoFiniteLogit);
    }
    sampler.logits[5] = -3.0F;
    QCOMPARE(sampler.next(), 5);
    QVERIFY(sampler.state[0].status == SampleStatus::Ok);
    QVERIFY(sampler.picked[0].status == SampleStatus::Ok);
}

void SampleTest::countsStepsAndPositions() {
    Generator generator(46);
    const Sampler sampler(random_floats(generator, 100, 1.0F));
    sampler.state[0].position = 77;
    for (int i = 1; i <= 6; ++i) {
        const int token = sampler.next();
        QCOMPARE(sampler.state[0].position, 77 + i);
        QCOMPARE(sampler.state[0].step, static_cast<unsigned>(i));
        QCOMPARE(sampler.picked[0].token, token);
        QCOMPARE(sampler.picked[0].position, 77 + i);
    }
}

QTEST_APPLESS_MAIN(SampleTest)
#include "tst_sample.moc"
