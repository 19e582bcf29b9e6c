// Sessions that are told anything in any order, and stopped at any moment: what they hold is always
// to the bit what a session holds that read the same steps and nothing else. LARES_SEED=N plays
// other orders.

#include "tests/engine/session/random_readers.h"
#include "tests/support/seeds.h"

#include <QTest>

using namespace lares;
using namespace lares::test;

class SessionRandomTest : public QObject {
    Q_OBJECT

private slots:
    void holdsWhatItRead_data();
    void holdsWhatItRead();
    void holdsWhatItReadOnACard_data();
    void holdsWhatItReadOnACard();
};

void SessionRandomTest::holdsWhatItRead_data() {
    addSeedRows(6);
}

void SessionRandomTest::holdsWhatItRead() {
    QFETCH(const unsigned, seed);
    constexpr const char* kModels[] = {"t-MIX.gguf", "t-Q4_K.gguf", "t-F32.gguf",
                                       "shapes/odd-groups-MIX.gguf", "t-BF16.gguf"};
    constexpr KvType kTypes[] = {KvType::F16, KvType::Int8, KvType::F32};
    Play play;
    play.model = kModels[seed % 5];
    play.kv_type = kTypes[seed % 3];
    play.precision = seed % 4 == 3 ? Precision::Exact : Precision::Fast;
    RandomReaders readers(seed, play);
    QString wrong;
    double farthest = 0.0;
    for (int i = 0; i < 150 && wrong.isEmpty(); ++i) {
        readers.act();
        wrong = readers.wrong();
        if (i % 25 == 24) farthest = std::max(farthest, readers.distance_to_other_steps());
    }
    QVERIFY2(wrong.isEmpty(), qPrintable(wrong + " after " + readers.did().join(' ')));
    // Inputs rounded to 8 bits may fall to one side or the other.
    const double tolerance = play.precision == Precision::Exact ? 1e-3 : 0.1;
    QVERIFY2(farthest < tolerance, qPrintable(QString::number(farthest)));
}

void SessionRandomTest::holdsWhatItReadOnACard_data() {
    addSeedRows(2);
}

void SessionRandomTest::holdsWhatItReadOnACard() {
    QFETCH(const unsigned, seed);
    Play play;
    play.model = seed % 2 ? "t-MIX.gguf" : "t-F32.gguf";
    play.kv_type = seed % 4 < 2 ? KvType::F16 : KvType::Fp8;
    play.device = "cuda";
    play.n_long = 20;
    play.batches = {4, 16};
    RandomReaders readers(seed, play);
    QString wrong;
    for (int i = 0; i < 25 && wrong.isEmpty(); ++i) {
        readers.act();
        wrong = readers.wrong();
    }
    QVERIFY2(wrong.isEmpty(), qPrintable(wrong + " after " + readers.did().join(' ')));
}

QTEST_GUILESS_MAIN(SessionRandomTest)
#include "tst_session_random.moc"
