// The peak kernels do as many products as their launch says.

#include "kernels/numeric.h"
#include "kernels/peak.h"
#include "tests/kernels/run_kernel.h"

#include <QTest>

#include <cmath>

using namespace lares;
using namespace lares::kernels;
using namespace lares::test;
using simt::GlobalBuffer;

class PeakTest : public QObject {
    Q_OBJECT

private slots:
    void countsItsOperations();
    void givesEveryThreadASum();
    void refusesWhatItCannotDo();
};

void PeakTest::countsItsOperations() {
    float out = 0;
    // 1 multiprocessor: 2 blocks of 8 warps, 3 rounds of 8 products of 16 x 8 x 32.
    QCOMPARE(peak_int8_launch({&out, 3}, 1).n_operation, 2.0 * 8 * 3 * 8 * 2 * 16 * 8 * 32);
    QCOMPARE(peak_f16_launch({&out, 3}, 5).n_operation, 5 * 2.0 * 8 * 3 * 8 * 2 * 16 * 8 * 16);
    QCOMPARE(peak_threads(5), std::size_t{5 * 2 * 256});
}

void PeakTest::givesEveryThreadASum() {
    const GlobalBuffer<float> once("once", peak_threads(1));
    const GlobalBuffer<float> twice("twice", peak_threads(1));
    for (const auto& [out, n] : {std::pair(&once, 1), std::pair(&twice, 2)}) {
        const std::string error = run_both_ways(peak_f16_launch({out->data(), n}, 1).launch);
        QVERIFY2(error.empty(), error.c_str());
    }
    for (std::size_t i = 0; i < once.size(); ++i) {
        QVERIFY(once[i] >= 8 * 4 * 16);  // 32 sums of 16 products of numbers of at least 1
        // The sums begin with 0 to 7.
        QVERIFY(std::abs(twice[i] - (2 * once[i] - 28)) < 1e-5F * twice[i]);
    }
    const std::string error = run_both_ways(peak_int8_launch({once.data(), 1}, 1).launch);
    QVERIFY2(error.empty(), error.c_str());
    for (std::size_t i = 0; i < once.size(); ++i) QVERIFY(!std::isnan(once[i]));
}

void PeakTest::refusesWhatItCannotDo() {
    float out = 0;
    QVERIFY(!peak_int8_launch({&out, 0}, 1).launch.kernel);
    QVERIFY(!peak_int8_launch({nullptr, 1}, 1).launch.kernel);
    QVERIFY(!peak_f16_launch({&out, 1}, 0).launch.kernel);
}

QTEST_APPLESS_MAIN(PeakTest)
#include "tst_peak.moc"
