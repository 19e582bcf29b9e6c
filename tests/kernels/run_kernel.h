#pragma once

#include "kernels/launch.h"
#include "kernels/simt/global_buffer.h"

#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace lares::test {

/// Runs the launch twice in kernels/simt on the same memory: blocks and threads in rising order,
/// then in falling order with another poison in shared memory. Empty if both runs succeed and leave
/// the same bytes in every global buffer; a sentence otherwise. So a result that depends on memory
/// nobody wrote, or on a barrier that is missing, does not pass.
///
/// Where LARES_TEST_DEVICE (tests/support/test_device.h) asks for a card, the launch then runs once
/// more, on the card and on the memory as it was before; the buffers hold what came from there, for
/// the test to compare. A launch that simt refuses never reaches the card, which an illegal access
/// would cost every test after it.
[[nodiscard]] std::string run_both_ways(const kernels::Launch& launch);

/// The same with one run in simt, where a kernel is allowed to depend on the order.
[[nodiscard]] std::string run_once(const kernels::Launch& launch);

using Generator = std::mt19937;

/// Normal numbers with this standard deviation.
[[nodiscard]] std::vector<float> random_floats(Generator& generator,
                                               std::size_t n,
                                               float deviation);

/// |got - want| / |want|, Euclidean; NaN counts as infinitely far.
[[nodiscard]] double relative_distance(std::span<const float> got, const std::vector<double>& want);

}  // namespace lares::test
