// Compares what we say of the driver's functions and numbers with the driver's own header. Built
// only where the CUDA toolkit is; the program itself never includes it. All of it happens in the
// compiler.

#include "engine/backend/cuda/driver_api.h"

#include <QTest>

#include <cuda.h>

#include <cstddef>
#include <type_traits>

namespace {

using lares::cuda::DriverApi;
namespace driver = lares::cuda::driver;

/// Its enumerations are passed as int, which is how we declare them.
template <class T>
using Plain = std::conditional_t<std::is_enum_v<T>, int, T>;

template <class Ours, class Theirs>
struct IsSame : std::false_type {};
template <class... A, class... B>
struct IsSame<driver::Status (*)(A...), CUresult(B...)>
    : std::bool_constant<std::is_same_v<void(A...), void(Plain<B>...)>> {};

static_assert(sizeof(CUresult) == sizeof(driver::Status));
static_assert(sizeof(CUdevice_attribute) == sizeof(int));
static_assert(sizeof(CUfunction_attribute) == sizeof(int));
static_assert(sizeof(CUstreamCaptureMode) == sizeof(int));

#define LARES_EXPAND_NAME(name) #name
#define LARES_NAME_OF(name) LARES_EXPAND_NAME(name)
// The header's macros turn cuMemAlloc into cuMemAlloc_v2, which is what the library exports.
#define LARES_SAME(name)                                                           \
    static_assert(IsSame<decltype(DriverApi::name), decltype(::cu##name)>::value); \
    exported.emplace_back(LARES_NAME_OF(cu##name))

#define LARES_EQUAL(ours, theirs) static_assert(static_cast<int>(driver::ours) == (theirs))
LARES_EQUAL(kSuccess, CUDA_SUCCESS);
LARES_EQUAL(kInvalidValue, CUDA_ERROR_INVALID_VALUE);
LARES_EQUAL(kOutOfMemory, CUDA_ERROR_OUT_OF_MEMORY);
LARES_EQUAL(kStubLibrary, CUDA_ERROR_STUB_LIBRARY);
LARES_EQUAL(kDeviceUnavailable, CUDA_ERROR_DEVICE_UNAVAILABLE);
LARES_EQUAL(kNoDevice, CUDA_ERROR_NO_DEVICE);
LARES_EQUAL(kInvalidDevice, CUDA_ERROR_INVALID_DEVICE);
LARES_EQUAL(kInvalidImage, CUDA_ERROR_INVALID_IMAGE);
LARES_EQUAL(kInvalidContext, CUDA_ERROR_INVALID_CONTEXT);
LARES_EQUAL(kNoBinaryForGpu, CUDA_ERROR_NO_BINARY_FOR_GPU);
LARES_EQUAL(kEccUncorrectable, CUDA_ERROR_ECC_UNCORRECTABLE);
LARES_EQUAL(kInvalidPtx, CUDA_ERROR_INVALID_PTX);
LARES_EQUAL(kJitCompilerNotFound, CUDA_ERROR_JIT_COMPILER_NOT_FOUND);
LARES_EQUAL(kUnsupportedPtxVersion, CUDA_ERROR_UNSUPPORTED_PTX_VERSION);
LARES_EQUAL(kInvalidHandle, CUDA_ERROR_INVALID_HANDLE);
LARES_EQUAL(kNotFound, CUDA_ERROR_NOT_FOUND);
LARES_EQUAL(kIllegalAddress, CUDA_ERROR_ILLEGAL_ADDRESS);
LARES_EQUAL(kLaunchOutOfResources, CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES);
LARES_EQUAL(kLaunchTimeout, CUDA_ERROR_LAUNCH_TIMEOUT);
LARES_EQUAL(kIllegalInstruction, CUDA_ERROR_ILLEGAL_INSTRUCTION);
LARES_EQUAL(kMisalignedAddress, CUDA_ERROR_MISALIGNED_ADDRESS);
LARES_EQUAL(kLaunchFailed, CUDA_ERROR_LAUNCH_FAILED);
LARES_EQUAL(kSystemNotReady, CUDA_ERROR_SYSTEM_NOT_READY);
LARES_EQUAL(kSystemDriverMismatch, CUDA_ERROR_SYSTEM_DRIVER_MISMATCH);
LARES_EQUAL(kStreamCaptureUnsupported, CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED);
LARES_EQUAL(kStreamCaptureInvalidated, CUDA_ERROR_STREAM_CAPTURE_INVALIDATED);
LARES_EQUAL(kUnknown, CUDA_ERROR_UNKNOWN);
LARES_EQUAL(kMultiprocessorCount, CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT);
LARES_EQUAL(kComputeCapabilityMajor, CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR);
LARES_EQUAL(kComputeCapabilityMinor, CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR);
LARES_EQUAL(kSharedSizeBytes, CU_FUNC_ATTRIBUTE_SHARED_SIZE_BYTES);
LARES_EQUAL(kMaxDynamicSharedSizeBytes, CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES);
LARES_EQUAL(kHostAllocPortable, CU_MEMHOSTALLOC_PORTABLE);
LARES_EQUAL(kHostAllocDeviceMap, CU_MEMHOSTALLOC_DEVICEMAP);
LARES_EQUAL(kStreamNonBlocking, CU_STREAM_NON_BLOCKING);
LARES_EQUAL(kEventDisableTiming, CU_EVENT_DISABLE_TIMING);
LARES_EQUAL(kCaptureModeRelaxed, CU_STREAM_CAPTURE_MODE_RELAXED);
LARES_EQUAL(kLaunchParamEnd, CU_LAUNCH_PARAM_END_AS_INT);
LARES_EQUAL(kLaunchParamBufferPointer, CU_LAUNCH_PARAM_BUFFER_POINTER_AS_INT);
LARES_EQUAL(kLaunchParamBufferSize, CU_LAUNCH_PARAM_BUFFER_SIZE_AS_INT);
LARES_EQUAL(kPtxVersion, CU_FUNC_ATTRIBUTE_PTX_VERSION);
LARES_EQUAL(kProgrammaticStreamSerialization,
            CU_LAUNCH_ATTRIBUTE_PROGRAMMATIC_STREAM_SERIALIZATION);

#define LARES_SAME_PLACE(Ours, ours, Theirs, theirs)                         \
    static_assert(offsetof(driver::Ours, ours) == offsetof(Theirs, theirs)); \
    static_assert(sizeof(driver::Ours) == sizeof(Theirs))
LARES_SAME_PLACE(LaunchConfig, grid, CUlaunchConfig, gridDimX);
LARES_SAME_PLACE(LaunchConfig, block, CUlaunchConfig, blockDimX);
LARES_SAME_PLACE(LaunchConfig, shared_bytes, CUlaunchConfig, sharedMemBytes);
LARES_SAME_PLACE(LaunchConfig, stream, CUlaunchConfig, hStream);
LARES_SAME_PLACE(LaunchConfig, attributes, CUlaunchConfig, attrs);
LARES_SAME_PLACE(LaunchConfig, n_attribute, CUlaunchConfig, numAttrs);
LARES_SAME_PLACE(LaunchAttribute, id, CUlaunchAttribute, id);
LARES_SAME_PLACE(LaunchAttribute, value, CUlaunchAttribute, value);

/// What the header says each function is exported as, in the order of for_each_function; the
/// signatures are compared on the way.
std::vector<std::string> exported_names() {
    std::vector<std::string> exported;
    LARES_SAME(Init);
    LARES_SAME(GetErrorName);
    LARES_SAME(DeviceGetCount);
    LARES_SAME(DeviceGet);
    LARES_SAME(DeviceGetName);
    LARES_SAME(DeviceGetAttribute);
    LARES_SAME(DeviceTotalMem);
    LARES_SAME(DevicePrimaryCtxRetain);
    LARES_SAME(DevicePrimaryCtxRelease);
    LARES_SAME(CtxGetCurrent);
    LARES_SAME(CtxSetCurrent);
    LARES_SAME(MemGetInfo);
    LARES_SAME(MemAlloc);
    LARES_SAME(MemFree);
    LARES_SAME(MemHostAlloc);
    LARES_SAME(MemHostGetDevicePointer);
    LARES_SAME(MemFreeHost);
    LARES_SAME(MemcpyHtoDAsync);
    LARES_SAME(MemcpyDtoHAsync);
    LARES_SAME(MemcpyDtoDAsync);
    LARES_SAME(MemsetD8Async);
    LARES_SAME(StreamCreate);
    LARES_SAME(StreamDestroy);
    LARES_SAME(StreamSynchronize);
    LARES_SAME(EventCreate);
    LARES_SAME(EventDestroy);
    LARES_SAME(EventRecord);
    LARES_SAME(EventSynchronize);
    LARES_SAME(ModuleLoadData);
    LARES_SAME(ModuleUnload);
    LARES_SAME(ModuleGetFunction);
    LARES_SAME(FuncGetAttribute);
    LARES_SAME(FuncSetAttribute);
    LARES_SAME(LaunchKernelEx);
    LARES_SAME(StreamBeginCapture);
    LARES_SAME(StreamEndCapture);
    LARES_SAME(GraphInstantiate);
    LARES_SAME(GraphDestroy);
    LARES_SAME(GraphLaunch);
    LARES_SAME(GraphExecDestroy);
    return exported;
}

}  // namespace

class DriverSignaturesTest : public QObject {
    Q_OBJECT

private slots:
    void symbolsAreThoseOfTheHeader();
};

void DriverSignaturesTest::symbolsAreThoseOfTheHeader() {
    std::vector<std::string> ours;
    const DriverApi empty;
    lares::cuda::for_each_function(empty,
                                   [&](const char* symbol, auto) { ours.emplace_back(symbol); });
    QCOMPARE(ours, exported_names());
}

QTEST_APPLESS_MAIN(DriverSignaturesTest)
#include "tst_driver_signatures.moc"
