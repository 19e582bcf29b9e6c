#include "engine/base/core_count.h"
#include "engine/base/thread_pool.h"

#include <QTest>
#include <QThread>

#include <atomic>
#include <thread>
#include <vector>

using namespace lares;

namespace {

/// A clock that stands still until a test moves it.
std::atomic<std::int64_t> g_now{0};
std::int64_t test_now() {
    return g_now;
}
constexpr std::int64_t kMs = 1'000'000;

/// Runs a loop in which every thread of the pool that takes part takes at least one portion, if
/// `n_expected` of them do; gives how many did.
int count_threads(ThreadPool& pool, int n_expected) {
    std::vector<std::atomic<int>> took(static_cast<std::size_t>(pool.n_threads()));
    std::atomic<int> n = 0;
    const auto deadline = ThreadPool::steady_now() + 5000 * kMs;
    pool.parallel_for(1000, 1, [&](std::int64_t, std::int64_t, int thread) {
        if (took[static_cast<std::size_t>(thread)].exchange(1) == 0) ++n;
        // Nobody takes all before the others have woken up.
        while (n < n_expected && ThreadPool::steady_now() < deadline) std::this_thread::yield();
    });
    return n;
}

/// A loop in which a worker loses its core for `delay` on the clock, while the caller waits.
void be_late(ThreadPool& pool, std::int64_t delay) {
    std::atomic<bool> has_worker = false;
    std::atomic<bool> is_caller_done = false;
    pool.parallel_for(2, 1, [&](std::int64_t, std::int64_t, int thread) {
        if (thread == 0) {
            while (!has_worker) std::this_thread::yield();
            is_caller_done = true;
        } else {
            has_worker = true;
            while (!is_caller_done) std::this_thread::yield();
            QThread::msleep(20);  // the caller has gone to sleep by then
            g_now += delay;
        }
    });
}

}  // namespace

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
    void aThreadThatHeldUpTheOthersIsLeftOutForAWhile() {
        g_now = 1000 * kMs;
        ThreadPool pool(2, test_now);
        QCOMPARE(count_threads(pool, 2), 2);
        be_late(pool, 4 * kMs);
        QCOMPARE(count_threads(pool, 1), 1);
        g_now += 15 * kMs;
        QCOMPARE(count_threads(pool, 1), 1);
        g_now += 1 * kMs;
        QCOMPARE(count_threads(pool, 2), 2);
        // Again at once: twice as long.
        be_late(pool, 4 * kMs);
        g_now += 31 * kMs;
        QCOMPARE(count_threads(pool, 1), 1);
        g_now += 1 * kMs;
        QCOMPARE(count_threads(pool, 2), 2);
        // Long after: as the first time.
        g_now += 1000 * kMs;
        be_late(pool, 4 * kMs);
        g_now += 16 * kMs;
        QCOMPARE(count_threads(pool, 2), 2);
    }
    void aShortWaitLeavesOutNobody() {
        g_now = 1000 * kMs;
        ThreadPool pool(2, test_now);
        be_late(pool, kMs / 4);
        QCOMPARE(count_threads(pool, 2), 2);
    }
    void theOthersStay() {
        g_now = 1000 * kMs;
        ThreadPool pool(3, test_now);
        be_late(pool, 4 * kMs);
        QCOMPARE(count_threads(pool, 2), 2);
        g_now += 16 * kMs;
        QCOMPARE(count_threads(pool, 3), 3);
    }
    void aCallerThatLosesItsCoreGetsRoom() {
        g_now = 1000 * kMs;
        ThreadPool pool(2, test_now);
        std::atomic<int> n = 0;
        pool.parallel_for(1000, 1, [&](std::int64_t, std::int64_t, int thread) {
            if (thread == 0 && ++n == 5) g_now += 20 * kMs;
            while (thread != 0 && n < 5) std::this_thread::yield();
        });
        QCOMPARE(count_threads(pool, 1), 1);
        g_now += 16 * kMs;
        QCOMPARE(count_threads(pool, 2), 2);
    }
    void knowsAtLeastOneCore() { QVERIFY(physical_core_count() >= 1); }
};

QTEST_GUILESS_MAIN(TestThreadPool)
#include "tst_thread_pool.moc"
