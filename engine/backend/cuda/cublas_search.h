#pragma once

#include "engine/base/result.h"

#include <filesystem>
#include <string>
#include <vector>

namespace lares::cuda {

/// Where this process may look for cuBLAS.
struct CublasPlaces {
    /// The environment's LARES_CUBLAS: "off", or the library, or its folder; empty: not set.
    std::string asked;
    std::filesystem::path program_folder;  ///< or empty
    /// Of CUDA, as its own variables and the usual place name them; relative ones are left out.
    std::vector<std::filesystem::path> toolkits;
    /// CUDA that the driver has, 12 or 13: a cuBLAS of a later one does not start. 0: any.
    int newest_cuda = 0;
};
[[nodiscard]] CublasPlaces cublas_places();

/// A library to try. `name` is for the system's search, where `file` is empty.
struct CublasCandidate {
    std::filesystem::path file;
    std::string name;
};

/// What to try, in this order: LARES_CUBLAS and then nothing else; beside the program (`lib/`, the
/// folder itself); the system's search path (Linux; Windows has none that is safe); the toolkit's
/// folders. The newest version of each place first. Never the current folder: whoever can write
/// there would run code as this user. Errors: NotFound where it is off; InvalidArgument where
/// LARES_CUBLAS is a relative path.
[[nodiscard]] Result<std::vector<CublasCandidate>> cublas_candidates(const CublasPlaces& places);

/// What is looked for: "libcublasLt.so.13 or libcublasLt.so.12".
[[nodiscard]] std::string cublas_names(int newest_cuda = 0);

}  // namespace lares::cuda
