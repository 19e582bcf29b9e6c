#pragma once

#include "engine/backend/cuda/dense_product.h"
#include "engine/base/result.h"
#include "kernels/launch.h"

#include <cstddef>
#include <memory>
#include <string>

namespace lares::cuda {

/// What a card is.
struct DeviceInfo {
    std::string name;  ///< as the driver calls it
    int compute_major = 0;
    int compute_minor = 0;
    int n_multiprocessor = 1;
    std::size_t total_bytes = 0;
    int ordinal = 0;  ///< the N of cuda:N
};

/// Work of a device that was recorded once and can be done again. Belongs to the device that made
/// it, which must outlive it.
class Graph {
public:
    virtual ~Graph() = default;
    [[nodiscard]] virtual std::size_t n_kernel() const = 0;
};

/// One device as the CUDA backend uses it: memory, and one queue of work that is done in order.
/// DriverDevice (driver_device.h) is a card; tests put kernels/simt behind the same interface.
///
/// Nothing of the queue fails at once: a device reports what went wrong at a later call, and from
/// then on every call fails with the same error. So the queue's calls return nothing, and wait()
/// and download() return the first error since the device was made. Errors: DeviceFailed.
/// Pointers are the device's; only kernels and the calls here may follow them.
/// One thread at a time, any thread.
class Device {
public:
    virtual ~Device() = default;

    [[nodiscard]] virtual const DeviceInfo& info() const = 0;
    /// Bytes that are free now, with other programs counted. Errors: DeviceFailed.
    [[nodiscard]] virtual Result<std::size_t> free_bytes() const = 0;

    /// Memory of the device, at a multiple of 256. Errors: OutOfMemory with both sizes,
    /// DeviceFailed.
    [[nodiscard]] virtual Result<void*> allocate(std::size_t bytes) = 0;
    virtual void release(void* memory) = 0;  ///< waits for the queue; null does nothing
    /// Memory of the host that the device reads and writes directly (page-locked); the pointer
    /// serves both. Errors: as above.
    [[nodiscard]] virtual Result<void*> allocate_host(std::size_t bytes) = 0;
    virtual void release_host(void* memory) = 0;

    // The queue.
    /// `from` may be used again on return, unless it is of allocate_host: then after wait().
    virtual void upload(void* to, const void* from, std::size_t bytes) = 0;
    /// Waits for everything before it, and for the bytes.
    [[nodiscard]] virtual Result<void> download(void* to, const void* from, std::size_t bytes) = 0;
    virtual void copy(void* to, const void* from, std::size_t bytes) = 0;  ///< within the device
    virtual void zero(void* to, std::size_t bytes) = 0;
    /// A launch without a kernel (kernels/launch.h) is an error: DeviceFailed at wait().
    virtual void launch(const kernels::Launch& launch) = 0;
    [[nodiscard]] virtual Result<void> wait() = 0;
    /// Notes the end of the queue as it is now, instead of what was noted before.
    virtual void mark() = 0;
    /// Waits until the queue has come to what mark() noted; what was queued after that may still
    /// run, and also fail here.
    [[nodiscard]] virtual Result<void> wait_for_mark() = 0;

    /// Between these two, launches are recorded instead of done; nothing else may be called.
    virtual void begin_capture() = 0;
    /// Errors: DeviceFailed; then nothing was recorded.
    [[nodiscard]] virtual Result<std::unique_ptr<Graph>> end_capture() = 0;
    /// Does what was recorded, with the same parameters.
    virtual void replay(const Graph& graph) = 0;

    // A library for products of dense matrices, where the device has one (cuBLAS). Nothing needs
    // it; not during a capture.
    /// Looks for it when first called, which may take a second; true where there is one.
    virtual bool start_library() { return false; }
    /// Queues the product, if start_library said that there is one. False: the library refused,
    /// nothing was queued, and it is given up.
    [[nodiscard]] virtual bool try_multiply(const DenseProduct& /*product*/) { return false; }
    /// Which library, or one sentence why there is none; empty before start_library.
    [[nodiscard]] virtual std::string library_text() const { return {}; }
};

}  // namespace lares::cuda
