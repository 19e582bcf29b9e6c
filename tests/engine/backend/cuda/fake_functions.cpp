// The functions of FakeDriver, one for each of the driver's; the driver's reference says what they
// do, fake_driver.h where this one is stricter.

#include "kernels/simt/simt.h"
#include "tests/engine/backend/cuda/fake_driver_state.h"

#include <cstring>

namespace lares::test {

namespace driver = cuda::driver;

namespace {

using State = FakeDriver::State;
using Needs = State::Needs;
using driver::Status;

State* g_state = nullptr;

/// Most dynamic shared memory that a card of compute capability 8.9 gives to a block that asks.
constexpr int kMostSharedBytes = 99 * 1024;

bool is_card(int ordinal) {
    return ordinal >= 0 && ordinal < static_cast<int>(g_state->cards.size());
}
const FakeCard& card(int ordinal) {
    return g_state->cards[static_cast<std::size_t>(ordinal)];
}
CUctx_st& context_of(int ordinal) {
    return g_state->contexts[static_cast<std::size_t>(ordinal)];
}
template <class T = std::byte>
T* as(driver::Pointer pointer) {
    return reinterpret_cast<T*>(static_cast<std::uintptr_t>(pointer));
}

// ---- driver and cards ---------------------------------------------------------------------------

Status init(unsigned) {
    if (const Status s = g_state->enter("cuInit", Needs::Nothing)) return s;
    if (g_state->cards.empty()) return driver::kNoDevice;
    g_state->is_started = true;
    return driver::kSuccess;
}

Status get_error_name(Status status, const char** name) {
    if (const Status s = g_state->enter("cuGetErrorName", Needs::Nothing)) return s;
    switch (status) {
        case driver::kOutOfMemory:
            *name = "CUDA_ERROR_OUT_OF_MEMORY";
            break;
        case driver::kIllegalAddress:
            *name = "CUDA_ERROR_ILLEGAL_ADDRESS";
            break;
        case driver::kLaunchFailed:
            *name = "CUDA_ERROR_LAUNCH_FAILED";
            break;
        default:
            *name = nullptr;
            return driver::kInvalidValue;
    }
    return driver::kSuccess;
}

Status device_get_count(int* count) {
    if (const Status s = g_state->enter("cuDeviceGetCount", Needs::Init)) return s;
    *count = static_cast<int>(g_state->cards.size());
    return driver::kSuccess;
}

Status device_get(driver::Ordinal* device, int ordinal) {
    if (const Status s = g_state->enter("cuDeviceGet", Needs::Init)) return s;
    if (!is_card(ordinal)) return driver::kInvalidDevice;
    *device = ordinal;
    return driver::kSuccess;
}

Status device_get_name(char* name, int length, driver::Ordinal device) {
    if (const Status s = g_state->enter("cuDeviceGetName", Needs::Init)) return s;
    if (!is_card(device)) return driver::kInvalidDevice;
    std::strncpy(name, card(device).name.c_str(), static_cast<std::size_t>(length));
    return driver::kSuccess;
}

Status device_get_attribute(int* value, int attribute, driver::Ordinal device) {
    if (const Status s = g_state->enter("cuDeviceGetAttribute", Needs::Init)) return s;
    if (!is_card(device)) return driver::kInvalidDevice;
    switch (attribute) {
        case driver::kComputeCapabilityMajor:
            *value = card(device).compute_major;
            break;
        case driver::kComputeCapabilityMinor:
            *value = card(device).compute_minor;
            break;
        case driver::kMultiprocessorCount:
            *value = card(device).n_multiprocessor;
            break;
        default:
            return driver::kInvalidValue;
    }
    return driver::kSuccess;
}

Status device_total_mem(std::size_t* bytes, driver::Ordinal device) {
    if (const Status s = g_state->enter("cuDeviceTotalMem_v2", Needs::Init)) return s;
    if (!is_card(device)) return driver::kInvalidDevice;
    *bytes = card(device).total_bytes;
    return driver::kSuccess;
}

Status context_retain(driver::Context* context, driver::Ordinal device) {
    if (const Status s = g_state->enter("cuDevicePrimaryCtxRetain", Needs::Init)) return s;
    if (!is_card(device)) return driver::kInvalidDevice;
    CUctx_st& made = context_of(device);
    if (made.n_retained == 0 && g_state->free_bytes(device) < card(device).context_bytes)
        return driver::kOutOfMemory;
    ++made.n_retained;
    *context = &made;
    return driver::kSuccess;
}

Status context_release(driver::Ordinal device) {
    if (const Status s = g_state->enter("cuDevicePrimaryCtxRelease_v2", Needs::Init)) return s;
    if (!is_card(device) || context_of(device).n_retained == 0) return driver::kInvalidContext;
    if (--context_of(device).n_retained == 0) context_of(device).lost = driver::kSuccess;
    return driver::kSuccess;
}

Status context_get_current(driver::Context* context) {
    if (const Status s = g_state->enter("cuCtxGetCurrent", Needs::Init)) return s;
    *context = current_context();
    return driver::kSuccess;
}

Status context_set_current(driver::Context context) {
    if (const Status s = g_state->enter("cuCtxSetCurrent", Needs::Init)) return s;
    if (context && context->n_retained == 0) return driver::kInvalidContext;
    current_context() = context;
    return driver::kSuccess;
}

// ---- memory -------------------------------------------------------------------------------------

Status mem_get_info(std::size_t* free, std::size_t* total) {
    if (const Status s = g_state->enter("cuMemGetInfo_v2")) return s;
    *free = g_state->free_bytes(current_context()->ordinal);
    *total = card(current_context()->ordinal).total_bytes;
    return driver::kSuccess;
}

driver::Pointer keep(Blocks& blocks, const char* name, std::size_t bytes) {
    auto memory = std::make_unique<simt::GlobalMemory>(name, bytes);
    const auto start = reinterpret_cast<std::uintptr_t>(memory->data());
    blocks.emplace(start, std::move(memory));
    return start;
}

Status mem_alloc(driver::Pointer* memory, std::size_t bytes) {
    if (const Status s = g_state->enter("cuMemAlloc_v2")) return s;
    if (bytes == 0) return driver::kInvalidValue;
    if (bytes > g_state->free_bytes(current_context()->ordinal)) return driver::kOutOfMemory;
    *memory = keep(g_state->device_memory, "device memory", bytes);
    g_state->owner[static_cast<std::uintptr_t>(*memory)] = current_context()->ordinal;
    return driver::kSuccess;
}

Status mem_free(driver::Pointer memory) {
    // A lost context gives its memory back all the same, for the count of leaks.
    const Status entered = g_state->enter("cuMemFree_v2");
    const Status ran = entered ? entered : g_state->run_all();
    g_state->owner.erase(static_cast<std::uintptr_t>(memory));
    if (g_state->device_memory.erase(static_cast<std::uintptr_t>(memory)) == 0)
        return driver::kInvalidValue;
    return ran;
}

Status mem_host_alloc(void** memory, std::size_t bytes, unsigned flags) {
    if (const Status s = g_state->enter("cuMemHostAlloc")) return s;
    if (bytes == 0 || (flags & ~7U) != 0) return driver::kInvalidValue;
    *memory = as<void>(keep(g_state->host_memory, "host memory", bytes));
    return driver::kSuccess;
}

Status mem_host_get_device_pointer(driver::Pointer* seen, void* memory, unsigned) {
    if (const Status s = g_state->enter("cuMemHostGetDevicePointer_v2")) return s;
    *seen = reinterpret_cast<std::uintptr_t>(memory);
    return g_state->is_host_range(memory, 1) ? driver::kSuccess : driver::kInvalidValue;
}

Status mem_free_host(void* memory) {
    const Status entered = g_state->enter("cuMemFreeHost");
    const Status ran = entered ? entered : g_state->run_all();
    if (g_state->host_memory.erase(reinterpret_cast<std::uintptr_t>(memory)) == 0)
        return driver::kInvalidValue;
    return ran;
}

// ---- the queue ----------------------------------------------------------------------------------

Status memcpy_htod(driver::Pointer to, const void* from, std::size_t n, driver::Stream stream) {
    if (const Status s = g_state->enter_stream("cuMemcpyHtoDAsync_v2", stream)) return s;
    if (!g_state->is_device_range(to, n)) return driver::kInvalidValue;
    State::push(stream, [=] {
        std::memcpy(as(to), from, n);
        return driver::kSuccess;
    });
    return driver::kSuccess;
}

Status memcpy_dtoh(void* to, driver::Pointer from, std::size_t n, driver::Stream stream) {
    if (const Status s = g_state->enter_stream("cuMemcpyDtoHAsync_v2", stream)) return s;
    if (!g_state->is_device_range(from, n)) return driver::kInvalidValue;
    State::push(stream, [=] {
        std::memcpy(to, as(from), n);
        return driver::kSuccess;
    });
    return g_state->is_host_range(to, n) ? driver::kSuccess : State::run(stream);
}

Status memcpy_dtod(driver::Pointer to, driver::Pointer from, std::size_t n, driver::Stream stream) {
    if (const Status s = g_state->enter_stream("cuMemcpyDtoDAsync_v2", stream)) return s;
    if (!g_state->is_device_range(to, n) || !g_state->is_device_range(from, n))
        return driver::kInvalidValue;
    State::push(stream, [=] {
        std::memmove(as(to), as(from), n);
        return driver::kSuccess;
    });
    return driver::kSuccess;
}

Status memset_d8(driver::Pointer to, unsigned char value, std::size_t n, driver::Stream stream) {
    if (const Status s = g_state->enter_stream("cuMemsetD8Async", stream)) return s;
    if (!g_state->is_device_range(to, n)) return driver::kInvalidValue;
    State::push(stream, [=] {
        std::memset(as(to), value, n);
        return driver::kSuccess;
    });
    return driver::kSuccess;
}

Status stream_create(driver::Stream* stream, unsigned) {
    if (const Status s = g_state->enter("cuStreamCreate")) return s;
    *stream = g_state->streams.make();
    (*stream)->context = current_context();
    return driver::kSuccess;
}

Status stream_destroy(driver::Stream stream) {
    const Status entered = g_state->enter("cuStreamDestroy_v2");
    return g_state->streams.destroy(stream) ? entered : driver::kInvalidHandle;
}

Status stream_synchronize(driver::Stream stream) {
    if (const Status s = g_state->enter_stream("cuStreamSynchronize", stream)) return s;
    return State::run(stream);
}

Status event_create(driver::Event* event, unsigned) {
    if (const Status s = g_state->enter("cuEventCreate")) return s;
    *event = g_state->events.make();
    return driver::kSuccess;
}

Status event_destroy(driver::Event event) {
    const Status entered = g_state->enter("cuEventDestroy_v2");
    return g_state->events.destroy(event) ? entered : driver::kInvalidHandle;
}

Status event_record(driver::Event event, driver::Stream stream) {
    if (const Status s = g_state->enter_stream("cuEventRecord", stream)) return s;
    if (!g_state->events.has(event)) return driver::kInvalidHandle;
    *event = {stream, stream->n_queued};
    return driver::kSuccess;
}

Status event_synchronize(driver::Event event) {
    if (const Status s = g_state->enter("cuEventSynchronize")) return s;
    if (!g_state->events.has(event)) return driver::kInvalidHandle;
    if (!event->stream_or_null) return driver::kSuccess;
    return State::run(event->stream_or_null, event->mark);
}

// ---- kernels and graphs -------------------------------------------------------------------------

Status module_load_data(driver::Module* module, const void* image) {
    if (const Status s = g_state->enter("cuModuleLoadData")) return s;
    if (!image) return driver::kInvalidValue;
    *module = g_state->modules.make();
    return driver::kSuccess;
}

Status module_unload(driver::Module module) {
    const Status entered = g_state->enter("cuModuleUnload");
    return g_state->modules.destroy(module) ? entered : driver::kInvalidHandle;
}

Status module_get_function(driver::Function* function, driver::Module module, const char* name) {
    if (const Status s = g_state->enter("cuModuleGetFunction")) return s;
    if (!g_state->modules.has(module)) return driver::kInvalidHandle;
    // Without parameters no kernel runs: simt says either that it does not exist or that it needs
    // some.
    kernels::Launch probe;
    probe.kernel = name;
    const auto objection = simt::run(probe);
    if (objection && objection->starts_with("there is no kernel")) return driver::kNotFound;
    *function = g_state->functions.make();
    (*function)->name = name;
    return driver::kSuccess;
}

Status func_get_attribute(int* value, int attribute, driver::Function function) {
    if (const Status s = g_state->enter("cuFuncGetAttribute")) return s;
    if (!g_state->functions.has(function)) return driver::kInvalidHandle;
    if (attribute != driver::kSharedSizeBytes && attribute != driver::kPtxVersion)
        return driver::kInvalidValue;
    *value =
        attribute == driver::kPtxVersion ? g_state->compute_version : g_state->static_shared_bytes;
    return driver::kSuccess;
}

Status func_set_attribute(driver::Function function, int attribute, int value) {
    if (const Status s = g_state->enter("cuFuncSetAttribute")) return s;
    if (!g_state->functions.has(function)) return driver::kInvalidHandle;
    if (attribute != driver::kMaxDynamicSharedSizeBytes || value < 0 ||
        value > kMostSharedBytes - g_state->static_shared_bytes)
        return driver::kInvalidValue;
    function->dynamic_shared_bytes = value + g_state->static_shared_bytes;
    return driver::kSuccess;
}

/// The parameters out of cuLaunchKernelEx's list; false where it is none.
bool read_params(void** extra, kernels::Launch& launch) {
    const void* params = nullptr;
    const std::size_t* bytes = nullptr;
    for (; extra; extra += 2) {
        const auto what = reinterpret_cast<std::uintptr_t>(*extra);
        if (what == driver::kLaunchParamEnd) break;
        if (what == driver::kLaunchParamBufferPointer) params = extra[1];
        if (what == driver::kLaunchParamBufferSize)
            bytes = static_cast<const std::size_t*>(extra[1]);
    }
    if (!params || !bytes || *bytes > kernels::Launch::kMaxParams) return false;
    launch.params_bytes = static_cast<std::uint32_t>(*bytes);
    std::memcpy(launch.params, params, *bytes);
    return true;
}

Status launch_kernel(const CUlaunchConfig_st* given,
                     driver::Function function,
                     void** params,
                     void** extra) {
    if (const Status s = g_state->enter("cuLaunchKernelEx")) return s;
    const auto& config = *reinterpret_cast<const driver::LaunchConfig*>(given);
    driver::Stream stream = config.stream;
    const unsigned shared_bytes = config.shared_bytes;
    if (config.n_attribute > 1 ||
        (config.n_attribute == 1 &&
         config.attributes[0].id != driver::kProgrammaticStreamSerialization))
        return driver::kInvalidValue;
    if (!g_state->functions.has(function) || !g_state->streams.has(stream))
        return driver::kInvalidHandle;
    if (params) return driver::kInvalidValue;
    kernels::Launch launch;
    launch.kernel = function->name.c_str();
    launch.grid = {config.grid[0], config.grid[1], config.grid[2]};
    launch.block = {config.block[0], config.block[1], config.block[2]};
    if (config.n_attribute == 1) ++g_state->n_overlap;
    launch.waits_itself = config.n_attribute == 1 && config.attributes[0].value == 1;
    launch.shared_bytes = shared_bytes;
    if (!read_params(extra, launch) || launch.grid.count() == 0 || launch.block.count() == 0 ||
        launch.block.count() > 1024)
        return driver::kInvalidValue;
    if (static_cast<int>(shared_bytes) + g_state->static_shared_bytes >
        function->dynamic_shared_bytes)
        return driver::kInvalidValue;
    if (stream->is_capturing) {
        stream->captured.push_back(launch);
    } else {
        State::push(stream, [=] { return g_state->run_kernel(launch); });
    }
    return driver::kSuccess;
}

Status stream_begin_capture(driver::Stream stream, int mode) {
    if (const Status s = g_state->enter_stream("cuStreamBeginCapture_v2", stream)) return s;
    if (mode < 0 || mode > 2) return driver::kInvalidValue;
    stream->is_capturing = true;
    stream->is_invalidated = false;
    stream->captured.clear();
    return driver::kSuccess;
}

Status stream_end_capture(driver::Stream stream, driver::Graph* graph) {
    *graph = nullptr;
    if (const Status s = g_state->enter("cuStreamEndCapture")) return s;
    if (!g_state->streams.has(stream)) return driver::kInvalidHandle;
    constexpr Status kIllegalState = 401;
    if (!stream->is_capturing) return kIllegalState;
    stream->is_capturing = false;
    if (stream->is_invalidated) return driver::kStreamCaptureInvalidated;
    *graph = g_state->graphs.make();
    (*graph)->launches = stream->captured;
    return driver::kSuccess;
}

Status graph_instantiate(driver::GraphExec* exec, driver::Graph graph, unsigned long long flags) {
    if (const Status s = g_state->enter("cuGraphInstantiateWithFlags")) return s;
    if (!g_state->graphs.has(graph)) return driver::kInvalidHandle;
    if (flags != 0) return driver::kInvalidValue;
    *exec = g_state->execs.make();
    (*exec)->launches = graph->launches;
    return driver::kSuccess;
}

Status graph_destroy(driver::Graph graph) {
    const Status entered = g_state->enter("cuGraphDestroy");
    return g_state->graphs.destroy(graph) ? entered : driver::kInvalidHandle;
}

Status graph_launch(driver::GraphExec exec, driver::Stream stream) {
    if (const Status s = g_state->enter_stream("cuGraphLaunch", stream)) return s;
    if (!g_state->execs.has(exec)) return driver::kInvalidHandle;
    State::push(stream, [exec] {
        if (!g_state->execs.has(exec)) return driver::kInvalidHandle;
        for (const kernels::Launch& launch : exec->launches)
            if (const Status s = g_state->run_kernel(launch)) return s;
        return driver::kSuccess;
    });
    return driver::kSuccess;
}

Status graph_exec_destroy(driver::GraphExec exec) {
    const Status entered = g_state->enter("cuGraphExecDestroy");
    return g_state->execs.destroy(exec) ? entered : driver::kInvalidHandle;
}

}  // namespace

cuda::DriverApi fake_functions(FakeDriver::State* state_or_null) {
    g_state = state_or_null;
    if (!g_state) current_context() = nullptr;
    cuda::DriverApi api;
    api.Init = init;
    api.GetErrorName = get_error_name;
    api.DeviceGetCount = device_get_count;
    api.DeviceGet = device_get;
    api.DeviceGetName = device_get_name;
    api.DeviceGetAttribute = device_get_attribute;
    api.DeviceTotalMem = device_total_mem;
    api.DevicePrimaryCtxRetain = context_retain;
    api.DevicePrimaryCtxRelease = context_release;
    api.CtxGetCurrent = context_get_current;
    api.CtxSetCurrent = context_set_current;
    api.MemGetInfo = mem_get_info;
    api.MemAlloc = mem_alloc;
    api.MemFree = mem_free;
    api.MemHostAlloc = mem_host_alloc;
    api.MemHostGetDevicePointer = mem_host_get_device_pointer;
    api.MemFreeHost = mem_free_host;
    api.MemcpyHtoDAsync = memcpy_htod;
    api.MemcpyDtoHAsync = memcpy_dtoh;
    api.MemcpyDtoDAsync = memcpy_dtod;
    api.MemsetD8Async = memset_d8;
    api.StreamCreate = stream_create;
    api.StreamDestroy = stream_destroy;
    api.StreamSynchronize = stream_synchronize;
    api.EventCreate = event_create;
    api.EventDestroy = event_destroy;
    api.EventRecord = event_record;
    api.EventSynchronize = event_synchronize;
    api.ModuleLoadData = module_load_data;
    api.ModuleUnload = module_unload;
    api.ModuleGetFunction = module_get_function;
    api.FuncGetAttribute = func_get_attribute;
    api.FuncSetAttribute = func_set_attribute;
    api.LaunchKernelEx = launch_kernel;
    api.StreamBeginCapture = stream_begin_capture;
    api.StreamEndCapture = stream_end_capture;
    api.GraphInstantiate = graph_instantiate;
    api.GraphDestroy = graph_destroy;
    api.GraphLaunch = graph_launch;
    api.GraphExecDestroy = graph_exec_destroy;
    return api;
}

}  // namespace lares::test
