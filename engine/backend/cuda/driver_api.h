#pragma once

#include "engine/base/result.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

// What the driver hands out, named as in its own header: so the signatures below can be compared
// with that header where there is one (tests/engine/backend/cuda/tst_driver_signatures.cpp), while
// nothing here needs it.
struct CUctx_st;
struct CUmod_st;
struct CUfunc_st;
struct CUstream_st;
struct CUevent_st;
struct CUgraph_st;
struct CUgraphExec_st;
struct CUlaunchConfig_st;

namespace lares::cuda {

namespace driver {

using Status = int;                  ///< CUresult; 0 is success
using Ordinal = int;                 ///< CUdevice
using Pointer = unsigned long long;  ///< CUdeviceptr of a 64-bit system
static_assert(sizeof(void*) == sizeof(Pointer), "the driver's 32-bit interface is another");
using Context = CUctx_st*;
using Module = CUmod_st*;
using Function = CUfunc_st*;
using Stream = CUstream_st*;
using Event = CUevent_st*;
using Graph = CUgraph_st*;
using GraphExec = CUgraphExec_st*;

// CUresult: only what the code tells apart; the driver itself names the rest.
inline constexpr Status kSuccess = 0;
inline constexpr Status kInvalidValue = 1;
inline constexpr Status kOutOfMemory = 2;
inline constexpr Status kStubLibrary = 34;
inline constexpr Status kDeviceUnavailable = 46;
inline constexpr Status kNoDevice = 100;
inline constexpr Status kInvalidDevice = 101;
inline constexpr Status kInvalidImage = 200;
inline constexpr Status kInvalidContext = 201;
inline constexpr Status kNoBinaryForGpu = 209;
inline constexpr Status kEccUncorrectable = 214;
inline constexpr Status kInvalidPtx = 218;
inline constexpr Status kJitCompilerNotFound = 221;
inline constexpr Status kUnsupportedPtxVersion = 222;
inline constexpr Status kInvalidHandle = 400;
inline constexpr Status kNotFound = 500;
inline constexpr Status kIllegalAddress = 700;
inline constexpr Status kLaunchOutOfResources = 701;
inline constexpr Status kLaunchTimeout = 702;
inline constexpr Status kIllegalInstruction = 715;
inline constexpr Status kMisalignedAddress = 716;
inline constexpr Status kLaunchFailed = 719;
inline constexpr Status kSystemNotReady = 802;
inline constexpr Status kSystemDriverMismatch = 803;
inline constexpr Status kStreamCaptureUnsupported = 900;
inline constexpr Status kStreamCaptureInvalidated = 901;
inline constexpr Status kUnknown = 999;

// CUdevice_attribute
inline constexpr int kMultiprocessorCount = 16;
inline constexpr int kComputeCapabilityMajor = 75;
inline constexpr int kComputeCapabilityMinor = 76;
// CUfunction_attribute
inline constexpr int kSharedSizeBytes = 1;  ///< static shared memory
inline constexpr int kPtxVersion = 5;       ///< what it was compiled for: 10 * major + minor
inline constexpr int kMaxDynamicSharedSizeBytes = 8;
// Flags
inline constexpr unsigned kHostAllocPortable = 0x01;   ///< CU_MEMHOSTALLOC_PORTABLE
inline constexpr unsigned kHostAllocDeviceMap = 0x02;  ///< CU_MEMHOSTALLOC_DEVICEMAP
inline constexpr unsigned kStreamNonBlocking = 0x1;    ///< CU_STREAM_NON_BLOCKING
inline constexpr unsigned kEventDisableTiming = 0x2;   ///< CU_EVENT_DISABLE_TIMING
inline constexpr int kCaptureModeRelaxed = 2;          ///< CU_STREAM_CAPTURE_MODE_RELAXED
// cuLaunchKernelEx's `extra`: a list of these, each followed by its value.
inline constexpr std::uintptr_t kLaunchParamEnd = 0;
inline constexpr std::uintptr_t kLaunchParamBufferPointer = 1;
inline constexpr std::uintptr_t kLaunchParamBufferSize = 2;

/// CUlaunchAttribute. `value` is the first word of a union of 64 bytes.
struct LaunchAttribute {
    int id = 0;
    int padding = 0;
    int value = 0;
    std::array<int, 15> rest{};
};
/// CU_LAUNCH_ATTRIBUTE_PROGRAMMATIC_STREAM_SERIALIZATION: the kernel waits for the one before by
/// itself (griddepcontrol.wait), so it may begin earlier.
inline constexpr int kProgrammaticStreamSerialization = 6;
/// The oldest driver that records it in a graph.
inline constexpr int kRecordsOverlap = 12030;

/// CUlaunchConfig.
struct LaunchConfig {
    std::array<unsigned, 3> grid{};
    std::array<unsigned, 3> block{};
    unsigned shared_bytes = 0;
    Stream stream = nullptr;
    LaunchAttribute* attributes = nullptr;
    unsigned n_attribute = 0;
};

}  // namespace driver

/// The functions of the CUDA driver that Lares calls, found while the program runs: nothing of CUDA
/// is linked. A value; load_driver fills it whole. Each is called `cu` and its name here; what they
/// do is in NVIDIA's "CUDA Driver API" reference. Thread safe.
struct DriverApi {
    using Status = driver::Status;
    using Pointer = driver::Pointer;

