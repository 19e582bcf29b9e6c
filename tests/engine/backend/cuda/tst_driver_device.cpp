// DriverDevice from end to end on a fake driver: what is queued happens, in its order, on any
// thread.

#include "kernels/rms_norm.h"
#include "tests/engine/backend/cuda/opened_device.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <thread>

using namespace lares;
using namespace lares::cuda;
using namespace lares::test;

class DriverDeviceTest : public QObject {
    Q_OBJECT

private slots:
    void saysWhatTheCardIs();
    void memoryIsAlignedAndGivenBack();
    void ordinaryMemoryMayBeUsedAgainAtOnce();
    void largeUploadsGoThroughTheRing();
    void pageLockedMemoryIsReadInPlace();
    void pageLockedMemoryIsSeenByKernels();
    void copiesAndZeroes();
    void computesWhatTheReferenceDoes();
    void launchesHappenInTheirOrder();
    void looksAKernelUpOnce();
    void asksForLargeSharedMemory();
    void recordsAndRepeats();
    void overlapsWhereKernelAndDriverCan_data();
    void overlapsWhereKernelAndDriverCan();
    void anyThreadMayCall();
    void twoDevicesOnOneThread();
};

void DriverDeviceTest::saysWhatTheCardIs() {
    FakeDriver fake({FakeCard{}, FakeCard{"Fake 2060", 7, 5, 30, 6'000'000'000, 500'000'000}});
    const DriverApi api = fake.api();
    auto device = open_device(api, 1);
    QCOMPARE(device->info().name, "Fake 2060");
    QCOMPARE(device->info().compute_major, 7);
    QCOMPARE(device->info().compute_minor, 5);
    QCOMPARE(device->info().n_multiprocessor, 30);
    QCOMPARE(device->info().total_bytes, std::size_t{6'000'000'000});
    QCOMPARE(*device->free_bytes(), std::size_t{5'200'000'000});
    device.reset();
    QCOMPARE(fake.leaks(), "");
}

void DriverDeviceTest::memoryIsAlignedAndGivenBack() {
    FakeDriver fake;
    const DriverApi api = fake.api();
    auto device = open_device(api);
    const std::size_t before = *device->free_bytes();
    const auto first = device->allocate(1000);
    const auto second = device->allocate(0);
    QVERIFY(first && second);
    QVERIFY(*first && *second && *first != *second);
    QCOMPARE(reinterpret_cast<std::uintptr_t>(*first) % 256, std::uintptr_t{0});
    QVERIFY(*device->free_bytes() <= before - 1000);
    device->release(*first);
    device->release(*second);
    device->release(nullptr);
    device->release_host(nullptr);
    QCOMPARE(*device->free_bytes(), before);
    device.reset();
    QCOMPARE(fake.leaks(), "");
}

void DriverDeviceTest::ordinaryMemoryMayBeUsedAgainAtOnce() {
    OpenedDevice opened;
    std::vector<float> host = counted(100);
    opened.device->upload(opened.values, host.data(), 50 * sizeof(float));
    opened.device->upload(opened.values + 50, host.data() + 50, 50 * sizeof(float));
    std::fill(host.begin(), host.end(), -1.0F);  // the queue has not run yet
    const auto got = opened.read();
    QVERIFY(got);
    QCOMPARE(*got, counted(100));
    QCOMPARE(opened.close(), "");
}

void DriverDeviceTest::largeUploadsGoThroughTheRing() {
    // More than the ring has, beginning in the middle of a slot: slots are waited for and filled
    // again. A slot that is filled too early loses what was in it, since the fake runs late.
    OpenedDevice opened;
    constexpr std::size_t kFloats =
        UploadRing::kSlots * UploadRing::kSlotBytes / sizeof(float) + 1'000'003;
    float* const large = allocate_floats(*opened.device, kFloats);
    std::vector<float> host = counted(kFloats);
    opened.device->upload(opened.values, host.data(), 100 * sizeof(float));
    opened.device->upload(large, host.data(), kFloats * sizeof(float));
    std::fill(host.begin(), host.end(), -1.0F);
    QVERIFY(opened.fake.n_call("cuEventSynchronize") > 0);
    QVERIFY(opened.device->download(host.data(), large, kFloats * sizeof(float)));
    QCOMPARE(host, counted(kFloats));
    QCOMPARE(*opened.read(), counted(100));
    opened.device->release(large);
    QCOMPARE(opened.close(), "");
}

void DriverDeviceTest::pageLockedMemoryIsReadInPlace() {
    OpenedDevice opened;
    const auto memory = opened.device->allocate_host(100 * sizeof(float));
    QVERIFY(memory);
    auto* const host = static_cast<float*>(*memory);
    std::fill_n(host, 100, 3.0F);
    opened.device->upload(opened.values, host, 100 * sizeof(float));
    std::fill_n(host, 100, 4.0F);  // too early by the contract: shows that nothing was staged
    QVERIFY(opened.device->wait());
    QCOMPARE(*opened.read(), std::vector<float>(100, 4.0F));
    // A part of it, from the middle.
    host[40] = 5.0F;
    opened.device->upload(opened.values, host + 40, 60 * sizeof(float));
    host[41] = 6.0F;
    QVERIFY(opened.device->wait());
    const auto got = opened.read();
    QCOMPARE(got->at(0), 5.0F);
    QCOMPARE(got->at(1), 6.0F);
    // What begins in it but goes beyond is ordinary memory.
    opened.device->release_host(host);
    QCOMPARE(opened.close(), "");
}

void DriverDeviceTest::pageLockedMemoryIsSeenByKernels() {
    OpenedDevice opened;
    const auto memory = opened.device->allocate_host(10 * sizeof(float));
    QVERIFY(memory);
    auto* const host = static_cast<float*>(*memory);
    std::fill_n(host, 10, 1.0F);
    opened.device->launch(device_add(host, 2.0F, 10));
    QVERIFY(opened.device->wait());
    QCOMPARE(host[9], 3.0F);
    // Given back while the queue still writes to it.
    opened.device->launch(device_add(host, 2.0F, 10));
    opened.device->release_host(host);
    QVERIFY(opened.device->wait());
    QCOMPARE(opened.close(), "");
}

void DriverDeviceTest::copiesAndZeroes() {
    OpenedDevice opened;
    const std::vector<float> host = counted(100);
    opened.device->upload(opened.values, host.data(), 100 * sizeof(float));
    opened.device->copy(opened.values + 60, opened.values + 10, 20 * sizeof(float));
    opened.device->zero(opened.values, 10 * sizeof(float));
    opened.device->zero(opened.values, 0);
    opened.device->copy(opened.values, opened.values, 0);
    opened.device->upload(opened.values, nullptr, 0);
    const auto got = opened.read();
    QVERIFY(got);
    std::vector<float> want = host;
    std::copy_n(host.begin() + 10, 20, want.begin() + 60);
    std::fill_n(want.begin(), 10, 0.0F);
    QCOMPARE(*got, want);
    QCOMPARE(opened.close(), "");
}

void DriverDeviceTest::computesWhatTheReferenceDoes() {
    // A kernel of the product, with the parameter struct that it has there.
    OpenedDevice opened;
    constexpr int kN = 96;
    std::vector<float> x(kN);
    std::vector<float> gain(kN);
    for (int i = 0; i < kN; ++i) {
        x[static_cast<std::size_t>(i)] = std::sin(static_cast<float>(i));
        gain[static_cast<std::size_t>(i)] = 1.0F + 0.01F * static_cast<float>(i);
    }
    float* const device_gain = allocate_floats(*opened.device, kN);
    opened.device->upload(opened.values, x.data(), kN * sizeof(float));
    opened.device->upload(device_gain, gain.data(), kN * sizeof(float));
    kernels::RmsNormParams params;
    params.x = params.y = opened.values;
    params.gain = device_gain;
    params.n = kN;
    params.eps = 1e-5F;
    opened.device->launch(kernels::rms_norm_launch(params, 1));
    const auto got = opened.read(kN);
    QVERIFY(got);
    double sum = 0.0;
    for (const float value : x) sum += double{value} * value;
    const double scale = 1.0 / std::sqrt(sum / kN + 1e-5);
    for (std::size_t i = 0; i < kN; ++i)
        QVERIFY(std::abs((*got)[i] - x[i] * scale * gain[i]) < 1e-5);
    opened.device->release(device_gain);
    QCOMPARE(opened.close(), "");
}

void DriverDeviceTest::launchesHappenInTheirOrder() {
    OpenedDevice opened;
    opened.device->zero(opened.values, 100 * sizeof(float));
    opened.device->launch(device_add(opened.values, 3.0F, 100));
    opened.device->launch(device_double(opened.values, 1.0F, 99));
    QCOMPARE(opened.fake.n_kernel_run(), 0);  // queued, not done
    const auto got = opened.read();
    QVERIFY(got);
    QCOMPARE(got->front(), 7.0F);
    QCOMPARE(got->back(), 3.0F);
    QCOMPARE(opened.close(), "");
}

void DriverDeviceTest::looksAKernelUpOnce() {
    OpenedDevice opened;
    for (int i = 0; i < 5; ++i) {
        opened.device->launch(device_add(opened.values, 1.0F, 100));
        opened.device->launch(device_double(opened.values, 1.0F, 100));
    }
    QVERIFY(opened.device->wait());
    QCOMPARE(opened.fake.n_kernel_run(), 10);
    QCOMPARE(opened.fake.n_call("cuModuleGetFunction"), 2);
    QCOMPARE(opened.close(), "");
}

void DriverDeviceTest::asksForLargeSharedMemory() {
    OpenedDevice opened;
    constexpr int kN = 20'000;  // 80 kB
    float* const large = allocate_floats(*opened.device, kN);
    std::vector<float> host = counted(kN);
    opened.device->upload(large, host.data(), kN * sizeof(float));
    opened.device->launch(device_reverse(large, 12 * 1024));  // 48 KiB: nothing to ask for
    QCOMPARE(opened.fake.n_call("cuFuncSetAttribute"), 0);
    opened.device->launch(device_reverse(large, 12 * 1024));
    opened.device->launch(device_reverse(large, kN));
    opened.device->launch(device_reverse(large, kN - 1));  // has it already
    opened.device->launch(device_reverse(large, kN - 1));
    QCOMPARE(opened.fake.n_call("cuFuncSetAttribute"), 1);
    QVERIFY(opened.device->download(host.data(), large, kN * sizeof(float)));
    QCOMPARE(host.front(), static_cast<float>(kN - 1));
    QCOMPARE(host.back(), 0.0F);
    opened.device->release(large);
    QCOMPARE(opened.close(), "");

    // Static shared memory takes its part of the 48 KiB.
    OpenedDevice small;
    small.fake.set_static_shared_bytes(40 * 1024);
    float* const values = allocate_floats(*small.device, 4096);
    small.device->zero(values, 4096 * sizeof(float));
    small.device->launch(device_reverse(values, 4096));  // 16 KiB more
    QVERIFY(small.device->wait());
    QCOMPARE(small.fake.n_call("cuFuncSetAttribute"), 1);
    small.device->release(values);
    QCOMPARE(small.close(), "");
}

void DriverDeviceTest::recordsAndRepeats() {
    OpenedDevice opened;
    Device& device = *opened.device;
    device.zero(opened.values, 100 * sizeof(float));
    device.begin_capture();
    device.launch(device_add(opened.values, 1.0F, 100));
    device.launch(device_double(opened.values, 0.0F, 100));
    auto graph = device.end_capture();
    QVERIFY(graph);
    QCOMPARE((*graph)->n_kernel(), std::size_t{2});
    QVERIFY(device.wait());
    QCOMPARE(opened.fake.n_kernel_run(), 0);  // recorded, not done
    QCOMPARE(opened.read()->at(99), 0.0F);
    device.replay(**graph);
    QCOMPARE(opened.read()->at(99), 2.0F);
    device.replay(**graph);
    device.launch(device_add(opened.values, 10.0F, 100));  // in the queue's order with graphs
    device.replay(**graph);
    QCOMPARE(opened.read()->at(99), 34.0F);
    QCOMPARE(opened.fake.n_call("cuLaunchKernelEx"), 3);

    // Thrown away while it is still to run: it runs.
    device.replay(**graph);
    graph->reset();
    QCOMPARE(opened.read()->at(99), 70.0F);

    device.begin_capture();
    auto empty = device.end_capture();
    QVERIFY(empty);
    QCOMPARE((*empty)->n_kernel(), std::size_t{0});
    device.replay(**empty);
    QVERIFY(device.wait());
    empty->reset();
    QCOMPARE(opened.close(), "");
}

void DriverDeviceTest::overlapsWhereKernelAndDriverCan_data() {
    QTest::addColumn<int>("compute_version");
    QTest::addColumn<int>("version");
    QTest::addColumn<bool>("waits_itself");
    QTest::addColumn<int>("n_overlap");
    QTest::newRow("Hopper") << 90 << 12030 << true << 1;
    QTest::newRow("Blackwell") << 120 << 13000 << true << 1;
    QTest::newRow("a kernel that does not wait") << 90 << 13000 << false << 0;
    // Compiled for Ada there is no such instruction, and a Hopper runs that too.
    QTest::newRow("compiled for an older card") << 89 << 13000 << true << 0;
    QTest::newRow("a driver that does not record it") << 90 << 12020 << true << 0;
}

void DriverDeviceTest::overlapsWhereKernelAndDriverCan() {
    QFETCH(int, compute_version);
    QFETCH(int, version);
    QFETCH(bool, waits_itself);
    QFETCH(int, n_overlap);
    FakeCard card;
    card.compute_major = 12;
    FakeDriver fake({card});
    fake.set_compute_version(compute_version);
    fake.set_version(version);
    const DriverApi api = fake.api();
    std::unique_ptr<DriverDevice> device = open_device(api);
    float* const values = allocate_floats(*device, 100);
    device->zero(values, 100 * sizeof(float));
    kernels::Launch launch = device_add(values, 1.0F, 100);
    launch.waits_itself = waits_itself;
    // Recorded, not run: simt objects to a kernel that does not wait where its launch says so.
    device->begin_capture();
    device->launch(launch);
    QVERIFY(device->end_capture());
    QCOMPARE(fake.n_overlap(), n_overlap);
    device->release(values);
    device.reset();
    QCOMPARE(fake.leaks(), std::string());
}

void DriverDeviceTest::anyThreadMayCall() {
    OpenedDevice opened;
    opened.device->zero(opened.values, 100 * sizeof(float));
    std::vector<float> got;
    std::thread([&] {
        opened.device->launch(device_add(opened.values, 5.0F, 100));
        auto read = opened.read();
        if (read) got = std::move(read).value();
    }).join();
    QCOMPARE(got, std::vector<float>(100, 5.0F));
    // The context is set once for each thread, not once for each call.
    const int n_set = opened.fake.n_call("cuCtxSetCurrent");
    for (int i = 0; i < 10; ++i) opened.device->launch(device_add(opened.values, 5.0F, 100));
    QCOMPARE(opened.read()->at(0), 55.0F);
    QCOMPARE(opened.fake.n_call("cuCtxSetCurrent"), n_set);
    std::string leaks = "not closed";
    std::thread([&] { leaks = opened.close(); }).join();
    QCOMPARE(leaks, "");
}

void DriverDeviceTest::twoDevicesOnOneThread() {
    FakeDriver fake({FakeCard{}, FakeCard{}});
    const DriverApi api = fake.api();
    auto first = open_device(api, 0);
    auto second = open_device(api, 1);
    float* const one = allocate_floats(*first, 10);
    float* const two = allocate_floats(*second, 10);
    QVERIFY(fake.free_bytes(0) < 8'000'000'000 && fake.free_bytes(1) < 8'000'000'000);
    first->zero(one, 40);
    second->zero(two, 40);
    first->launch(device_add(one, 1.0F, 10));
    second->launch(device_add(two, 2.0F, 10));
    float value = 0.0F;
    QVERIFY(first->download(&value, one, 4));
    QCOMPARE(value, 1.0F);
    QVERIFY(second->download(&value, two, 4));
    QCOMPARE(value, 2.0F);
    first->release(one);
    first.reset();
    driver::Context current = nullptr;
    QCOMPARE(api.CtxGetCurrent(&current), driver::kSuccess);
    QVERIFY(!current);  // nothing that is gone stays current
    QVERIFY(second->wait());
    second->release(two);
    second.reset();
    QCOMPARE(fake.leaks(), "");
}

QTEST_APPLESS_MAIN(DriverDeviceTest)
#include "tst_driver_device.moc"
