// Compares what we say of cuBLASLt's functions, structures and numbers with the library's own
// header, where there is one (the toolkit's, or LARES_CUBLAS_INCLUDE); the program itself never
// includes it. All but the names happens in the compiler.

#include "engine/backend/cuda/cublas_api.h"

#include <QTest>

#if __has_include(<cublasLt.h>)

#include <cublasLt.h>

#include <type_traits>

namespace {

using lares::cuda::CublasApi;
namespace cublas = lares::cuda::cublas;

/// Its types as we pass them: enumerations as int, descriptors and choices under our names.
template <class T>
struct Ours {
    using Type = std::conditional_t<std::is_enum_v<T>, int, T>;
};
template <>
struct Ours<cublasLtMatmulDesc_t> {
    using Type = cublas::Product;
};
template <>
struct Ours<cublasLtMatmulDesc_t*> {
    using Type = cublas::Product*;
};
template <>
struct Ours<cublasLtMatrixLayout_t> {
    using Type = cublas::Layout;
};
template <>
struct Ours<cublasLtMatrixLayout_t*> {
    using Type = cublas::Layout*;
};
template <>
struct Ours<cublasLtMatmulPreference_t> {
    using Type = cublas::Preference;
};
template <>
struct Ours<cublasLtMatmulPreference_t*> {
    using Type = cublas::Preference*;
};
template <>
struct Ours<const cublasLtMatmulAlgo_t*> {
    using Type = const cublas::Algorithm*;
};
template <>
struct Ours<cublasLtMatmulHeuristicResult_t*> {
    using Type = cublas::Choice*;
};

template <class OurFunction, class Theirs>
struct IsSame : std::false_type {};
template <class R, class... A, class S, class... B>
struct IsSame<R (*)(A...), S(B...)>
    : std::bool_constant<
          std::is_same_v<R(A...), typename Ours<S>::Type(typename Ours<B>::Type...)>> {};

static_assert(sizeof(cublasStatus_t) == sizeof(int) && sizeof(cudaDataType_t) == sizeof(int) &&
              sizeof(cublasComputeType_t) == sizeof(int) &&
              sizeof(cublasLtMatmulDescAttributes_t) == sizeof(int) &&
              sizeof(cublasLtMatmulPreferenceAttributes_t) == sizeof(int) &&
              sizeof(cublasOperation_t) == sizeof(std::int32_t));
static_assert(sizeof(cublas::Algorithm) == sizeof(cublasLtMatmulAlgo_t) &&
              alignof(cublas::Algorithm) == alignof(cublasLtMatmulAlgo_t));
using Result = cublasLtMatmulHeuristicResult_t;
static_assert(sizeof(cublas::Choice) == sizeof(Result) &&
              offsetof(cublas::Choice, algorithm) == offsetof(Result, algo) &&
              offsetof(cublas::Choice, work_bytes) == offsetof(Result, workspaceSize) &&
              offsetof(cublas::Choice, state) == offsetof(Result, state) &&
              offsetof(cublas::Choice, n_wave) == offsetof(Result, wavesCount) &&
              offsetof(cublas::Choice, reserved) == offsetof(Result, reserved));

#define LARES_EQUAL(ours, theirs) static_assert(static_cast<int>(cublas::ours) == (theirs))
LARES_EQUAL(kSuccess, CUBLAS_STATUS_SUCCESS);
LARES_EQUAL(kNotInitialized, CUBLAS_STATUS_NOT_INITIALIZED);
LARES_EQUAL(kAllocFailed, CUBLAS_STATUS_ALLOC_FAILED);
LARES_EQUAL(kInvalidValue, CUBLAS_STATUS_INVALID_VALUE);
LARES_EQUAL(kArchMismatch, CUBLAS_STATUS_ARCH_MISMATCH);
LARES_EQUAL(kExecutionFailed, CUBLAS_STATUS_EXECUTION_FAILED);
LARES_EQUAL(kNotSupported, CUBLAS_STATUS_NOT_SUPPORTED);
LARES_EQUAL(kR32F, CUDA_R_32F);
LARES_EQUAL(kR16F, CUDA_R_16F);
LARES_EQUAL(kR16BF, CUDA_R_16BF);
LARES_EQUAL(kCompute32F, CUBLAS_COMPUTE_32F);
LARES_EQUAL(kTransA, CUBLASLT_MATMUL_DESC_TRANSA);
LARES_EQUAL(kTransposed, CUBLAS_OP_T);
LARES_EQUAL(kMaxWorkBytes, CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES);

#define LARES_SAME(name)                                                                 \
    static_assert(IsSame<decltype(CublasApi::name), decltype(::cublasLt##name)>::value); \
    exported.emplace_back("cublasLt" #name)

/// In the order of for_each_cublas_function.
std::vector<std::string> exported_names() {
    std::vector<std::string> exported;
    LARES_SAME(GetVersion);
    LARES_SAME(GetStatusName);
    LARES_SAME(Create);
    LARES_SAME(Destroy);
    LARES_SAME(MatmulDescCreate);
    LARES_SAME(MatmulDescDestroy);
    LARES_SAME(MatmulDescSetAttribute);
    LARES_SAME(MatrixLayoutCreate);
    LARES_SAME(MatrixLayoutDestroy);
    LARES_SAME(MatmulPreferenceCreate);
    LARES_SAME(MatmulPreferenceDestroy);
    LARES_SAME(MatmulPreferenceSetAttribute);
    LARES_SAME(MatmulAlgoGetHeuristic);
    LARES_SAME(Matmul);
    return exported;
}

}  // namespace

#endif

class CublasSignaturesTest : public QObject {
    Q_OBJECT

private slots:
    void symbolsAreThoseOfTheHeader();
};

void CublasSignaturesTest::symbolsAreThoseOfTheHeader() {
#if __has_include(<cublasLt.h>)
    std::vector<std::string> ours;
    const CublasApi empty;
    lares::cuda::for_each_cublas_function(
        empty, [&](const char* symbol, auto) { ours.emplace_back(symbol); });
    QCOMPARE(ours, exported_names());
#else
    QSKIP("there is no cublasLt.h here: the toolkit's, or -DLARES_CUBLAS_INCLUDE=…");
#endif
}

QTEST_APPLESS_MAIN(CublasSignaturesTest)
#include "tst_cublas_signatures.moc"
