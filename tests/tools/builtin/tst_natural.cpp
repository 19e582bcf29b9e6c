#include "tools/builtin/calculate/natural.h"

#include <QTest>

#include <random>

using namespace lares;

namespace {

/// Numbers with long runs of ones and zeros, which is where carries and guessed digits go wrong.
Natural randomNatural(std::mt19937_64& random, int n_limb) {
    Natural value;
    for (int i = 0; i < n_limb; ++i) {
        const std::uint64_t kind = random() % 4;
        const std::uint64_t limb = kind == 0   ? 0
                                   : kind == 1 ? 0xFFFFFFFF
                                   : kind == 2 ? 0x80000000
                                               : random() & 0xFFFFFFFF;
        value = value.shifted_left(32) + Natural(limb);
    }
    return value;
}

}  // namespace

class NaturalTest : public QObject {
    Q_OBJECT

private slots:
    void quotientTimesDivisorPlusRemainderIsTheDividend() {
        std::mt19937_64 random(1);
        for (int round = 0; round < 20'000; ++round) {
            const Natural a = randomNatural(random, static_cast<int>(random() % 8));
            const Natural b = randomNatural(random, 1 + static_cast<int>(random() % 5));
            if (b.is_zero()) continue;
            const auto [quotient, remainder] = divided(a, b);
            QVERIFY(remainder < b);
            QVERIFY(quotient * b + remainder == a);
        }
    }
    void differenceUndoesTheSum() {
        std::mt19937_64 random(2);
        for (int round = 0; round < 5'000; ++round) {
            const Natural a = randomNatural(random, static_cast<int>(random() % 6));
            const Natural b = randomNatural(random, static_cast<int>(random() % 6));
            QVERIFY(a + b - b == a);
            QVERIFY(a + b >= a);
        }
    }
    void rootIsTheLargestThatFits() {
        std::mt19937_64 random(3);
        for (int round = 0; round < 1'000; ++round) {
            const Natural n = randomNatural(random, static_cast<int>(random() % 8));
            const Natural root = square_root(n);
            QVERIFY(root * root <= n);
            QVERIFY((root + Natural(1)) * (root + Natural(1)) > n);
        }
    }
    void divisorDividesBoth() {
        QCOMPARE(greatest_common_divisor(Natural(12), Natural(18)).to_string(), std::string("6"));
        QCOMPARE(greatest_common_divisor(Natural(), Natural(5)).to_string(), std::string("5"));
    }
    void printsDigits() {
        QCOMPARE(Natural().to_string(), std::string("0"));
        QCOMPARE(Natural(1'000'000'000).to_string(), std::string("1000000000"));
        QCOMPARE(power_of_ten(30).to_string(), "1" + std::string(30, '0'));
        QCOMPARE(Natural(UINT64_MAX).to_string(), std::string("18446744073709551615"));
    }
    void countsBits() {
        QCOMPARE(Natural().bit_length(), std::size_t{0});
        QCOMPARE(Natural(1).shifted_left(100).bit_length(), std::size_t{101});
        QVERIFY(!Natural(UINT64_MAX).to_uint32());
        QCOMPARE(Natural(1).shifted_left(100).to_double(), 0x1p100);
    }
};

QTEST_GUILESS_MAIN(NaturalTest)
#include "tst_natural.moc"
