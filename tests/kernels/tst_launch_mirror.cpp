// Launches on host buffers that run on a device: here the fake driver's, whose kernels run in
// kernels/simt, so that only the way there and back can differ.

#include "kernels/rms_norm.h"
#include "kernels/simt/simt.h"
#include "tests/engine/backend/cuda/opened_device.h"
#include "tests/kernels/faulty_kernels.h"
#include "tests/kernels/launch_mirror.h"
#include "tests/kernels/run_kernel.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <vector>

using namespace lares;
using namespace lares::test;
using kernels::Launch;
using kernels::make_launch;
using simt::GlobalBuffer;
using simt::GlobalMemory;

namespace {

std::vector<GlobalMemory*> registered() {
    const auto buffers = simt::registered_buffers();
    return {buffers.begin(), buffers.end()};
}

std::vector<std::byte> bytes_of(const std::vector<GlobalMemory*>& buffers) {
    std::vector<std::byte> bytes;
    for (const GlobalMemory* b : buffers)
        bytes.insert(bytes.end(), b->data(), b->data() + b->bytes());
    return bytes;
}

void write_back(const std::vector<GlobalMemory*>& buffers, const std::vector<std::byte>& bytes) {
    const std::byte* from = bytes.data();
    for (const GlobalMemory* b : buffers) {
        std::copy(from, from + b->bytes(), b->data());
        from += b->bytes();
    }
}

/// Empty if the fake card leaves the same bytes in all buffers as kernels/simt does.
QString difference(const Launch& launch) {
    const std::vector<GlobalMemory*> buffers = registered();
    const std::vector<std::byte> before = bytes_of(buffers);
    if (const auto error = simt::run(launch)) return QString::fromStdString(*error);
    const std::vector<std::byte> want = bytes_of(buffers);
    write_back(buffers, before);

    FakeDriver fake;
    {
        const auto device = open_device(fake.api());
        const std::string error = run_mirrored(*device, launch, buffers);
        if (!error.empty()) return QString::fromStdString(error);
        if (fake.n_kernel_run() != 1) return "no kernel ran";
    }
    if (!fake.leaks().empty()) return QString::fromStdString("left: " + fake.leaks());
    return bytes_of(buffers) == want ? QString() : "other bytes";
}

}  // namespace

class LaunchMirrorTest : public QObject {
    Q_OBJECT

private slots:
    void translatesEveryPointerOfAStruct();
    void translatesPointersIntoTheMiddleAndKeepsNull();
    void carriesSharedMemoryBlocksAndAtomics();
    void leavesPointersElsewhereAlone();
    void namesABufferThatWasWrittenAround();
    void passesOnWhatTheDeviceSays();
    void saysThatTheDeviceIsFull();
};

void LaunchMirrorTest::translatesEveryPointerOfAStruct() {
    Generator generator(31);
    const GlobalBuffer<float> x("x", random_floats(generator, 400, 1.0F));
    const GlobalBuffer<float> add("add", random_floats(generator, 400, 1.0F));
    const GlobalBuffer<float> gain("gain", random_floats(generator, 200, 1.0F));
    const GlobalBuffer<float> y("y", 400);
    QCOMPARE(difference(kernels::rms_norm_launch(
                 {x.data(), add.data(), gain.data(), y.data(), {}, 200, 1, 1e-5F}, 2)),
             QString());
    QVERIFY(!std::isnan(y[399]));
}

void LaunchMirrorTest::translatesPointersIntoTheMiddleAndKeepsNull() {
    const GlobalBuffer<std::int32_t> out("out", 1000);
    QCOMPARE(difference(make_launch("warp_operations", {1}, {64},
                                    FaultyParams{nullptr, out.data() + 360, 0})),
             QString());
    QCOMPARE(out[360], 5);
}

void LaunchMirrorTest::carriesSharedMemoryBlocksAndAtomics() {
    const GlobalBuffer<float> out("out", 3 * 96);
    GlobalBuffer<std::int32_t> count("count", 1);
    count.fill(1000);
    QCOMPARE(difference(make_launch("block_operations", {3}, {96},
                                    FaultyParams{out.data(), count.data(), 0}, 4 * 96)),
             QString());
    QCOMPARE(count[0], 1000 + 3 * 96);
}

/// As a number beside another one that is no address: the kernel sees what the launch had.
void LaunchMirrorTest::leavesPointersElsewhereAlone() {
    const GlobalBuffer<float> mirrored("mirrored", std::vector<float>(4, 1.0F));
    const std::vector<GlobalMemory*> buffers = registered();
    const GlobalBuffer<std::int32_t> other("other", 640);
    FakeDriver fake;
    const auto device = open_device(fake.api());
    const auto launch =
        make_launch("warp_operations", {1}, {64}, FaultyParams{mirrored.data(), other.data(), 7});
    QCOMPARE(run_mirrored(*device, launch, buffers), std::string());
    QCOMPARE(other[0], 5);
    QCOMPARE(mirrored[3], 1.0F);
}

void LaunchMirrorTest::namesABufferThatWasWrittenAround() {
    const GlobalBuffer<float> out("too short", 64);
    const auto launch =
        make_launch("global_write_outside", {1}, {64}, FaultyParams{out.data(), nullptr, 64});
    const std::vector<GlobalMemory*> buffers = registered();
    FakeDriver fake;
    const auto device = open_device(fake.api());
    const std::string error = run_mirrored(*device, launch, buffers);
    QVERIFY2(error.find("wrote around the buffer `too short` on Fake 4060") != std::string::npos,
             error.c_str());
    // Mended: the next launch is not blamed for it.
    const GlobalBuffer<std::int32_t> fine("fine", 640);
    QCOMPARE(run_mirrored(
                 *device,
                 make_launch("warp_operations", {1}, {64}, FaultyParams{nullptr, fine.data(), 0}),
                 registered()),
             std::string());
}

void LaunchMirrorTest::passesOnWhatTheDeviceSays() {
    const GlobalBuffer<std::int32_t> out("out", 640);
    const std::vector<GlobalMemory*> buffers = registered();
    const auto launch =
        make_launch("warp_operations", {1}, {64}, FaultyParams{nullptr, out.data(), 0});
    {
        FakeDriver fake;
        const auto device = open_device(fake.api());
        fake.break_kernel(cuda::driver::kLaunchFailed);
        const std::string error = run_mirrored(*device, launch, buffers);
        QVERIFY2(error.find("last kernel `warp_operations`") != std::string::npos, error.c_str());
    }
    Launch unknown = launch;
    unknown.kernel = "no_such_kernel";
    FakeDriver fake;
    const auto device = open_device(fake.api());
    QVERIFY(!run_mirrored(*device, unknown, buffers).empty());
}

void LaunchMirrorTest::saysThatTheDeviceIsFull() {
    const GlobalBuffer<std::int32_t> out("out", 640);
    FakeCard card;
    const std::vector<GlobalMemory*> buffers = registered();
    card.total_bytes = card.context_bytes + 4000;
    FakeDriver fake({card});
    const auto device = open_device(fake.api());
    const std::string error = run_mirrored(
        *device, make_launch("warp_operations", {1}, {64}, FaultyParams{nullptr, out.data(), 0}),
        buffers);
    QVERIFY2(error.find("has no room for") != std::string::npos, error.c_str());
}

QTEST_APPLESS_MAIN(LaunchMirrorTest)
#include "tst_launch_mirror.moc"