    int version = 0;  ///< of CUDA that the driver has: 1000 * major + 10 * minor

    Status (*Init)(unsigned flags) = nullptr;
    Status (*GetErrorName)(Status status, const char** name) = nullptr;

    Status (*DeviceGetCount)(int* count) = nullptr;
    Status (*DeviceGet)(driver::Ordinal* device, int ordinal) = nullptr;
    Status (*DeviceGetName)(char* name, int length, driver::Ordinal device) = nullptr;
    Status (*DeviceGetAttribute)(int* value, int attribute, driver::Ordinal device) = nullptr;
    Status (*DeviceTotalMem)(std::size_t* bytes, driver::Ordinal device) = nullptr;

    Status (*DevicePrimaryCtxRetain)(driver::Context* context, driver::Ordinal device) = nullptr;
    Status (*DevicePrimaryCtxRelease)(driver::Ordinal device) = nullptr;
    Status (*CtxGetCurrent)(driver::Context* context) = nullptr;
    Status (*CtxSetCurrent)(driver::Context context) = nullptr;

    Status (*MemGetInfo)(std::size_t* free, std::size_t* total) = nullptr;
    Status (*MemAlloc)(Pointer* memory, std::size_t bytes) = nullptr;
    Status (*MemFree)(Pointer memory) = nullptr;
    Status (*MemHostAlloc)(void** memory, std::size_t bytes, unsigned flags) = nullptr;
    Status (*MemHostGetDevicePointer)(Pointer* seen, void* memory, unsigned flags) = nullptr;
    Status (*MemFreeHost)(void* memory) = nullptr;

    Status (*MemcpyHtoDAsync)(Pointer to,
                              const void* from,
                              std::size_t n,
                              driver::Stream) = nullptr;
    Status (*MemcpyDtoHAsync)(void* to, Pointer from, std::size_t n, driver::Stream) = nullptr;
    Status (*MemcpyDtoDAsync)(Pointer to, Pointer from, std::size_t n, driver::Stream) = nullptr;
    Status (*MemsetD8Async)(Pointer to,
                            unsigned char value,
                            std::size_t n,
                            driver::Stream) = nullptr;

    Status (*StreamCreate)(driver::Stream* stream, unsigned flags) = nullptr;
    Status (*StreamDestroy)(driver::Stream stream) = nullptr;
    Status (*StreamSynchronize)(driver::Stream stream) = nullptr;
    Status (*EventCreate)(driver::Event* event, unsigned flags) = nullptr;
    Status (*EventDestroy)(driver::Event event) = nullptr;
    Status (*EventRecord)(driver::Event event, driver::Stream stream) = nullptr;
    Status (*EventSynchronize)(driver::Event event) = nullptr;

    Status (*ModuleLoadData)(driver::Module* module, const void* image) = nullptr;
    Status (*ModuleUnload)(driver::Module module) = nullptr;
    Status (*ModuleGetFunction)(driver::Function* function,
                                driver::Module module,
                                const char* name) = nullptr;
    Status (*FuncGetAttribute)(int* value, int attribute, driver::Function function) = nullptr;
    Status (*FuncSetAttribute)(driver::Function function, int attribute, int value) = nullptr;
    /// `config` is a driver::LaunchConfig.
    Status (*LaunchKernelEx)(const CUlaunchConfig_st* config,
                             driver::Function function,
                             void** params,
                             void** extra) = nullptr;

