// The SIMT emulator: what it computes, and that each fault it promises to see is seen.

#include "kernels/numeric.h"
#include "kernels/simt/simt.h"
#include "tests/kernels/faulty_kernels.h"
#include "tests/kernels/run_kernel.h"

#include <QTest>

#include <cmath>
#include <cstring>

using namespace lares;
using namespace lares::test;
using kernels::Launch;
using kernels::make_launch;
using simt::GlobalBuffer;

class SimtTest : public QObject {
    Q_OBJECT

private slots:
    void runsWarpOperations();
    void runsBarriersAndReductions();
    void runsIntegerIntrinsics();
    void copiesWhereItIsWaitedFor();
    void multipliesMatrices();
    void namesTheFault_data();
    void namesTheFault();
    void checksTheWaitForTheKernelBefore();
    void poisonReachesTheResult();
    void seesAMissingBarrierByTheOrder();
    void refusesLaunchesThatDoNotFit();
    void reportsSharedMemory();
    void runsOnAfterAFault();
};

void SimtTest::runsWarpOperations() {
    const GlobalBuffer<std::int32_t> out("out", 640);
    const std::string error = run_both_ways(
        make_launch("warp_operations", {1}, {64}, FaultyParams{nullptr, out.data(), 0}));
    QVERIFY2(error.empty(), error.c_str());
    for (int thread = 0; thread < 64; ++thread) {
        const int lane = thread % 32;
        const std::int32_t* got = out.data() + 10 * thread;
        QCOMPARE(got[0], 5);
        QCOMPARE(got[1], lane ^ 3);
        QCOMPARE(got[2], lane < 28 ? lane + 4 : lane);
        QCOMPARE(got[3], lane >= 4 ? lane - 4 : lane);
        QCOMPARE(got[4], lane / 8 * 8 + 1);
        QCOMPARE(got[5], lane % 16 < 15 ? lane + 1 : lane);
        QCOMPARE(static_cast<std::uint32_t>(got[6]), 0x49249249U);
        QCOMPARE(got[7], 2);
        QCOMPARE(got[8], lane < 16 ? 7 : 20);
        QCOMPARE(got[9], 496);
    }
}

void SimtTest::runsBarriersAndReductions() {
    for (const std::uint32_t n : {32U, 96U, 1024U}) {
        const GlobalBuffer<float> out("out", 3 * std::size_t{n});
        GlobalBuffer<std::int32_t> count("count", 1);
        count.fill(0);
        const std::string error = run_both_ways(make_launch(
            "block_operations", {3}, {n}, FaultyParams{out.data(), count.data(), 0}, 4 * n));
        QVERIFY2(error.empty(), error.c_str());
        QCOMPARE(count[0], static_cast<std::int32_t>(3 * n));
        const auto sum = static_cast<float>(n * (n - 1) / 2);
        for (std::uint32_t i = 0; i < 3 * n; ++i)
            QCOMPARE(out[i],
                     sum + static_cast<float>(n - 1 - i % n) + 1000.0F * static_cast<float>(i / n));
    }
}

void SimtTest::runsIntegerIntrinsics() {
    const GlobalBuffer<std::int32_t> out("out", 5);
    const std::string error = run_both_ways(
        make_launch("integer_operations", {1}, {1}, FaultyParams{nullptr, out.data(), 0}));
    QVERIFY2(error.empty(), error.c_str());
    QCOMPARE(out[0], 100 + 127 * 2 + -128 * -2 + -1 * 3 + 1 * -128);
    QCOMPARE(static_cast<std::uint32_t>(out[1]), 0x77005500U);
    QCOMPARE(out[2], 8);
    QCOMPARE(out[3], 31);
    QCOMPARE(out[4], 4);
}

void SimtTest::copiesWhereItIsWaitedFor() {
    const GlobalBuffer<float> out("out", 6);
    const GlobalBuffer<std::int32_t> in("in", std::vector<std::int32_t>{1, 2, 3, 4, 5, 6, 7, 8});
    const std::string error = run_both_ways(
        make_launch("asynchronous_copies", {1}, {2}, FaultyParams{out.data(), in.data(), 0}));
    QVERIFY2(error.empty(), error.c_str());
    QCOMPARE(out[0], 2.0F);
    QCOMPARE(out[3], 6.0F);
    QVERIFY(std::isnan(out[1]));
    QVERIFY(std::isnan(out[4]));
    QCOMPARE(out[2], 2.0F);
    QCOMPARE(out[5], 0.0F);
}

/// Small whole numbers, so that nothing is rounded.
void SimtTest::multipliesMatrices() {
    Generator generator(90);
    std::vector<float> values;
    for (int i = 0; i < 16 * 16 + 16 * 8; ++i)
        values.push_back(static_cast<float>(static_cast<int>(generator() % 17) - 8));
    const GlobalBuffer<float> out("out", 128);
    const GlobalBuffer<std::int32_t> in("in", values.size() / 2);
    for (std::size_t i = 0; i < values.size(); ++i)
        reinterpret_cast<std::uint16_t*>(in.data())[i] = kernels::float_to_half(values[i]);
    const std::string error = run_both_ways(
        make_launch("matrix_product", {1}, {32}, FaultyParams{out.data(), in.data(), 0}));
    QVERIFY2(error.empty(), error.c_str());
    for (std::size_t row = 0; row < 16; ++row)
        for (std::size_t column = 0; column < 8; ++column) {
            float sum = 0;
            for (std::size_t k = 0; k < 16; ++k)
                sum += values[16 * row + k] * values[256 + 8 * k + column];
            QCOMPARE(out[8 * row + column], sum);
        }
}

