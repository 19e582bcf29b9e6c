#include "tests/support/test_device.h"

#include "engine/backend/cuda/device_list.h"
#include "engine/backend/cuda/driver_device.h"
#include "tests/engine/backend/cuda/fake_driver.h"
#include "tests/support/simt_device.h"

#include <QByteArray>
#include <QtGlobal>

#include <array>
#include <string>
#include <utility>

namespace lares::test {
namespace {

std::string asked_for() {
    const QByteArray value = qgetenv("LARES_TEST_DEVICE");
    return value.isEmpty() ? "simt" : value.toStdString();
}

template <class T>
T must(Result<T> result) {
    if (!result) qFatal("LARES_TEST_DEVICE: %s", result.error().message.c_str());
    return std::move(result).value();
}

std::unique_ptr<cuda::Device> open_card() {
    static const cuda::DriverApi kApi = must(cuda::load_driver());
    static const int kOrdinal = must(cuda::parse_device_request(asked_for())).ordinal.value_or(0);
    const auto open = [] {
        return must(
            cuda::DriverDevice::open(kApi, kOrdinal, kernels::fat_binary(),
                                     [](int version) { return cuda::load_cublas(version); }));
    };
    // Never closed: it holds the context, and the driver may be gone before a static object is.
    static const cuda::Device* const kKeeper = open().release();
    static_cast<void>(kKeeper);
    return open();
}

std::unique_ptr<cuda::Device> open_fake() {
    // Never destroyed: devices that other static objects hold may outlive it. As many
    // multiprocessors as SimtDevice has, for the work is divided by them.
    static FakeDriver& fake = *new FakeDriver(
        {{.n_multiprocessor = 8, .total_bytes = std::size_t{1} << 40, .context_bytes = 0}});
    constexpr std::array<std::byte, 16> kNoImage{};  // the fake finds kernels elsewhere
    return must(cuda::DriverDevice::open(fake.api(), 0, kNoImage));
}

}  // namespace

TestDevice test_device() {
    const std::string name = asked_for();
    if (name == "simt") return TestDevice::Simt;
    if (name == "fake") return TestDevice::Fake;
    const auto request = cuda::parse_device_request(name);
    if (!request || request->kind != cuda::DeviceRequest::Kind::Cuda)
        qFatal("LARES_TEST_DEVICE is simt, fake, cuda or cuda:N, not '%s'", name.c_str());
    return TestDevice::Cuda;
}

std::unique_ptr<cuda::Device> open_test_device() {
    switch (test_device()) {
        case TestDevice::Cuda:
            return open_card();
        case TestDevice::Fake:
            return open_fake();
        case TestDevice::Simt:
            break;
    }
    return std::make_unique<SimtDevice>();
}

std::shared_ptr<WatchedDevice> open_watched_device() {
    return std::make_shared<WatchedDevice>(open_test_device());
}

}  // namespace lares::test