    Status (*StreamBeginCapture)(driver::Stream stream, int mode) = nullptr;
    Status (*StreamEndCapture)(driver::Stream stream, driver::Graph* graph) = nullptr;
    Status (*GraphInstantiate)(driver::GraphExec* exec,
                               driver::Graph graph,
                               unsigned long long flags) = nullptr;
    Status (*GraphDestroy)(driver::Graph graph) = nullptr;
    Status (*GraphLaunch)(driver::GraphExec exec, driver::Stream stream) = nullptr;
    Status (*GraphExecDestroy)(driver::GraphExec exec) = nullptr;
};

/// Calls `visit(symbol, function)` for every function of the table, with the name that the library
/// exports: the newest form that a driver of CUDA 12.0 has.
template <class Api, class Visit>
void for_each_function(Api& api, const Visit& visit) {
    visit("cuInit", api.Init);
    visit("cuGetErrorName", api.GetErrorName);
    visit("cuDeviceGetCount", api.DeviceGetCount);
    visit("cuDeviceGet", api.DeviceGet);
    visit("cuDeviceGetName", api.DeviceGetName);
    visit("cuDeviceGetAttribute", api.DeviceGetAttribute);
    visit("cuDeviceTotalMem_v2", api.DeviceTotalMem);
    visit("cuDevicePrimaryCtxRetain", api.DevicePrimaryCtxRetain);
    visit("cuDevicePrimaryCtxRelease_v2", api.DevicePrimaryCtxRelease);
    visit("cuCtxGetCurrent", api.CtxGetCurrent);
    visit("cuCtxSetCurrent", api.CtxSetCurrent);
    visit("cuMemGetInfo_v2", api.MemGetInfo);
    visit("cuMemAlloc_v2", api.MemAlloc);
    visit("cuMemFree_v2", api.MemFree);
    visit("cuMemHostAlloc", api.MemHostAlloc);
    visit("cuMemHostGetDevicePointer_v2", api.MemHostGetDevicePointer);
    visit("cuMemFreeHost", api.MemFreeHost);
    visit("cuMemcpyHtoDAsync_v2", api.MemcpyHtoDAsync);
    visit("cuMemcpyDtoHAsync_v2", api.MemcpyDtoHAsync);
    visit("cuMemcpyDtoDAsync_v2", api.MemcpyDtoDAsync);
    visit("cuMemsetD8Async", api.MemsetD8Async);
    visit("cuStreamCreate", api.StreamCreate);
    visit("cuStreamDestroy_v2", api.StreamDestroy);
    visit("cuStreamSynchronize", api.StreamSynchronize);
    visit("cuEventCreate", api.EventCreate);
    visit("cuEventDestroy_v2", api.EventDestroy);
    visit("cuEventRecord", api.EventRecord);
    visit("cuEventSynchronize", api.EventSynchronize);
    visit("cuModuleLoadData", api.ModuleLoadData);
    visit("cuModuleUnload", api.ModuleUnload);
    visit("cuModuleGetFunction", api.ModuleGetFunction);
    visit("cuFuncGetAttribute", api.FuncGetAttribute);
    visit("cuFuncSetAttribute", api.FuncSetAttribute);
    visit("cuLaunchKernelEx", api.LaunchKernelEx);
    visit("cuStreamBeginCapture_v2", api.StreamBeginCapture);
    visit("cuStreamEndCapture", api.StreamEndCapture);
    visit("cuGraphInstantiateWithFlags", api.GraphInstantiate);
    visit("cuGraphDestroy", api.GraphDestroy);
    visit("cuGraphLaunch", api.GraphLaunch);
    visit("cuGraphExecDestroy", api.GraphExecDestroy);
}

/// The oldest driver that Lares works with, as DriverApi::version.
inline constexpr int kOldestDriver = 12000;

/// Where functions are found: an exported name to its address, or null.
using SymbolLookup = std::function<void*(const char* name)>;

/// The driver of this machine, started (cuInit) and with at least one card. Errors, each a sentence
/// with cause and next step: NotFound where there is no driver or no card; Unsupported where it is
/// too old (with its version and the one that is needed) or lacks a function; DeviceFailed where it
/// does not start. Thread safe. A first call may take a second.
[[nodiscard]] Result<DriverApi> load_driver();
/// The same through `lookup`; tests give one.
[[nodiscard]] Result<DriverApi> load_driver(const SymbolLookup& lookup);

/// What went wrong, for the middle of a sentence: "a kernel followed a pointer that leads nowhere
/// (CUDA_ERROR_ILLEGAL_ADDRESS, 700)".
[[nodiscard]] std::string describe(const DriverApi& api, driver::Status status);

/// "12.4", of 12040
[[nodiscard]] std::string version_text(int version);

}  // namespace lares::cuda
