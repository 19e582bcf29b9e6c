#include "engine/base/thread_pool.h"

#include <QTest>

#include <atomic>
#include <vector>

using namespace lares;

class TestThreadPool : public QObject {
    Q_OBJECT

private slots:
    void visitsEveryItemOnce_data() {
        QTest::addColumn<int>("threads");
        QTest::addColumn<int>("items");
        QTest::addColumn<int>("grain");
        for (int threads : {1, 2, 4})
            for (int items : {0, 1, 7, 1000})
                for (int grain : {1, 3, 64})
                    QTest::addRow("%d threads, %d by %d", threads, items, grain)
                        << threads << items << grain;
    }
    void visitsEveryItemOnce() {
        QFETCH(int, threads);
        QFETCH(int, items);
        QFETCH(int, grain);
        ThreadPool pool(threads);
        QCOMPARE(pool.n_threads(), threads);
        for (int round = 0; round < 50; ++round) {
            std::vector<std::atomic<int>> visits(static_cast<std::size_t>(items));
            std::atomic<bool> in_range = true;
            pool.parallel_for(items, grain, [&](std::int64_t begin, std::int64_t end, int thread) {
                if (thread < 0 || thread >= threads || begin >= end) in_range = false;
                for (std::int64_t i = begin; i < end; ++i) ++visits[static_cast<std::size_t>(i)];
            });
            QVERIFY(in_range);
            for (const auto& v : visits) QCOMPARE(v.load(), 1);
        }
    }
    void worksAgainAfterItsThreadsSlept() {
        ThreadPool pool(3);
        for (int round = 0; round < 5; ++round) {
            QTest::qWait(2);  // longer than they spin
            std::atomic<int> sum = 0;
            pool.parallel_for(100, 1, [&](std::int64_t begin, std::int64_t, int) {
                sum += static_cast<int>(begin);
            });
            QCOMPARE(sum.load(), 4950);
        }
    }
    void knowsAtLeastOneCore() { QVERIFY(physical_core_count() >= 1); }
};

QTEST_GUILESS_MAIN(TestThreadPool)
#include "tst_thread_pool.moc"
