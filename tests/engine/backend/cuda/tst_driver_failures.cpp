// What goes wrong on a card is told once and for good, in a sentence, and leaves nothing behind.

#include "tests/engine/backend/cuda/opened_device.h"

#include <QTest>

using namespace lares;
using namespace lares::cuda;
using namespace lares::test;

class DriverFailuresTest : public QObject {
    Q_OBJECT

private slots:
    void fullMemoryIsToldAndLeavesTheDevice();
    void refusesMoreSharedMemoryThanThereIs();
    void aFailedRecordingLeavesNoGraph();
    void namesAKernelThatIsNotThere();
    void namesTheKernelThatTheDriverRefuses();
    void keepsTheFirstErrorForGood();
    void anIllegalAddressIsToldByTheNextWait();
    void aFailedReplaySaysHowManyKernels();
    void tellsWhichCallFailed_data();
    void tellsWhichCallFailed();
    void openingFailsWithoutLeaks_data();
    void openingFailsWithoutLeaks();
    void refusesAProgramWithoutKernels();
};

void DriverFailuresTest::fullMemoryIsToldAndLeavesTheDevice() {
    FakeCard card;
    card.total_bytes = 400'000'000;
    FakeDriver fake({card});
    const DriverApi api = fake.api();
    auto device = open_device(api);
    const auto refused = device->allocate(250'000'001);
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::OutOfMemory);
    QVERIFY(says(refused.error(), "Fake 4060 has no room for 251 MB, 100 MB are free"));

    const auto fits = device->allocate(1'000'000);
    QVERIFY(fits);
    QVERIFY(device->wait());
    device->release(*fits);

    fake.fail("cuMemHostAlloc", driver::kOutOfMemory);
    const auto host = device->allocate_host(5'000'000);
    QVERIFY(!host);
    QCOMPARE(host.error().code, ErrorCode::OutOfMemory);
    QVERIFY(says(host.error(), "5 MB of page-locked memory"));
    QVERIFY(device->wait());
    device.reset();
    QCOMPARE(fake.leaks(), "");
}

