#pragma once

#include "engine/backend/cuda/driver_api.h"
#include "engine/base/result.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

// As the library's own header names it, so that the two can be compared where that is there
// (tests/engine/backend/cuda/tst_cublas_signatures.cpp); nothing here needs it.
struct cublasLtContext;

namespace lares::cuda {

namespace cublas {

using Status = int;  ///< cublasStatus_t; 0 is success
using Handle = cublasLtContext*;
// The library's descriptors; only their addresses are ours.
struct ProductDescriptor;
struct LayoutDescriptor;
struct PreferenceDescriptor;
using Product = ProductDescriptor*;
using Layout = LayoutDescriptor*;
using Preference = PreferenceDescriptor*;

/// cublasLtMatmulAlgo_t: the library's choice for one product, a value.
struct Algorithm {
    std::uint64_t data[8];
};
/// cublasLtMatmulHeuristicResult_t
struct Choice {
    Algorithm algorithm;
    std::size_t work_bytes;
    Status state;
    float n_wave;
    int reserved[4];
};

inline constexpr Status kSuccess = 0;
inline constexpr Status kNotInitialized = 1;
inline constexpr Status kAllocFailed = 3;
inline constexpr Status kInvalidValue = 7;
inline constexpr Status kArchMismatch = 8;
inline constexpr Status kExecutionFailed = 13;
inline constexpr Status kNotSupported = 15;

inline constexpr int kR32F = 0;          ///< CUDA_R_32F
inline constexpr int kR16F = 2;          ///< CUDA_R_16F
inline constexpr int kR16BF = 14;        ///< CUDA_R_16BF
inline constexpr int kCompute32F = 68;   ///< CUBLAS_COMPUTE_32F: sums are f32
inline constexpr int kTransA = 3;        ///< CUBLASLT_MATMUL_DESC_TRANSA
inline constexpr int kTransposed = 1;    ///< CUBLAS_OP_T
inline constexpr int kMaxWorkBytes = 1;  ///< CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES

}  // namespace cublas

/// The functions of cuBLASLt that Lares calls, found while the program runs: nothing of cuBLAS is
/// linked or shipped, and nothing but the speed of long prompts needs it. A value; load_cublas
/// fills it whole. Each is called `cublasLt` and its name here; what they do is in NVIDIA's cuBLAS
/// documentation, "Using the cuBLASLt API".
struct CublasApi {
    using Status = cublas::Status;

    std::string text;  ///< what it is, for people: "cuBLAS 13.1.0 (/opt/…/libcublasLt.so.13)"

    std::size_t (*GetVersion)() = nullptr;
    const char* (*GetStatusName)(Status status) = nullptr;
    Status (*Create)(cublas::Handle* handle) = nullptr;
    Status (*Destroy)(cublas::Handle handle) = nullptr;
    Status (*MatmulDescCreate)(cublas::Product* product, int compute, int scale_type) = nullptr;
    Status (*MatmulDescDestroy)(cublas::Product product) = nullptr;
    Status (*MatmulDescSetAttribute)(cublas::Product product,
                                     int attribute,
                                     const void* value,
                                     std::size_t bytes) = nullptr;
    Status (*MatrixLayoutCreate)(cublas::Layout* layout,
                                 int type,
                                 std::uint64_t rows,
                                 std::uint64_t cols,
                                 std::int64_t leading) = nullptr;
    Status (*MatrixLayoutDestroy)(cublas::Layout layout) = nullptr;
    Status (*MatmulPreferenceCreate)(cublas::Preference* preference) = nullptr;
    Status (*MatmulPreferenceDestroy)(cublas::Preference preference) = nullptr;
    Status (*MatmulPreferenceSetAttribute)(cublas::Preference preference,
                                           int attribute,
                                           const void* value,
                                           std::size_t bytes) = nullptr;
    Status (*MatmulAlgoGetHeuristic)(cublas::Handle handle,
                                     cublas::Product product,
                                     cublas::Layout a,
                                     cublas::Layout b,
                                     cublas::Layout c,
                                     cublas::Layout d,
                                     cublas::Preference preference,
                                     int n_wanted,
                                     cublas::Choice* choices,
                                     int* n_choice) = nullptr;
    Status (*Matmul)(cublas::Handle handle,
                     cublas::Product product,
                     const void* alpha,
                     const void* a,
                     cublas::Layout a_layout,
                     const void* b,
                     cublas::Layout b_layout,
                     const void* beta,
                     const void* c,
                     cublas::Layout c_layout,
                     void* d,
                     cublas::Layout d_layout,
                     const cublas::Algorithm* algorithm,
                     void* work,
                     std::size_t work_bytes,
                     driver::Stream stream) = nullptr;
};

/// Calls `visit(symbol, function)` for every function of the table.
template <class Api, class Visit>
void for_each_cublas_function(Api& api, const Visit& visit) {
    visit("cublasLtGetVersion", api.GetVersion);
    visit("cublasLtGetStatusName", api.GetStatusName);
    visit("cublasLtCreate", api.Create);
    visit("cublasLtDestroy", api.Destroy);
    visit("cublasLtMatmulDescCreate", api.MatmulDescCreate);
    visit("cublasLtMatmulDescDestroy", api.MatmulDescDestroy);
    visit("cublasLtMatmulDescSetAttribute", api.MatmulDescSetAttribute);
    visit("cublasLtMatrixLayoutCreate", api.MatrixLayoutCreate);
    visit("cublasLtMatrixLayoutDestroy", api.MatrixLayoutDestroy);
    visit("cublasLtMatmulPreferenceCreate", api.MatmulPreferenceCreate);
    visit("cublasLtMatmulPreferenceDestroy", api.MatmulPreferenceDestroy);
    visit("cublasLtMatmulPreferenceSetAttribute", api.MatmulPreferenceSetAttribute);
    visit("cublasLtMatmulAlgoGetHeuristic", api.MatmulAlgoGetHeuristic);
    visit("cublasLtMatmul", api.Matmul);
}

/// cuBLASLt of this machine, from the first place of cublas_search.h that has one which a driver of
/// this version (DriverApi::version; 0: any) runs. Takes a moment: the library has half a gigabyte.
/// Errors, each a sentence: NotFound where there is none or the environment turns it off,
/// InvalidArgument where the environment makes no sense, Unsupported where it cannot be used.
[[nodiscard]] Result<CublasApi> load_cublas(int driver_version);
/// The same through `lookup`, of a library that people know as `where`; tests give one.
[[nodiscard]] Result<CublasApi> load_cublas(const SymbolLookup& lookup, const std::string& where);

/// How a device finds cuBLAS, for a driver of this version.
using CublasLoader = std::function<Result<CublasApi>(int driver_version)>;

/// "CUBLAS_STATUS_NOT_SUPPORTED, 15"
[[nodiscard]] std::string describe(const CublasApi& api, cublas::Status status);

}  // namespace lares::cuda
