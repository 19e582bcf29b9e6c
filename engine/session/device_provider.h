#pragma once

#include "engine/backend/cuda/device_list.h"
#include "engine/base/result.h"

#include <cstddef>

namespace lares {

/// Where sessions get a card from. Thread safe.
class DeviceProvider {
public:
    virtual ~DeviceProvider() = default;
    /// As cuda::choose_device, of which this decides where the cards come from.
    [[nodiscard]] virtual Result<cuda::DeviceChoice> choose(const cuda::DeviceRequest& request,
                                                            std::size_t needed_bytes) const = 0;
};

/// This machine's cards.
[[nodiscard]] const DeviceProvider& machine_devices();

}  // namespace lares
