#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

namespace lares::kernels {

struct Dim3 {
    std::uint32_t x = 1;
    std::uint32_t y = 1;
    std::uint32_t z = 1;

    [[nodiscard]] constexpr std::uint64_t count() const { return std::uint64_t{x} * y * z; }
    friend constexpr bool operator==(const Dim3&, const Dim3&) = default;
};

/// One kernel launch as a value. Every kernel takes exactly one parameter struct, so that one type
/// serves the driver API (cuLaunchKernel with one argument), kernels/simt, and a recorded list of
/// what a token launches. The pointers inside are borrowed, of the memory the launch runs in.
struct Launch {
    static constexpr std::size_t kMaxParams = 256;

    const char* kernel = nullptr;    ///< the extern "C" name in the fat binary
    Dim3 grid;                       ///< blocks
    Dim3 block;                      ///< threads of a block
    std::uint32_t shared_bytes = 0;  ///< dynamic shared memory
    std::uint32_t params_bytes = 0;
    /// The kernel waits for the one before by itself (device/cuda.cuh, wait_for_grid_before), so it
    /// may begin before that has ended.
    bool waits_itself = false;
    alignas(16) std::byte params[kMaxParams] = {};
};

template <class Params>
[[nodiscard]] Launch make_launch(const char* kernel,
                                 Dim3 grid,
                                 Dim3 block,
                                 const Params& params,
                                 std::uint32_t shared_bytes = 0) {
    static_assert(std::is_trivially_copyable_v<Params> && sizeof(Params) <= Launch::kMaxParams);
    Launch launch{kernel, grid, block, shared_bytes, sizeof(Params), false, {}};
    std::memcpy(launch.params, &params, sizeof(Params));
    return launch;
}

/// The same for a kernel that calls wait_for_grid_before().
template <class Params>
[[nodiscard]] Launch make_waiting_launch(const char* kernel,
                                         Dim3 grid,
                                         Dim3 block,
                                         const Params& params) {
    Launch launch = make_launch(kernel, grid, block, params);
    launch.waits_itself = true;
    return launch;
}

[[nodiscard]] constexpr std::uint32_t ceil_div(std::int64_t a, std::int64_t b) {
    return static_cast<std::uint32_t>((a + b - 1) / b);
}

}  // namespace lares::kernels
