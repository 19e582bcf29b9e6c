#pragma once

#include "engine/backend/cuda/cublas.h"
#include "engine/backend/cuda/device.h"
#include "engine/backend/cuda/driver_api.h"
#include "engine/backend/cuda/kernel_module.h"
#include "engine/backend/cuda/upload_ring.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>

namespace lares::cuda {

/// A card, through the driver: its primary context, one stream, and the kernels of a fat binary.
/// The first thing that goes wrong is kept, and every later call fails with it: after most failures
/// the driver refuses everything that belongs to the context anyway. Only an allocation that finds
/// no room leaves the device as it was.
/// Memory of the device that is not released goes with the context, at the latest when the program
/// ends; host memory is the caller's to release before.
/// One thread at a time, any thread: each call makes the context current where it is not.
class DriverDevice final : public Device {
public:
    /// Opens card `ordinal` with these kernels (kernels::fat_binary()). Errors: InvalidArgument for
    /// a number that no card has; Unsupported where there are no kernels for it (KernelModule);
    /// OutOfMemory; DeviceFailed.
    /// Without a `load_cublas` it has no library for products.
    [[nodiscard]] static Result<std::unique_ptr<DriverDevice>> open(
        const DriverApi& api,
        int ordinal,
        std::span<const std::byte> fat_binary,
        CublasLoader load_cublas = {});
    ~DriverDevice() override;
    DriverDevice(const DriverDevice&) = delete;
    DriverDevice& operator=(const DriverDevice&) = delete;

    [[nodiscard]] const DeviceInfo& info() const override { return m_info; }
    [[nodiscard]] Result<std::size_t> free_bytes() const override;
    [[nodiscard]] Result<void*> allocate(std::size_t bytes) override;
    void release(void* memory) override;
    [[nodiscard]] Result<void*> allocate_host(std::size_t bytes) override;
    void release_host(void* memory) override;

    void upload(void* to, const void* from, std::size_t bytes) override;
    [[nodiscard]] Result<void> download(void* to, const void* from, std::size_t bytes) override;
    void copy(void* to, const void* from, std::size_t bytes) override;
    void zero(void* to, std::size_t bytes) override;
    void launch(const kernels::Launch& launch) override;
    [[nodiscard]] Result<void> wait() override;
    void mark() override;
    [[nodiscard]] Result<void> wait_for_mark() override;

    void begin_capture() override;
    [[nodiscard]] Result<std::unique_ptr<Graph>> end_capture() override;
    void replay(const Graph& graph) override;

    bool start_library() override;
    [[nodiscard]] bool try_multiply(const DenseProduct& product) override;
    [[nodiscard]] std::string library_text() const override { return m_library_text; }

private:
    class RecordedGraph;

    explicit DriverDevice(const DriverApi& api);
    [[nodiscard]] Result<void> start(int ordinal, std::span<const std::byte> fat_binary);

    void make_current() const;
    /// Makes the context current; false after an error.
    [[nodiscard]] bool enter() const;
    /// Notes the first call that failed; whether this one succeeded.
    bool check(driver::Status status, const char* call) const;
    [[nodiscard]] Error failure(driver::Status status, const char* call) const;
    [[nodiscard]] bool is_page_locked(const void* memory, std::size_t bytes) const;
    void launch_with(const KernelModule::Kernel& kernel, const kernels::Launch& launch);

    DriverApi m_api;
    DeviceInfo m_info;
    std::uint64_t m_serial;  // no two devices of the process have the same
    driver::Ordinal m_device = 0;
    driver::Context m_context = nullptr;
    driver::Stream m_stream = nullptr;
    driver::Event m_mark = nullptr;
    std::unique_ptr<KernelModule> m_module;
    std::unique_ptr<UploadRing> m_ring;
    CublasLoader m_load_cublas;        // empty once it was asked
    std::unique_ptr<Cublas> m_cublas;  // null before that, and where it cannot be used
    std::string m_library_text;
    std::map<std::uintptr_t, std::size_t> m_page_locked;  // of allocate_host: start to bytes

    // For the sentence when something fails: the queue tells of it at a later call.
    const char* m_last_kernel = nullptr;
    std::size_t m_n_replayed = 0;  // kernels of the graph that was replayed since then

    bool m_is_capturing = false;
    std::size_t m_n_captured = 0;  // launches since the capture began
    // A const call may be where the driver reports what the queue did.
    mutable std::optional<Error> m_error;
};

}  // namespace lares::cuda