void DriverFailuresTest::refusesMoreSharedMemoryThanThereIs() {
    OpenedDevice opened;
    opened.device->launch(device_reverse(opened.values, 30'000));
    const auto waited = opened.device->wait();
    QVERIFY(!waited);
    QCOMPARE(waited.error().code, ErrorCode::DeviceFailed);
    QVERIFY(says(waited.error(), "`device_reverse`"));
    QVERIFY(says(waited.error(), "120000 bytes of shared memory"));
    QCOMPARE(opened.fake.n_call("cuLaunchKernelEx"), 0);
    QCOMPARE(opened.close(), "");
}

void DriverFailuresTest::aFailedRecordingLeavesNoGraph() {
    {
        OpenedDevice opened;
        opened.device->begin_capture();
        opened.device->launch(kernels::Launch{});
        const auto graph = opened.device->end_capture();
        QVERIFY(!graph);
        QCOMPARE(graph.error().code, ErrorCode::DeviceFailed);
        QVERIFY(says(graph.error(), "no kernel for these shapes"));
        QCOMPARE(opened.fake.n_call("cuStreamEndCapture"), 1);
        QCOMPARE(opened.close(), "");
    }
    for (const char* call : {"cuStreamBeginCapture_v2", "cuStreamEndCapture",
                             "cuGraphInstantiateWithFlags", "cuGraphDestroy"}) {
        OpenedDevice opened;
        opened.fake.fail(call, driver::kUnknown);
        opened.device->begin_capture();
        opened.device->launch(device_add(opened.values, 1.0F, 100));
        const auto graph = opened.device->end_capture();
        QVERIFY2(!graph, call);
        const std::string name(call);
        QVERIFY(says(graph.error(), "at " + name.substr(0, name.find("_v2"))));
        // Nothing is left in capture; the graph that could not be destroyed was.
        QCOMPARE(opened.close(), "");
    }
}

void DriverFailuresTest::namesAKernelThatIsNotThere() {
    OpenedDevice opened;
    kernels::Launch launch = device_add(opened.values, 1.0F, 100);
    launch.kernel = "matvec_of_tomorrow";
    opened.device->launch(launch);
    const auto waited = opened.device->wait();
    QVERIFY(!waited);
    QVERIFY(says(waited.error(), "no kernel `matvec_of_tomorrow`"));
    QCOMPARE(opened.close(), "");
}

void DriverFailuresTest::namesTheKernelThatTheDriverRefuses() {
    OpenedDevice opened;
    opened.device->launch(device_add(opened.values, 1.0F, 100));
    opened.fake.fail("cuLaunchKernelEx", driver::kLaunchOutOfResources);
    opened.device->launch(device_double(opened.values, 1.0F, 100));
    const auto waited = opened.device->wait();
    QVERIFY(!waited);
    QVERIFY(says(waited.error(), "Fake 4060 failed: a kernel needs more than the card has"));
    QVERIFY(says(waited.error(), "at cuLaunchKernelEx, last kernel `device_double`"));
    QVERIFY(says(waited.error(), "compute on the CPU"));
    QCOMPARE(opened.close(), "");
}

void DriverFailuresTest::keepsTheFirstErrorForGood() {
    OpenedDevice opened;
    opened.device->launch(device_add(opened.values, 1.0F, 100));
    opened.fake.fail("cuMemsetD8Async", driver::kUnknown);
    opened.device->zero(opened.values, 4);
    opened.fake.fail("cuLaunchKernelEx", driver::kLaunchFailed);
    const int n_launch = opened.fake.n_call("cuLaunchKernelEx");
    opened.device->launch(device_add(opened.values, 1.0F, 100));
    QCOMPARE(opened.fake.n_call("cuLaunchKernelEx"), n_launch);  // not even tried

    const auto first = opened.device->wait();
    QVERIFY(!first);
    QVERIFY(says(first.error(), "at cuMemsetD8Async"));
    float value = 0.0F;
    QCOMPARE(opened.device->wait().error().message, first.error().message);
    QCOMPARE(opened.device->download(&value, opened.values, 4).error().message,
             first.error().message);
    QCOMPARE(opened.device->allocate(100).error().message, first.error().message);
    QCOMPARE(opened.device->allocate_host(100).error().message, first.error().message);
    QCOMPARE(opened.device->free_bytes().error().message, first.error().message);
    opened.device->begin_capture();
    QCOMPARE(opened.device->end_capture().error().message, first.error().message);
    QCOMPARE(opened.close(), "");
}

void DriverFailuresTest::anIllegalAddressIsToldByTheNextWait() {
    OpenedDevice opened;
    opened.device->zero(opened.values, 100 * sizeof(float));
    opened.device->launch(device_set(opened.values, 1.0F, 101));
    opened.device->launch(device_double(opened.values, 1.0F, 100));
    const auto waited = opened.device->wait();
    QVERIFY(!waited);
    QCOMPARE(waited.error().code, ErrorCode::DeviceFailed);
    QVERIFY(says(waited.error(), "CUDA_ERROR_ILLEGAL_ADDRESS, 700"));
    QVERIFY(says(waited.error(), "at cuStreamSynchronize, last kernel `device_double`"));
    QVERIFY(opened.fake.kernel_error().find("device_set") != std::string::npos);
    // The card is lost; what was on it is given back all the same.
    QCOMPARE(opened.close(), "");
}

void DriverFailuresTest::aFailedReplaySaysHowManyKernels() {
    OpenedDevice opened;
    opened.device->zero(opened.values, 100 * sizeof(float));
    opened.device->begin_capture();
    for (int i = 0; i < 3; ++i) opened.device->launch(device_add(opened.values, 1.0F, 100));
    auto graph = opened.device->end_capture();
    QVERIFY(graph);
    opened.device->replay(**graph);
    QVERIFY(opened.device->wait());
    opened.fake.break_kernel(driver::kLaunchFailed, 2);
    opened.device->replay(**graph);
    const auto waited = opened.device->wait();
    QVERIFY(!waited);
    QVERIFY(says(waited.error(), "a recorded step of 3 kernels"));
    QVERIFY(says(waited.error(), "CUDA_ERROR_LAUNCH_FAILED, 719"));
    QCOMPARE(opened.fake.n_kernel_run(), 5);
    graph->reset();
    QCOMPARE(opened.close(), "");
}

void DriverFailuresTest::tellsWhichCallFailed_data() {
    QTest::addColumn<QString>("call");
    for (const char* call :
         {"cuMemcpyHtoDAsync_v2", "cuEventRecord", "cuMemcpyDtoDAsync_v2", "cuMemsetD8Async",
          "cuMemcpyDtoHAsync_v2", "cuStreamSynchronize", "cuGraphLaunch"})
        QTest::newRow(call) << call;
}

void DriverFailuresTest::tellsWhichCallFailed() {
    QFETCH(QString, call);
    OpenedDevice opened;
    Device& device = *opened.device;
    device.begin_capture();
    device.launch(device_add(opened.values, 1.0F, 100));
    auto graph = device.end_capture();
    QVERIFY(graph);
    opened.fake.fail(call.toStdString(), driver::kUnknown);
    const std::vector<float> host = counted(100);
    device.upload(opened.values, host.data(), 100 * sizeof(float));
    device.zero(opened.values, 4);
    device.copy(opened.values, opened.values + 50, 4);
    device.replay(**graph);
    const auto got = opened.read();
    QVERIFY(!got);
    QVERIFY(says(got.error(), "at " + call.remove("_v2").toStdString()));
    graph->reset();
    QCOMPARE(opened.close(), "");
}

void DriverFailuresTest::openingFailsWithoutLeaks_data() {
    QTest::addColumn<QString>("call");
    QTest::addColumn<int>("status");
    QTest::addColumn<ErrorCode>("code");
    QTest::addColumn<QString>("words");
    const auto row = [](const char* call, int status, ErrorCode code, const char* words) {
        QTest::addRow("%s %d", call, status) << call << status << code << words;
    };
    row("cuDeviceGetName", driver::kUnknown, ErrorCode::DeviceFailed, "says nothing about card 0");
    row("cuDeviceTotalMem_v2", driver::kUnknown, ErrorCode::DeviceFailed, "card 0");
    row("cuDeviceGetAttribute", driver::kUnknown, ErrorCode::DeviceFailed, "card 0");
    row("cuDevicePrimaryCtxRetain", driver::kOutOfMemory, ErrorCode::OutOfMemory,
        "the memory of Fake 4060 is full");
    row("cuDevicePrimaryCtxRetain", driver::kDeviceUnavailable, ErrorCode::DeviceFailed,
        "another program has the card for itself");
    row("cuCtxSetCurrent", driver::kUnknown, ErrorCode::DeviceFailed, "cuCtxSetCurrent");
    row("cuStreamCreate", driver::kUnknown, ErrorCode::DeviceFailed, "cuStreamCreate");
    row("cuModuleLoadData", driver::kNoBinaryForGpu, ErrorCode::Unsupported,
        "no kernels for Fake 4060 (compute capability 8.9)");
    row("cuModuleLoadData", driver::kUnsupportedPtxVersion, ErrorCode::Unsupported,
        "the NVIDIA driver (CUDA 13.0) cannot read this program's kernels");
    row("cuModuleLoadData", driver::kInvalidImage, ErrorCode::Unsupported,
        "install a newer driver");
    row("cuModuleLoadData", driver::kOutOfMemory, ErrorCode::OutOfMemory, "too full");
    row("cuModuleLoadData", driver::kUnknown, ErrorCode::DeviceFailed, "cannot be loaded");
    row("cuMemHostAlloc", driver::kOutOfMemory, ErrorCode::OutOfMemory, "page-locked");
    row("cuMemHostAlloc", driver::kUnknown, ErrorCode::DeviceFailed, "cuMemHostAlloc");
    row("cuEventCreate", driver::kUnknown, ErrorCode::DeviceFailed, "cuEventCreate");
}

void DriverFailuresTest::openingFailsWithoutLeaks() {
    QFETCH(QString, call);
    QFETCH(int, status);
    QFETCH(ErrorCode, code);
    QFETCH(QString, words);
    FakeDriver fake;
    const DriverApi api = fake.api();
    fake.fail(call.toStdString(), status, call == "cuEventCreate" ? 3 : 1);
    const auto device = DriverDevice::open(api, 0, kImage);
    QVERIFY(!device);
    QCOMPARE(device.error().code, code);
    QVERIFY(says(device.error(), words.toStdString()));
    QCOMPARE(fake.leaks(), "");
}

void DriverFailuresTest::refusesAProgramWithoutKernels() {
    FakeDriver fake;
    const DriverApi api = fake.api();
    const auto device = DriverDevice::open(api, 0, {});
    QVERIFY(!device);
    QCOMPARE(device.error().code, ErrorCode::Unsupported);
    QVERIFY(says(device.error(), "built without kernels"));
    const auto nowhere = DriverDevice::open(api, 1, kImage);
    QVERIFY(!nowhere);
    QCOMPARE(nowhere.error().code, ErrorCode::InvalidArgument);
    QVERIFY(says(nowhere.error(), "there is no card 1; this machine has 1"));
    QCOMPARE(fake.leaks(), "");
}

QTEST_APPLESS_MAIN(DriverFailuresTest)
#include "tst_driver_failures.moc"
