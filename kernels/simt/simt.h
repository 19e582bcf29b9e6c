#pragma once

#include "kernels/launch.h"

#include <cstdint>
#include <optional>
#include <string>

/// Runs the kernels of this folder on the CPU, for tests on machines without a GPU. The .cu files
/// are compiled as C++ against kernels/simt/builtins.h; each CUDA thread of a block is a fiber,
/// blocks run one after the other. What is checked:
///   - a barrier or warp operation that some of its threads never reach, or reach elsewhere
///   - a shuffle from a lane that does not take part
///   - shared memory: starts as poison (NaN as a float), an index outside an array, a write past
///     its end, more than a block may have
///   - asynchronous copies to shared memory (kernels/device/async_copy.cuh) that nobody waits for:
///     they happen where they are waited for, and poison their target until then
///   - a launch that may overlap with the kernel before (Launch::waits_itself): threads that end
///     without having waited for it, or write before through kernels/device/memory.cuh
///   - global memory: writes around registered buffers (global_buffer.h), and every access through
///     kernels/device/memory.cuh outside of them
/// What is not: the memory model. Threads run in a fixed order and switch only where they wait, so
/// a missing barrier shows only by running in the other order too (Options::order).
/// One thread of the operating system at a time.
namespace lares::simt {

enum class Order : std::uint8_t { Ascending, Descending };  ///< of blocks and of threads

struct Options {
    Order order = Order::Ascending;
    bool second_poison = false;  ///< another pattern, to find results that depend on it
};

/// What one launch did.
struct Report {
    std::uint32_t shared_bytes = 0;  ///< most that a block used, static and dynamic
    std::uint64_t n_switch = 0;      ///< of fibers
};

/// Nothing if the launch ran to its end; otherwise a sentence that names the kernel, and the block
/// and the thread where there is one. After an error the buffers hold what was written so far.
[[nodiscard]] std::optional<std::string> run(const kernels::Launch& launch,
                                             const Options& options = {},
                                             Report* report_or_null = nullptr);

/// A kernel that the linked program has. LARES_KERNEL makes one for each kernel.
class Registration {
public:
    using Body = void (*)(const void* params);
    Registration(const char* name, int max_threads, std::size_t params_bytes, Body body);

    const char* name;
    int max_threads;  ///< of a block, as in __launch_bounds__
    std::size_t params_bytes;
    Body body;
    Registration* next;
};

}  // namespace lares::simt
