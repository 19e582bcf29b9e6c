#include "engine/backend/cuda/cublas_search.h"

#include "engine/base/path_text.h"
#include "engine/base/program_folder.h"

#include <array>
#include <cstdlib>
#include <system_error>

namespace lares::cuda {
namespace {

namespace fs = std::filesystem;

struct Version {
    int cuda_major;
    const char* name;
};

#if defined(_WIN32)
constexpr bool kHasSystemSearch = false;
constexpr std::array<Version, 2> kVersions{{{13, "cublasLt64_13.dll"}, {12, "cublasLt64_12.dll"}}};
constexpr std::array kToolkitParts{"bin/x64", "bin"};
#else
constexpr bool kHasSystemSearch = true;
constexpr std::array<Version, 2> kVersions{{{13, "libcublasLt.so.13"}, {12, "libcublasLt.so.12"}}};
constexpr std::array kToolkitParts{"lib64", "lib"};
#endif

std::string environment(const char* name) {
    const char* const value = std::getenv(name);
    return value ? value : "";
}

/// The names of the versions that this CUDA runs, newest first.
std::vector<const char*> names_for(int newest_cuda) {
    std::vector<const char*> names;
    for (const Version& version : kVersions)
        if (newest_cuda == 0 || version.cuda_major <= newest_cuda) names.push_back(version.name);
    return names;
}

}  // namespace

CublasPlaces cublas_places() {
    CublasPlaces places;
    places.asked = environment("LARES_CUBLAS");
    places.program_folder = program_folder();
    for (const char* name : {"CUDA_PATH", "CUDA_HOME"}) {
        const fs::path folder = path_from_utf8(environment(name));
        if (folder.is_absolute()) places.toolkits.push_back(folder);
    }
#if !defined(_WIN32)
    places.toolkits.emplace_back("/usr/local/cuda");
#endif
    return places;
}

Result<std::vector<CublasCandidate>> cublas_candidates(const CublasPlaces& places) {
    std::vector<CublasCandidate> candidates;
    const std::vector<const char*> names = names_for(places.newest_cuda);
    const auto add_folder = [&](const fs::path& folder) {
        for (const char* name : names) candidates.push_back({folder / name, {}});
    };
    if (places.asked == "off")
        return Error{ErrorCode::NotFound, "cuBLAS is off (LARES_CUBLAS=off)"};
    if (!places.asked.empty()) {
        const fs::path asked = path_from_utf8(places.asked);
        if (!asked.is_absolute())
            return Error{ErrorCode::InvalidArgument,
                         "LARES_CUBLAS is `off`, or the whole path of cuBLAS or of its folder, "
                         "not '" +
                             places.asked + "'"};
        std::error_code error;
        if (fs::is_directory(asked, error))
            add_folder(asked);
        else
            candidates.push_back({asked, {}});
        return candidates;
    }
    if (!places.program_folder.empty()) {
        add_folder(places.program_folder / "lib");
        add_folder(places.program_folder);
    }
    if (kHasSystemSearch)
        for (const char* name : names) candidates.push_back({{}, name});
    for (const fs::path& toolkit : places.toolkits)
        for (const char* part : kToolkitParts) add_folder(toolkit / part);
    return candidates;
}

std::string cublas_names(int newest_cuda) {
    std::string text;
    for (const char* name : names_for(newest_cuda))
        text += (text.empty() ? std::string() : std::string(" or ")) + name;
    return text.empty() ? "a cuBLAS for this driver" : text;
}

}  // namespace lares::cuda
