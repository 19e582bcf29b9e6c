#pragma once

#include "engine/backend/cuda/device.h"
#include "engine/backend/cuda/driver_api.h"

#include <cstddef>

namespace lares::cuda {

/// A card before a device is made of it: what the driver says without a context. Cards are numbered
/// from 0, in the driver's order.
struct Card {
    int ordinal = 0;
    driver::Ordinal device = 0;  ///< the driver's handle of it
    DeviceInfo info;
};

/// Errors: DeviceFailed.
[[nodiscard]] Result<int> count_cards(const DriverApi& api);
/// Errors: InvalidArgument for a number that no card has; DeviceFailed.
[[nodiscard]] Result<Card> find_card(const DriverApi& api, int ordinal);

/// The card's primary context, one more time; cuDevicePrimaryCtxRelease gives it back. Takes some
/// hundred milliseconds and megabytes of the card where this process has none yet. Errors:
/// OutOfMemory where the card is too full even for it, DeviceFailed.
[[nodiscard]] Result<driver::Context> retain_context(const DriverApi& api, const Card& card);

/// Bytes of the card that are free, as this process sees it: its own context is not among them, and
/// is made for the question where there is none. The thread's current context stays what it is.
/// Errors: OutOfMemory, DeviceFailed.
[[nodiscard]] Result<std::size_t> measure_free_bytes(const DriverApi& api, const Card& card);

}  // namespace lares::cuda
