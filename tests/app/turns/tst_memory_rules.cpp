#include "app/chat/memory_rules.h"

#include <QTest>

using namespace lares::app;
using namespace std::chrono_literals;

namespace {

constexpr std::uint64_t kMuch = 2'000'000'000;
constexpr std::uint64_t kLittle = MemoryRules::kCardReserveBytes - 1;

}  // namespace

class MemoryRulesTest : public QObject {
    Q_OBJECT

private slots:
    void isIdleSoLongAfterTheLastUse();
    void aMachineThatSleptIsIdleAtOnce();
    void neverIsNever();
    void aCardThatOthersFilledIsWanted();
    void aCardThatTheModelFilledIsNot();
    void whoeverUsesTheModelKeepsTheCard();
    void anotherModelBeginsAnew();
};

void MemoryRulesTest::isIdleSoLongAfterTheLastUse() {
    MemoryRules rules;
    rules.setUnloadAfter(5min);
    rules.begin(1h);
    QVERIFY(!rules.isIdle(1h + 5min - 1ms));
    QVERIFY(rules.isIdle(1h + 5min));
    rules.use(1h + 5min);
    QVERIFY(!rules.isIdle(1h + 9min));
    QVERIFY(rules.isIdle(1h + 10min));
}

void MemoryRulesTest::aMachineThatSleptIsIdleAtOnce() {
    MemoryRules rules;
    rules.setUnloadAfter(30min);
    rules.begin(1min);
    QVERIFY(!rules.isIdle(2min));
    QVERIFY(rules.isIdle(10h));
}

void MemoryRulesTest::neverIsNever() {
    MemoryRules rules;
    rules.begin(0ms);
    QVERIFY(!rules.isIdle(1000h));
}

void MemoryRulesTest::aCardThatOthersFilledIsWanted() {
    MemoryRules rules;
    rules.begin(0ms);
    QVERIFY(!rules.isCardWanted(1h));  // nobody has measured
    rules.measured(kMuch);
    QVERIFY(!rules.isCardWanted(1h));
    rules.measured(kLittle);
    QVERIFY(rules.isCardWanted(1h));
    rules.setYieldsCard(false);
    QVERIFY(!rules.isCardWanted(1h));
}

void MemoryRulesTest::aCardThatTheModelFilledIsNot() {
    MemoryRules rules;
    rules.begin(0ms);
    rules.measured(kLittle);
    rules.measured(0);
    QVERIFY(!rules.isCardWanted(1h));
    // Until others have given some back, and taken it again.
    rules.measured(kMuch);
    rules.measured(kLittle);
    QVERIFY(rules.isCardWanted(1h));
}

void MemoryRulesTest::whoeverUsesTheModelKeepsTheCard() {
    MemoryRules rules;
    rules.begin(0ms);
    rules.measured(kMuch);
    rules.measured(kLittle);
    rules.use(1h);
    QVERIFY(!rules.isCardWanted(1h + MemoryRules::kQuiet - 1ms));
    QVERIFY(rules.isCardWanted(1h + MemoryRules::kQuiet));
}

void MemoryRulesTest::anotherModelBeginsAnew() {
    MemoryRules rules;
    rules.begin(0ms);
    rules.measured(kMuch);
    rules.begin(1h);
    rules.measured(kLittle);
    QVERIFY(!rules.isCardWanted(2h));
}

QTEST_APPLESS_MAIN(MemoryRulesTest)
#include "tst_memory_rules.moc"