void SimtTest::namesTheFault_data() {
    QTest::addColumn<QString>("kernel");
    QTest::addColumn<int>("n");
    QTest::addColumn<QString>("words");
    const auto row = [](const char* kernel, int n, const char* words) {
        QTest::newRow(kernel) << kernel << n << words;
    };
    row("shared_index_outside", 27,
        "kernel shared_index_outside, block (0,0,0), thread (37,0,0): index 64 of the shared array "
        "`tile` of 64");
    row("shared_pointer_outside", 64, "a write outside the shared array `tile`, past its end");
    row("too_much_shared", 0, "80000 bytes of static");
    row("barrier_in_a_branch", 0,
        "thread (0,0,0): divergent barrier: it waits at faulty_kernels.cu");
    row("two_barriers", 0, "divergent barrier: it waits at faulty_kernels.cu");
    row("divergent_shuffle", 0, "divergent warp operation");
    row("shuffle_from_outside", 0, "shuffles from lane 20, which does not take part");
    row("not_in_its_mask", 0, "thread (16,0,0): calls the warp operation");
    row("global_write_outside", 64, "a write outside the global buffer `out`");
    row("global_load_outside", 64, "load of 16 bytes outside of every global buffer");
    row("global_load_outside", 1, "misaligned load of 16 bytes");
    row("copy_under_way", 0, "returns while copies to shared memory are under way");
    row("misaligned_copy", 0, "misaligned copy to shared memory");
    row("copy_from_outside", 64, "copy of 16 bytes outside of every global buffer");
    row("misaligned_matrix", 0, "misaligned row of a matrix");
    row("there is none", 0, "there is no kernel there is none");
}

void SimtTest::checksTheWaitForTheKernelBefore() {
    const GlobalBuffer<float> out("out", 64);
    const GlobalBuffer<std::int32_t> ints("ints", 64);
    const auto run_with = [&](int n) {
        return run_once(kernels::make_waiting_launch("overlapping", {2}, {64},
                                                     FaultyParams{out.data(), ints.data(), n}));
    };
    QCOMPARE(run_with(0), std::string());
    QVERIFY(run_with(1).find("thread (0,0,0): returns without having waited") != std::string::npos);
    QVERIFY(run_with(2).find("thread (0,0,0): waits twice") != std::string::npos);
    QVERIFY(run_with(3).find("thread (0,0,0): writes before it has waited") != std::string::npos);
}

void SimtTest::namesTheFault() {
    QFETCH(QString, kernel);
    QFETCH(int, n);
    QFETCH(QString, words);
    const GlobalBuffer<float> out("out", 64);
    const GlobalBuffer<std::int32_t> ints("ints", 64);
    const std::string name = kernel.toStdString();
    const std::string said = run_once(
        make_launch(name.c_str(), {1},
                    {name == "shuffle_from_outside" || name == "not_in_its_mask" ? 32U : 64U},
                    FaultyParams{out.data(), ints.data(), n}));
    QVERIFY2(QString::fromStdString(said).contains(words), said.c_str());
}

/// A value that nobody wrote is a NaN, or another number the second time.
void SimtTest::poisonReachesTheResult() {
    const GlobalBuffer<float> out("out", 64);
    const GlobalBuffer<std::int32_t> ints("ints", 64);
    const auto launch = [&](int n) {
        return make_launch("reads_poison", {1}, {64}, FaultyParams{out.data(), ints.data(), n});
    };
    QCOMPARE(run_once(launch(63)), std::string());
    QVERIFY(std::isnan(out[63]));
    QCOMPARE(out[62], 1.0F);
    QCOMPARE(static_cast<std::uint32_t>(ints[63]), 0xFFCDCDCDU);
    QVERIFY(run_both_ways(launch(63)).find("depends on") != std::string::npos);
    QCOMPARE(run_both_ways(launch(64)), std::string());
}

void SimtTest::seesAMissingBarrierByTheOrder() {
    const GlobalBuffer<float> out("out", 64);
    const std::string said = run_both_ways(
        make_launch("missing_barrier", {1}, {64}, FaultyParams{out.data(), nullptr, 0}));
    QVERIFY(said.find("`out` depends on the order") != std::string::npos);
}

void SimtTest::refusesLaunchesThatDoNotFit() {
    const FaultyParams params;
    QVERIFY(run_once(make_launch("warp_operations", {1}, {65}, params)).find("its bound is 64") !=
            std::string::npos);
    QVERIFY(run_once(make_launch("warp_operations", {1}, {64}, 1)).find("bytes of parameters") !=
            std::string::npos);
    QVERIFY(run_once(make_launch("warp_operations", {0}, {64}, params)).find("no device takes") !=
            std::string::npos);
    QCOMPARE(run_once(Launch{}), std::string("a launch without a kernel"));
}

void SimtTest::reportsSharedMemory() {
    const GlobalBuffer<float> out("out", 64);
    const GlobalBuffer<std::int32_t> count("count", 1);
    simt::Report report;
    const Launch launch =
        make_launch("block_operations", {1}, {64}, FaultyParams{out.data(), count.data(), 0}, 256);
    QVERIFY(!simt::run(launch, {}, &report));
    QCOMPARE(report.shared_bytes, 128U + 256U);
}

/// The threads of a failed launch are dropped where they were; the next launch starts afresh.
void SimtTest::runsOnAfterAFault() {
    for (int i = 0; i < 3; ++i) {
        QVERIFY(!run_once(make_launch("barrier_in_a_branch", {1}, {64}, FaultyParams{})).empty());
        runsWarpOperations();
    }
}

QTEST_APPLESS_MAIN(SimtTest)
#include "tst_simt.moc"
