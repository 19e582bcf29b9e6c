#include "engine/backend/cuda/driver_api.h"

#include "engine/base/shared_library.h"

#include <bit>
#include <type_traits>

namespace lares::cuda {
namespace {

#if defined(_WIN32)
constexpr const char* kLibrary = "nvcuda.dll";
constexpr const char* kOldestPackage = "528";
#else
constexpr const char* kLibrary = "libcuda.so.1";
constexpr const char* kOldestPackage = "525";
#endif

template <class Function>
Function as_function(void* address) {
    static_assert(std::is_pointer_v<Function> && sizeof(Function) == sizeof(void*));
    return std::bit_cast<Function>(address);
}

/// Asked before anything else: an old driver lacks functions, and the sentence is to say that it is
/// old, not which one.
Result<int> version_of(const SymbolLookup& lookup) {
    const auto get_version = as_function<driver::Status (*)(int*)>(lookup("cuDriverGetVersion"));
    int version = 0;
    if (!get_version || get_version(&version) != driver::kSuccess || version <= 0)
        return Error{ErrorCode::Unsupported,
                     std::string(kLibrary) +
                         " is there but does not say its version; install the NVIDIA driver again"};
    if (version < kOldestDriver)
        return Error{ErrorCode::Unsupported,
                     "the NVIDIA driver is too old: it has CUDA " + version_text(version) +
                         ", CUDA " + version_text(kOldestDriver) + " is needed; install driver " +
                         kOldestPackage + " or newer"};
    return version;
}

Error no_card() {
    return {ErrorCode::NotFound,
            "the NVIDIA driver finds no graphics card; see whether nvidia-smi lists one, and "
            "whether CUDA_VISIBLE_DEVICES hides it"};
}

Result<void> start(const DriverApi& api) {
    const driver::Status status = api.Init(0);
    if (status == driver::kNoDevice) return no_card();
    if (status != driver::kSuccess)
        return Error{ErrorCode::DeviceFailed,
                     "the NVIDIA driver does not start: " + describe(api, status) +
                         "; restart the computer, and if that does not help, install the driver "
                         "again"};
    int n_card = 0;
    if (api.DeviceGetCount(&n_card) != driver::kSuccess || n_card < 1) return no_card();
    return {};
}

/// The driver's names are precise and for programmers; people get the meaning as well.
const char* meaning_or_null(driver::Status status) {
    switch (status) {
        case driver::kOutOfMemory:
            return "the card's memory is full";
        case driver::kStubLibrary:
            return "the library is a stub, not the driver";
        case driver::kDeviceUnavailable:
            return "another program has the card for itself";
        case driver::kEccUncorrectable:
            return "the card's memory is damaged";
        case driver::kIllegalAddress:
            return "a kernel followed a pointer that leads nowhere";
        case driver::kMisalignedAddress:
            return "a kernel used a misaligned pointer";
        case driver::kIllegalInstruction:
            return "a kernel has an instruction the card lacks";
        case driver::kLaunchOutOfResources:
            return "a kernel needs more than the card has";
        case driver::kLaunchTimeout:
            return "the system stopped a kernel that ran too long";
        case driver::kLaunchFailed:
            return "a kernel was stopped by the card";
        case driver::kSystemNotReady:
            return "the card is not ready";
        case driver::kSystemDriverMismatch:
            return "parts of the driver are of different versions, as after an update";
        case driver::kUnknown:
            return "the driver does not know why";
        default:
            return nullptr;
    }
}

}  // namespace

std::string version_text(int version) {
    return std::to_string(version / 1000) + "." + std::to_string(version % 1000 / 10);
}

std::string describe(const DriverApi& api, driver::Status status) {
    const char* name = nullptr;
    const bool is_named = api.GetErrorName && api.GetErrorName(status, &name) == driver::kSuccess;
    std::string code = is_named && name ? std::string(name) + ", " : "CUDA error ";
    code += std::to_string(status);
    const char* meaning = meaning_or_null(status);
    return meaning ? std::string(meaning) + " (" + code + ")" : code;
}

Result<DriverApi> load_driver(const SymbolLookup& lookup) {
    DriverApi api;
    ASSIGN_OR_RETURN(api.version, version_of(lookup));
    const char* missing = nullptr;
    for_each_function(api, [&](const char* symbol, auto& function) {
        function = as_function<std::remove_reference_t<decltype(function)>>(lookup(symbol));
        if (!function && !missing) missing = symbol;
    });
    if (missing)
        return Error{ErrorCode::Unsupported, "the NVIDIA driver has CUDA " +
                                                 version_text(api.version) + " but no function " +
                                                 missing + "; install it again"};
    RETURN_IF_ERROR(start(api));
    return api;
}

Result<DriverApi> load_driver() {
    const SharedLibrary library = SharedLibrary::open_or_null(kLibrary);
    if (!library)
        return Error{ErrorCode::NotFound,
                     "there is no NVIDIA driver on this machine (" + std::string(kLibrary) +
                         " was not found); for a graphics card of NVIDIA, install driver " +
                         kOldestPackage + " or newer"};
    return load_driver([&](const char* name) { return library.symbol_or_null(name); });
}

}  // namespace lares::cuda
