#include "engine/backend/cuda/driver_device.h"

#include "engine/backend/cuda/card.h"
#include "engine/backend/cuda/megabytes.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <iterator>
#include <utility>

namespace lares::cuda {
namespace {

std::atomic<std::uint64_t> g_next_serial{1};

/// The device whose context this thread made current last. Asking the driver for each launch would
/// cost more than remembering; nothing else in the program changes a thread's context for good.
thread_local std::uint64_t t_current = 0;

driver::Pointer as_pointer(const void* memory) {
    return reinterpret_cast<std::uintptr_t>(memory);
}

void* as_memory(driver::Pointer pointer) {
    return reinterpret_cast<void*>(static_cast<std::uintptr_t>(pointer));
}

}  // namespace

/// An executable graph; the driver's other form of it is not needed any more.
class DriverDevice::RecordedGraph final : public Graph {
public:
    RecordedGraph(const DriverDevice& device, driver::GraphExec exec, std::size_t n_kernel)
        : m_device(device), m_exec(exec), m_n_kernel(n_kernel) {}
    ~RecordedGraph() override {
        m_device.make_current();
        // It may still be running; a failure of the queue is told at the device's next call.
        m_device.m_api.StreamSynchronize(m_device.m_stream);
        m_device.m_api.GraphExecDestroy(m_exec);
    }
    RecordedGraph(const RecordedGraph&) = delete;
    RecordedGraph& operator=(const RecordedGraph&) = delete;

