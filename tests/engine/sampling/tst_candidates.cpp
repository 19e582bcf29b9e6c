#include "engine/sampling/candidates.h"
#include "tests/engine/sampling/sampling_reference.h"

#include <QTest>

using namespace lares;
using namespace lares::test;

namespace {

using Ids = std::vector<TokenId>;

Ids ids_of(const Candidates& candidates) {
    Ids ids;
    for (const auto& entry : candidates.entries()) ids.push_back(entry.id);
    return ids;
}

}  // namespace

class TestCandidates : public QObject {
    Q_OBJECT

private slots:
    void topKKeepsTheSameAsSorting_data();
    void topKKeepsTheSameAsSorting();
    void topPKeepsTheSameAsSorting_data();
    void topPKeepsTheSameAsSorting();
    void minPKeepsTheSameAsComparing_data();
    void minPKeepsTheSameAsComparing();
    void topPOfZeroLeavesOneToken();
    void topPOfEqualLogitsTakesTheLowestIds();
    void zeroesOfBothSignsTie();
    void drawsTheLargestSumOfAll();
};

void TestCandidates::topKKeepsTheSameAsSorting_data() {
    QTest::addColumn<int>("n_vocab");
    QTest::addColumn<int>("k");
    QTest::addColumn<bool>("ties");
    for (const bool ties : {false, true})
        for (const int n_vocab : {1, 17, 5000, 131072})
            for (const int k : {1, 2, 40, 1000, 200000})
                QTest::addRow("%d of %d%s", k, n_vocab, ties ? ", ties" : "")
                    << n_vocab << k << ties;
}

void TestCandidates::topKKeepsTheSameAsSorting() {
    QFETCH(int, n_vocab);
    QFETCH(int, k);
    QFETCH(bool, ties);
    const auto logits = random_logits(n_vocab, 3, ties);
    Candidates candidates(n_vocab);
    candidates.assign(logits);
    candidates.keep_top_k(k);
    QCOMPARE(ids_of(candidates), naive_top_k(logits, k));
}

void TestCandidates::topPKeepsTheSameAsSorting_data() {
    QTest::addColumn<int>("n_vocab");
    QTest::addColumn<double>("p");
    QTest::addColumn<bool>("ties");
    for (const bool ties : {false, true})
        for (const int n_vocab : {1, 17, 5000, 131072})
            for (const double p : {0.01, 0.5, 0.95, 0.999})
                QTest::addRow("%g of %d%s", p, n_vocab, ties ? ", ties" : "")
                    << n_vocab << p << ties;
}

void TestCandidates::topPKeepsTheSameAsSorting() {
    QFETCH(int, n_vocab);
    QFETCH(double, p);
    QFETCH(bool, ties);
    for (unsigned seed = 0; seed < 2; ++seed) {
        const auto logits = random_logits(n_vocab, seed, ties);
        Candidates candidates(n_vocab);
        candidates.assign(logits);
        candidates.keep_top_p(p);
        QCOMPARE(ids_of(candidates), naive_top_p(logits, p));
    }
}

void TestCandidates::minPKeepsTheSameAsComparing_data() {
    topPKeepsTheSameAsSorting_data();
}

void TestCandidates::minPKeepsTheSameAsComparing() {
    QFETCH(int, n_vocab);
    QFETCH(double, p);
    QFETCH(bool, ties);
    const auto logits = random_logits(n_vocab, 4, ties);
    Candidates candidates(n_vocab);
    candidates.assign(logits);
    candidates.keep_min_p(p);
    QCOMPARE(ids_of(candidates), naive_min_p(logits, p));
}

void TestCandidates::topPOfZeroLeavesOneToken() {
    Candidates candidates(4);
    candidates.assign(std::vector<float>{1, 3, 3, 2});
    candidates.keep_top_p(0.0);
    QCOMPARE(ids_of(candidates), Ids{1});
}

void TestCandidates::topPOfEqualLogitsTakesTheLowestIds() {
    Candidates candidates(8);
    candidates.assign(std::vector<float>(8, -2.5F));
    candidates.keep_top_p(0.5);
    QCOMPARE(ids_of(candidates), (Ids{0, 1, 2, 3}));
}

void TestCandidates::zeroesOfBothSignsTie() {
    Candidates candidates(4);
    candidates.assign(std::vector<float>{-0.0F, 0.0F, -0.0F, -1.0F});
    candidates.keep_top_k(2);
    QCOMPARE(ids_of(candidates), (Ids{0, 1}));
}

/// Also where it skips those that cannot win.
void TestCandidates::drawsTheLargestSumOfAll() {
    for (unsigned step = 0; step < 200; ++step) {
        const auto logits = random_logits(700, step, step % 2 == 0);
        const double temperature = step % 3 == 0 ? 0.2 : 3.0;
        Candidates candidates(700);
        candidates.assign(logits);
        TokenId want = 0;
        double largest = -1e300;
        for (TokenId id = 0; id < 700; ++id) {
            const double value =
                static_cast<double>(logits[static_cast<std::size_t>(id)]) / temperature +
                GumbelNoise(9, step).at(id);
            if (value > largest) want = id;
            largest = std::max(value, largest);
        }
        QCOMPARE(candidates.draw(temperature, GumbelNoise(9, step)), want);
    }
}

QTEST_APPLESS_MAIN(TestCandidates)
#include "tst_candidates.moc"
