#include "engine/session/draft_index.h"

#include <QElapsedTimer>
#include <QTest>

#include <algorithm>
#include <random>
#include <vector>

using namespace lares;

namespace {

using Tokens = std::vector<TokenId>;

/// The longest run of tokens that ends somewhere before the end as the whole does, by looking
/// everywhere.
int longest_by_search(const Tokens& tokens) {
    int best = 0;
    for (std::size_t place = 1; place < tokens.size(); ++place) {
        int n = 0;
        while (n < DraftIndex::kLongest && static_cast<std::size_t>(n) < place &&
               tokens[place - 1 - static_cast<std::size_t>(n)] ==
                   tokens[tokens.size() - 1 - static_cast<std::size_t>(n)])
            ++n;
        best = std::max(best, n);
    }
    return best >= DraftIndex::kShort ? best : 0;
}

}  // namespace

class TestDraftIndex : public QObject {
    Q_OBJECT

private slots:
    void findsWhatFollowedTheLongestMatch();
    void takesTheNewestOfEqualMatches();
    void findsNothingWhereThereIsNothing();
    void findsWhatASearchFinds();
    void growsInPartsAsAtOnce();
    void repetitionCostsNoMore();
};

void TestDraftIndex::findsWhatFollowedTheLongestMatch() {
    DraftIndex index;
    index.append(Tokens{9, 1, 2, 3, 4, 50, 51, 8, 2, 3, 4, 60, 61, 7, 1, 2, 3, 4});
    const auto match = index.longest();
    QCOMPARE(match.length, 4);
    QCOMPARE(match.following[0], 50);
    QCOMPARE(match.following[1], 51);
    QCOMPARE(match.following.size(), std::size_t{13});
}

void TestDraftIndex::takesTheNewestOfEqualMatches() {
    DraftIndex index;
    index.append(Tokens{1, 2, 10, 1, 2, 20, 5, 1, 2});
    QCOMPARE(index.longest().length, 2);
    QCOMPARE(index.longest().following[0], 20);
}

void TestDraftIndex::findsNothingWhereThereIsNothing() {
    DraftIndex index;
    QCOMPARE(index.longest().length, 0);
    index.append(Tokens{1});
    QCOMPARE(index.longest().length, 0);
    index.append(Tokens{2, 3, 4, 5, 3});
    QCOMPARE(index.longest().length, 0);  // a single token is no reason
    QVERIFY(index.longest().following.empty());
}

/// Few different tokens, so that matches of all lengths come up; few enough tokens in all that the
/// bound on places does not matter to the long ones.
void TestDraftIndex::findsWhatASearchFinds() {
    std::mt19937 random(1);
    int n_found = 0;
    for (int round = 0; round < 20; ++round) {
        Tokens tokens;
        DraftIndex index;
        for (int i = 0; i < 150; ++i) {
            tokens.push_back(static_cast<TokenId>(random() % 12));
            index.append({&tokens.back(), 1});
            const int want = longest_by_search(tokens);
            QCOMPARE(index.longest().length, want);
            n_found += want > 0;
        }
    }
    QVERIFY(n_found > 500);
}

void TestDraftIndex::growsInPartsAsAtOnce() {
    std::mt19937 random(2);
    Tokens tokens(5000);
    for (TokenId& token : tokens) token = static_cast<TokenId>(random() % 30);
    DraftIndex at_once, in_parts;
    at_once.append(tokens);
    for (std::size_t i = 0; i < tokens.size(); i += 7)
        in_parts.append(std::span(tokens).subspan(i, std::min<std::size_t>(7, tokens.size() - i)));
    QCOMPARE(in_parts.size(), at_once.size());
    QCOMPARE(in_parts.longest().length, at_once.longest().length);
    QVERIFY(std::ranges::equal(in_parts.longest().following, at_once.longest().following));
}

/// Where everything is equal, all places are candidates: a search of all would take 10^10 steps.
void TestDraftIndex::repetitionCostsNoMore() {
    DraftIndex index;
    QElapsedTimer timer;
    timer.start();
    const TokenId same = 7;
    std::size_t n_following = 0;
    for (int i = 0; i < 100000; ++i) {
        index.append({&same, 1});
        n_following += index.longest().following.size();
    }
    QCOMPARE(index.longest().length, DraftIndex::kLongest);
    QVERIFY(n_following > 0);
    QVERIFY2(timer.elapsed() < 20000, qPrintable(QString::number(timer.elapsed())));
}

QTEST_GUILESS_MAIN(TestDraftIndex)
#include "tst_draft_index.moc"
