#pragma once

#include "engine/backend/cuda/driver_device.h"
#include "tests/engine/backend/cuda/device_kernels.h"
#include "tests/engine/backend/cuda/fake_driver.h"

#include <QTest>

#include <array>
#include <memory>
#include <numeric>
#include <string>
#include <vector>

namespace lares::test {

/// What stands for a fat binary: the fake driver finds the kernels elsewhere.
inline constexpr std::array<std::byte, 16> kImage{};

inline std::unique_ptr<cuda::DriverDevice> open_device(const cuda::DriverApi& api,
                                                       int ordinal = 0) {
    auto device = cuda::DriverDevice::open(api, ordinal, kImage);
    if (!device) qFatal("%s", device.error().message.c_str());
    return std::move(device).value();
}

inline float* allocate_floats(cuda::Device& device, std::size_t n) {
    auto memory = device.allocate(n * sizeof(float));
    if (!memory) qFatal("%s", memory.error().message.c_str());
    return static_cast<float*>(*memory);
}

/// 0, 1, 2, …
inline std::vector<float> counted(std::size_t n) {
    std::vector<float> values(n);
    std::iota(values.begin(), values.end(), 0.0F);
    return values;
}

/// Whether the message has these words; prints it if not.
inline bool says(const Error& error, const std::string& words) {
    if (error.message.find(words) != std::string::npos) return true;
    qWarning("%s", error.message.c_str());
    return false;
}

/// A device on a fake driver, with room for 100 floats.
struct OpenedDevice {
    FakeDriver fake;
    cuda::DriverApi api = fake.api();
    std::unique_ptr<cuda::DriverDevice> device = open_device(api);
    float* values = allocate_floats(*device, 100);

    [[nodiscard]] Result<std::vector<float>> read(std::size_t n = 100) {
        std::vector<float> host(n);
        RETURN_IF_ERROR(device->download(host.data(), values, n * sizeof(float)));
        return host;
    }
    /// What is left behind.
    [[nodiscard]] std::string close() {
        device->release(values);
        device.reset();
        return fake.leaks();
    }
};

}  // namespace lares::test
