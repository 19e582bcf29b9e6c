#include "engine/sampling/gumbel_noise.h"
#include "engine/sampling/portable_exp.h"
#include "engine/sampling/random.h"

#include <QTest>

#include <cmath>
#include <limits>

using namespace lares;

/// The numeric parts that must give the same bits on every machine.
class TestRandom : public QObject {
    Q_OBJECT

private slots:
    void generatorMatchesItsReference();
    void philoxMatchesItsAuthorsVectors();
    void portableExpMatchesTheLibrary();
    void portableLogMatchesTheLibrary();
    void noiseStaysWithinItsBounds();
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

/// kat_vectors of Random123.
void TestRandom::philoxMatchesItsAuthorsVectors() {
    using Words = std::array<std::uint32_t, 4>;
    constexpr std::uint32_t kAll = 0xFFFFFFFF;
    QCOMPARE(philox({0, 0, 0, 0}, {0, 0}), (Words{0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8}));
    QCOMPARE(philox({kAll, kAll, kAll, kAll}, {kAll, kAll}),
             (Words{0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD}));
    QCOMPARE(philox({0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344}, {0xA4093822, 0x299F31D0}),
             (Words{0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1}));
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

void TestRandom::portableLogMatchesTheLibrary() {
    QCOMPARE(portable_log(1.0), 0.0);
    for (double x = 1e-9; x < 40; x *= 1.00137) {
        const double want = std::log(x);
        QVERIFY(std::abs(portable_log(x) - want) <= 1e-15 * std::abs(want) + 1e-17);
    }
    for (const double x : {0x1p-24, 1 - 0x1p-24, std::sqrt(0.5), std::sqrt(2.0), 0x1p-1022})
        QVERIFY(std::abs(portable_log(x) - std::log(x)) <= 1e-15 * std::abs(std::log(x)));
}

void TestRandom::noiseStaysWithinItsBounds() {
    // The largest and the smallest u that 23 bits make.
    QVERIFY(-std::log(-std::log(1 - 0x1p-24)) < GumbelNoise::kMost);
    double sum = 0;
    constexpr int kN = 200'000;
    GumbelNoise noise(5, 3);
    for (int id = 0; id < kN; ++id) {
        const double value = noise.at(id);
        QVERIFY(value > -3 && value < GumbelNoise::kMost);
        sum += value;
    }
    // Its mean is Euler's constant, its deviation pi / sqrt(6).
    QVERIFY(std::abs(sum / kN - 0.5772) < 4 * 1.2825 / std::sqrt(kN));
}

QTEST_APPLESS_MAIN(TestRandom)
#include "tst_random.moc"
