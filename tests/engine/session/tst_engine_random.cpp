// Conversations that go anywhere in any order, on an engine that is stopped, forgets, ends and
// begins again and whose files are damaged: every answer is to the bit the one of an engine that
// read the same steps and keeps nothing, and nothing is read twice that should be there.
// LARES_SEED=N plays other orders.

#include "tests/engine/session/engine_user.h"
#include "tests/support/seeds.h"

#include <QTemporaryDir>
#include <QTest>

using namespace lares::test;

class EngineRandomTest : public QObject {
    Q_OBJECT

private slots:
    void answersAsIfItHadReadAll_data();
    void answersAsIfItHadReadAll();
};

void EngineRandomTest::answersAsIfItHadReadAll_data() {
    addSeedRows(4);
}

void EngineRandomTest::answersAsIfItHadReadAll() {
    QFETCH(const unsigned, seed);
    QTemporaryDir home;
    EngineUser user(std::filesystem::path(home.path().toStdString()) / "snapshots", seed);
    for (int i = 0; i < 120 && user.wrong().isEmpty(); ++i) user.act();
    QVERIFY2(user.wrong().isEmpty(), qPrintable(user.wrong() + " after " + user.did().join(' ')));
    QVERIFY(user.n_answers() > 20);
}

QTEST_GUILESS_MAIN(EngineRandomTest)
#include "tst_engine_random.moc"