    [[nodiscard]] std::size_t n_kernel() const override { return m_n_kernel; }
    [[nodiscard]] driver::GraphExec exec() const { return m_exec; }

private:
    const DriverDevice& m_device;
    driver::GraphExec m_exec;
    std::size_t m_n_kernel;
};

DriverDevice::DriverDevice(const DriverApi& api) : m_api(api), m_serial(g_next_serial++) {}

Result<std::unique_ptr<DriverDevice>> DriverDevice::open(const DriverApi& api,
                                                         int ordinal,
                                                         std::span<const std::byte> fat_binary,
                                                         CublasLoader load_cublas) {
    std::unique_ptr<DriverDevice> device(new DriverDevice(api));
    device->m_load_cublas = std::move(load_cublas);
    RETURN_IF_ERROR(device->start(ordinal, fat_binary));
    return device;
}

Result<void> DriverDevice::start(int ordinal, std::span<const std::byte> fat_binary) {
    ASSIGN_OR_RETURN(const Card card, find_card(m_api, ordinal));
    m_info = card.info;
    m_device = card.device;
    ASSIGN_OR_RETURN(m_context, retain_context(m_api, card));
    make_current();
    if (!check(m_api.StreamCreate(&m_stream, driver::kStreamNonBlocking), "cuStreamCreate")) {
        m_stream = nullptr;
        return *m_error;
    }
    ASSIGN_OR_RETURN(m_module, KernelModule::load(m_api, m_info, fat_binary));
    ASSIGN_OR_RETURN(m_ring, UploadRing::create(m_api));
    if (!check(m_api.EventCreate(&m_mark, driver::kEventDisableTiming), "cuEventCreate")) {
        m_mark = nullptr;
        return *m_error;
    }
    return {};
}

DriverDevice::~DriverDevice() {
    if (!m_context) return;
    make_current();
    // Nobody is left to be told of failures.
    if (m_stream) m_api.StreamSynchronize(m_stream);
    m_cublas.reset();
    m_ring.reset();
    m_module.reset();
    if (m_mark) m_api.EventDestroy(m_mark);
    if (m_stream) m_api.StreamDestroy(m_stream);
    m_api.CtxSetCurrent(nullptr);
    t_current = 0;
    m_api.DevicePrimaryCtxRelease(m_device);
}

void DriverDevice::make_current() const {
    if (t_current == m_serial) return;
    if (check(m_api.CtxSetCurrent(m_context), "cuCtxSetCurrent")) t_current = m_serial;
}

bool DriverDevice::enter() const {
    if (!m_error) make_current();
    return !m_error;
}

bool DriverDevice::check(driver::Status status, const char* call) const {
    if (status == driver::kSuccess) return true;
    if (!m_error) m_error = failure(status, call);
    return false;
}

Error DriverDevice::failure(driver::Status status, const char* call) const {
    std::string where = std::string(" at ") + call;
    if (m_n_replayed > 0)
        where += ", in or before a recorded step of " + std::to_string(m_n_replayed) + " kernels";
    else if (m_last_kernel)
        where += std::string(", last kernel `") + m_last_kernel + "`";
    return {ErrorCode::DeviceFailed,
            m_info.name + " failed: " + describe(m_api, status) + where +
                "; what was on it is lost: load the model again, or compute on the CPU"};
}

Result<std::size_t> DriverDevice::free_bytes() const {
    std::size_t free = 0;
    std::size_t total = 0;
    if (!enter() || !check(m_api.MemGetInfo(&free, &total), "cuMemGetInfo")) return *m_error;
    return free;
}

Result<void*> DriverDevice::allocate(std::size_t bytes) {
    if (!enter()) return *m_error;
    driver::Pointer memory = 0;
    const driver::Status status = m_api.MemAlloc(&memory, std::max<std::size_t>(bytes, 1));
    if (status == driver::kOutOfMemory) {
        ASSIGN_OR_RETURN(const std::size_t free, free_bytes());
        return Error{ErrorCode::OutOfMemory,
                     m_info.name + " has no room for " + megabytes_needed(bytes) + ", " +
                         megabytes_free(free) +
                         " are free; close other programs that use it, or take a shorter context"};
    }
    if (!check(status, "cuMemAlloc")) return *m_error;
    return as_memory(memory);
}

void DriverDevice::release(void* memory) {
    if (!memory) return;
    make_current();
    if (!m_error) check(m_api.StreamSynchronize(m_stream), "cuStreamSynchronize");
    const driver::Status status = m_api.MemFree(as_pointer(memory));
    if (!m_error) check(status, "cuMemFree");
}

Result<void*> DriverDevice::allocate_host(std::size_t bytes) {
    if (!enter()) return *m_error;
    const std::size_t size = std::max<std::size_t>(bytes, 1);
    void* memory = nullptr;
    const driver::Status status =
        m_api.MemHostAlloc(&memory, size, driver::kHostAllocPortable | driver::kHostAllocDeviceMap);
    if (status == driver::kOutOfMemory)
        return Error{ErrorCode::OutOfMemory, "the system has no " + megabytes_needed(bytes) +
                                                 " of page-locked memory; close other programs"};
    if (!check(status, "cuMemHostAlloc")) return *m_error;
    m_page_locked.emplace(reinterpret_cast<std::uintptr_t>(memory), size);
    // One address for both sides is what every 64-bit system has; without it kernels would follow
    // the host's pointer.
    driver::Pointer seen = 0;
    if (!check(m_api.MemHostGetDevicePointer(&seen, memory, 0), "cuMemHostGetDevicePointer") ||
        seen != as_pointer(memory)) {
        release_host(memory);
        if (m_error) return *m_error;
        return Error{ErrorCode::DeviceFailed,
                     m_info.name + " does not see the host's memory under the host's addresses"};
    }
    return memory;
}

void DriverDevice::release_host(void* memory) {
    if (!memory) return;
    make_current();
    if (!m_error) check(m_api.StreamSynchronize(m_stream), "cuStreamSynchronize");
    m_page_locked.erase(reinterpret_cast<std::uintptr_t>(memory));
    const driver::Status status = m_api.MemFreeHost(memory);
    if (!m_error) check(status, "cuMemFreeHost");
}

bool DriverDevice::is_page_locked(const void* memory, std::size_t bytes) const {
    const auto address = reinterpret_cast<std::uintptr_t>(memory);
    const auto after = m_page_locked.upper_bound(address);
    if (after == m_page_locked.begin()) return false;
    const auto& [start, size] = *std::prev(after);
    return address - start <= size && bytes <= size - (address - start);
}

void DriverDevice::upload(void* to, const void* from, std::size_t bytes) {
    if (bytes == 0 || !enter()) return;
    if (is_page_locked(from, bytes)) {
        check(m_api.MemcpyHtoDAsync(as_pointer(to), from, bytes, m_stream), "cuMemcpyHtoDAsync");
        return;
    }
    const CallResult result = m_ring->upload(m_stream, as_pointer(to), from, bytes);
    check(result.status, result.call);
}

Result<void> DriverDevice::download(void* to, const void* from, std::size_t bytes) {
    if (!enter()) return *m_error;
    if (bytes > 0)
        check(m_api.MemcpyDtoHAsync(to, as_pointer(from), bytes, m_stream), "cuMemcpyDtoHAsync");
    return wait();
}

void DriverDevice::copy(void* to, const void* from, std::size_t bytes) {
    if (bytes == 0 || !enter()) return;
    check(m_api.MemcpyDtoDAsync(as_pointer(to), as_pointer(from), bytes, m_stream),
          "cuMemcpyDtoDAsync");
}

void DriverDevice::zero(void* to, std::size_t bytes) {
    if (bytes == 0 || !enter()) return;
    check(m_api.MemsetD8Async(as_pointer(to), 0, bytes, m_stream), "cuMemsetD8Async");
}

void DriverDevice::launch(const kernels::Launch& launch) {
    if (!enter()) return;
    if (!launch.kernel) {
        m_error = Error{ErrorCode::DeviceFailed, "there is no kernel for these shapes"};
        return;
    }
    const auto kernel = m_module->kernel(launch.kernel, launch.shared_bytes);
    if (!kernel) {
        m_error = kernel.error();
        return;
    }
    launch_with(**kernel, launch);
}

void DriverDevice::launch_with(const KernelModule::Kernel& kernel, const kernels::Launch& launch) {
    m_last_kernel = kernel.name.c_str();
    m_n_replayed = 0;
    // The parameters as one block of bytes: the kernel has exactly one, a struct.
    std::size_t bytes = launch.params_bytes;
    std::array<void*, 5> extra = {reinterpret_cast<void*>(driver::kLaunchParamBufferPointer),
                                  const_cast<std::byte*>(launch.params),
                                  reinterpret_cast<void*>(driver::kLaunchParamBufferSize), &bytes,
                                  reinterpret_cast<void*>(driver::kLaunchParamEnd)};
    // Compiled for an older card, a kernel is without the instruction that waits, on any card.
    const bool overlaps = launch.waits_itself && kernel.compute_version >= 90 &&
                          m_api.version >= driver::kRecordsOverlap;
    driver::LaunchAttribute overlap{.id = driver::kProgrammaticStreamSerialization, .value = 1};
    const driver::LaunchConfig config{.grid = {launch.grid.x, launch.grid.y, launch.grid.z},
                                      .block = {launch.block.x, launch.block.y, launch.block.z},
                                      .shared_bytes = launch.shared_bytes,
                                      .stream = m_stream,
                                      .attributes = &overlap,
                                      .n_attribute = overlaps ? 1U : 0U};
    const driver::Status status =
        m_api.LaunchKernelEx(reinterpret_cast<const CUlaunchConfig_st*>(&config), kernel.function,
                             nullptr, extra.data());
    if (check(status, "cuLaunchKernelEx")) ++m_n_captured;
}

Result<void> DriverDevice::wait() {
    if (!enter() || !check(m_api.StreamSynchronize(m_stream), "cuStreamSynchronize"))
        return *m_error;
    return {};
}

void DriverDevice::mark() {
    if (enter()) check(m_api.EventRecord(m_mark, m_stream), "cuEventRecord");
}

Result<void> DriverDevice::wait_for_mark() {
    if (!enter() || !check(m_api.EventSynchronize(m_mark), "cuEventSynchronize")) return *m_error;
    return {};
}

bool DriverDevice::start_library() {
    if (!m_load_cublas) return m_cublas != nullptr;
    if (!enter()) return false;
    const CublasLoader load = std::exchange(m_load_cublas, {});
    const Result<CublasApi> api = load(m_api.version);
    if (!api) {
        m_library_text = api.error().message;
        return false;
    }
    auto cublas = Cublas::make(*api);
    m_library_text = cublas ? api->text : cublas.error().message;
    if (cublas) m_cublas = std::move(cublas).value();
    return m_cublas != nullptr;
}

bool DriverDevice::try_multiply(const DenseProduct& product) {
    if (!m_cublas || !enter()) return false;
    const Result<void> queued = m_cublas->multiply(product, m_stream);
    if (queued) {
        m_last_kernel = "cublasLtMatmul";
        m_n_replayed = 0;
        return true;
    }
    // What it queued before may still use the handle.
    m_library_text = queued.error().message;
    check(m_api.StreamSynchronize(m_stream), "cuStreamSynchronize");
    m_cublas.reset();
    return false;
}

void DriverDevice::begin_capture() {
    if (!enter()) return;
    // Relaxed: the driver may load a kernel at its first launch, which other modes forbid.
    m_is_capturing = check(m_api.StreamBeginCapture(m_stream, driver::kCaptureModeRelaxed),
                           "cuStreamBeginCapture");
    m_n_captured = 0;
}

Result<std::unique_ptr<Graph>> DriverDevice::end_capture() {
    if (m_error && !m_is_capturing) return *m_error;
    make_current();
    m_is_capturing = false;
    // Also after an error, so that the stream does not stay in capture.
    driver::Graph recorded = nullptr;
    check(m_api.StreamEndCapture(m_stream, &recorded), "cuStreamEndCapture");
    driver::GraphExec exec = nullptr;
    if (!m_error) check(m_api.GraphInstantiate(&exec, recorded, 0), "cuGraphInstantiateWithFlags");
    if (recorded) {
        const driver::Status status = m_api.GraphDestroy(recorded);
        if (!m_error) check(status, "cuGraphDestroy");
    }
    if (m_error) {
        if (exec) m_api.GraphExecDestroy(exec);
        return *m_error;
    }
    return std::unique_ptr<Graph>(std::make_unique<RecordedGraph>(*this, exec, m_n_captured));
}

void DriverDevice::replay(const Graph& graph) {
    if (!enter()) return;
    const auto& recorded = static_cast<const RecordedGraph&>(graph);
    m_n_replayed = recorded.n_kernel();
    check(m_api.GraphLaunch(recorded.exec(), m_stream), "cuGraphLaunch");
}

}  // namespace lares::cuda
