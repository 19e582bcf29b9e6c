#include "engine/sampling/penalty_window.h"
#include "tests/engine/sampling/sampling_reference.h"

#include <QTest>

#include <deque>
#include <map>

using namespace lares;
using namespace lares::test;

class TestPenaltyWindow : public QObject {
    Q_OBJECT

private slots:
    void matchesCountingTheWindow_data();
    void matchesCountingTheWindow();
};

void TestPenaltyWindow::matchesCountingTheWindow_data() {
    QTest::addColumn<float>("repeat");
    QTest::addColumn<float>("presence");
    QTest::addColumn<float>("frequency");
    QTest::addColumn<int>("window");
    QTest::newRow("off") << 1.0F << 0.0F << 0.0F << 16;
    QTest::newRow("repeat") << 1.3F << 0.0F << 0.0F << 16;
    QTest::newRow("presence") << 1.0F << 0.7F << 0.0F << 16;
    QTest::newRow("frequency") << 1.0F << 0.0F << 0.4F << 16;
    QTest::newRow("all") << 1.2F << 0.5F << 0.25F << 16;
    QTest::newRow("all, window of one") << 1.2F << 0.5F << 0.25F << 1;
    QTest::newRow("all, window of none") << 1.2F << 0.5F << 0.25F << 0;
    QTest::newRow("all, longer than the history") << 1.2F << 0.5F << 0.25F << 5000;
}

void TestPenaltyWindow::matchesCountingTheWindow() {
    QFETCH(float, repeat);
    QFETCH(float, presence);
    QFETCH(float, frequency);
    QFETCH(int, window);
    SamplingParams params;
    params.repeat_penalty = repeat;
    params.presence_penalty = presence;
    params.frequency_penalty = frequency;
    params.penalty_window = window;

    constexpr int kVocab = 30;
    PenaltyWindow penalties(params, kVocab);
    std::deque<TokenId> history;
    std::mt19937 random(6);
    for (unsigned step = 0; step < 500; ++step) {
        const auto original = random_logits(kVocab, step, false);
        auto got = original;
        penalties.apply(got);

        std::map<TokenId, int> counts;
        for (const TokenId id : history) ++counts[id];
        for (int id = 0; id < kVocab; ++id) {
            double want = original[id];
            if (const int count = counts[id]; count > 0) {
                want = want > 0 ? want / repeat : want * repeat;
                want -= presence + count * static_cast<double>(frequency);
            }
            QVERIFY(std::abs(got[id] - want) <= 1e-5 + 1e-6 * std::abs(want));
        }

        const auto token = static_cast<TokenId>(random() % kVocab);
        penalties.accept(token);
        history.push_back(token);
        if (std::ssize(history) > window) history.pop_front();
    }
}

QTEST_APPLESS_MAIN(TestPenaltyWindow)
#include "tst_penalty_window.moc"
