#pragma once

#include "engine/session/device_provider.h"
#include "tests/engine/backend/cuda/opened_device.h"

namespace lares::test {

/// The cards of a driver that is not there, as this machine's. `driver` outlives it.
class FakeCards final : public DeviceProvider {
public:
    explicit FakeCards(FakeDriver& driver) : m_driver(driver) {}
    Result<cuda::DeviceChoice> choose(const cuda::DeviceRequest& request,
                                      std::size_t needed_bytes) const override {
        return cuda::choose_device(request, {.fat_binary = kImage,
                                             .needed_bytes = needed_bytes,
                                             .load = [this] { return m_driver.api(); },
                                             .load_cublas = {}});
    }

private:
    FakeDriver& m_driver;
};

}  // namespace lares::test
