#include "engine/sampling/portable_exp.h"
#include "engine/sampling/random.h"

#include <QTest>

#include <cmath>
#include <limits>

using namespace lares;

/// The two numeric parts that must give the same bits on every machine.
class TestRandom : public QObject {
    Q_OBJECT

private slots:
    void generatorMatchesItsReference();
    void portableExpMatchesTheLibrary();
};

void TestRandom::generatorMatchesItsReference() {
    // The test vector of the rand_xoshiro crate, made with the authors' C code.
    Random from_state(std::array<std::uint64_t, 4>{1, 2, 3, 4});
    for (const std::uint64_t want :
         {std::uint64_t{41943041}, std::uint64_t{58720359}, std::uint64_t{3588806011781223},
          std::uint64_t{3591011842654386}, std::uint64_t{9228616714210784205U},
          std::uint64_t{9973669472204895162U}})
        QCOMPARE(from_state.next(), want);

    Random unit(0);
    for (int i = 0; i < 1000; ++i) {
        const double value = unit.next_unit();
        QVERIFY(value >= 0 && value < 1);
    }
}

void TestRandom::portableExpMatchesTheLibrary() {
    QCOMPARE(portable_exp(0.0), 1.0);
    QCOMPARE(portable_exp(-std::numeric_limits<double>::infinity()), 0.0);
    QCOMPARE(portable_exp(-701.0), 0.0);
    for (double x = -700; x < 0; x += 0.0137) {
        const double want = std::exp(x);
        QVERIFY(std::abs(portable_exp(x) - want) <= 1e-15 * want);
    }
}

QTEST_APPLESS_MAIN(TestRandom)
#include "tst_random.moc"
