#pragma once

#include "engine/backend/cuda/device.h"
#include "tests/support/watched_device.h"

#include <memory>

namespace lares::test {

/// Where tests of kernels and of the CUDA backend compute; the environment's LARES_TEST_DEVICE says
/// it:
///   unset, simt   kernels/simt, behind the device interface
///   cuda, cuda:N  a card of this machine, the first one or that one
///   fake          the fake driver: a card's way through the driver, with kernels/simt at its end
enum class TestDevice : std::uint8_t { Simt, Cuda, Fake };

/// The test ends where LARES_TEST_DEVICE is none of these.
[[nodiscard]] TestDevice test_device();

/// A device of that kind; the test ends where there is none. A card's context stays until the
/// program ends, so that opening a second device of it is cheap.
[[nodiscard]] std::unique_ptr<cuda::Device> open_test_device();

/// The same, watched.
[[nodiscard]] std::shared_ptr<WatchedDevice> open_watched_device();

}  // namespace lares::test
