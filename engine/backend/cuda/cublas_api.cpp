#include "engine/backend/cuda/cublas_api.h"

#include "engine/backend/cuda/cublas_search.h"
#include "engine/base/path_text.h"
#include "engine/base/shared_library.h"

#include <bit>
#include <system_error>
#include <type_traits>

namespace lares::cuda {
namespace {

/// Older ones lack GPUs and types that are used here.
constexpr std::size_t kOldestCublasMajor = 12;

/// 130100 is 13.1.0.
std::string cublas_version_text(std::size_t version) {
    return std::to_string(version / 10000) + "." + std::to_string(version / 100 % 100) + "." +
           std::to_string(version % 100);
}

SharedLibrary open_or_null(const CublasCandidate& candidate) {
    if (candidate.file.empty()) return SharedLibrary::open_or_null(candidate.name.c_str());
    std::error_code error;
    if (!std::filesystem::exists(candidate.file, error)) return {};
    return SharedLibrary::open_file_or_null(candidate.file);
}

}  // namespace

std::string describe(const CublasApi& api, cublas::Status status) {
    const char* const name = api.GetStatusName ? api.GetStatusName(status) : nullptr;
    return (name ? std::string(name) : std::string("cuBLAS error")) + ", " + std::to_string(status);
}

Result<CublasApi> load_cublas(const SymbolLookup& lookup, const std::string& where) {
    CublasApi api;
    const char* missing = nullptr;
    for_each_cublas_function(api, [&](const char* symbol, auto& function) {
        using Function = std::remove_reference_t<decltype(function)>;
        static_assert(std::is_pointer_v<Function> && sizeof(Function) == sizeof(void*));
        function = std::bit_cast<Function>(lookup(symbol));
        if (!function && !missing) missing = symbol;
    });
    if (missing)
        return Error{ErrorCode::Unsupported,
                     "cuBLAS is not used: " + where + " has no function " + missing};
    const std::size_t version = api.GetVersion();
    if (version / 10000 < kOldestCublasMajor)
        return Error{ErrorCode::Unsupported, "cuBLAS is not used: " + where + " is version " +
                                                 cublas_version_text(version) + ", " +
                                                 std::to_string(kOldestCublasMajor) + " is needed"};
    api.text = "cuBLAS " + cublas_version_text(version) + " (" + where + ")";
    return api;
}

Result<CublasApi> load_cublas(int driver_version) {
    CublasPlaces places = cublas_places();
    places.newest_cuda = driver_version / 1000;
    ASSIGN_OR_RETURN(const auto candidates, cublas_candidates(places));
    for (const CublasCandidate& candidate : candidates) {
        const SharedLibrary library = open_or_null(candidate);
        if (!library) continue;
        return load_cublas(
            [&](const char* name) { return library.symbol_or_null(name); },
            candidate.file.empty() ? candidate.name : utf8_from_path(candidate.file));
    }
    if (!places.asked.empty())
        return Error{ErrorCode::NotFound, "cuBLAS is not used: LARES_CUBLAS names " + places.asked +
                                              ", which cannot be loaded"};
    return Error{ErrorCode::NotFound, "cuBLAS is not used: " + cublas_names(places.newest_cuda) +
                                          " was not found; where it is, LARES_CUBLAS can name it"};
}

}  // namespace lares::cuda
