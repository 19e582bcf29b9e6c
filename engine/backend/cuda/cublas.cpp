#include "engine/backend/cuda/cublas.h"

namespace lares::cuda {

/// The library's descriptors of a product and its matrices. It counts columns first: our w [rows,
/// cols] is its matrix of cols x rows, which it is to turn, x and y are as they should be.
struct Cublas::Plan {
    explicit Plan(const CublasApi& functions) : api(functions) {}
    ~Plan() {
        if (product) api.MatmulDescDestroy(product);
        for (const cublas::Layout layout : {w, x, y})
            if (layout) api.MatrixLayoutDestroy(layout);
    }
    Plan(const Plan&) = delete;
    Plan& operator=(const Plan&) = delete;

    const CublasApi& api;
    cublas::Product product = nullptr;
    cublas::Layout w = nullptr;
    cublas::Layout x = nullptr;
    cublas::Layout y = nullptr;
    cublas::Choice choice{};
};

namespace {

/// A call that is not made where one before it failed.
class Calls {
public:
    template <class Function, class... Arguments>
    void make(const char* name, Function function, Arguments... arguments) {
        if (m_status != cublas::kSuccess) return;
        m_name = name;
        m_status = function(arguments...);
    }
    [[nodiscard]] cublas::Status status() const { return m_status; }
    [[nodiscard]] const char* name() const { return m_name; }

private:
    cublas::Status m_status = cublas::kSuccess;
    const char* m_name = "";
};

}  // namespace

Cublas::Cublas(const CublasApi& api) : m_api(api) {}

Cublas::~Cublas() {
    m_plans.clear();
    if (m_handle) m_api.Destroy(m_handle);
}

Error Cublas::failure(cublas::Status status, const char* call) const {
    return {ErrorCode::Unsupported,
            "cuBLAS is not used: " + describe(m_api, status) + " at " + call + " of " + m_api.text};
}

Result<std::unique_ptr<Cublas>> Cublas::make(const CublasApi& api) {
    std::unique_ptr<Cublas> made(new Cublas(api));
    const cublas::Status status = api.Create(&made->m_handle);
    if (status != cublas::kSuccess) {
        made->m_handle = nullptr;
        return made->failure(status, "cublasLtCreate");
    }
    return made;
}

Result<const Cublas::Plan*> Cublas::plan_for(const DenseProduct& p) {
    const Shape shape{static_cast<int>(p.type), p.rows, p.cols, p.n, p.y_stride, p.work_bytes};
    if (const auto known = m_plans.find(shape); known != m_plans.end()) return known->second.get();

    const int type = p.type == kernels::DenseType::F16 ? cublas::kR16F : cublas::kR16BF;
    const auto rows = static_cast<std::uint64_t>(p.rows);
    const auto cols = static_cast<std::uint64_t>(p.cols);
    const auto n = static_cast<std::uint64_t>(p.n);
    const std::int32_t transposed = cublas::kTransposed;
    const auto work_bytes = static_cast<std::uint64_t>(p.work_bytes);
    auto plan = std::make_unique<Plan>(m_api);
    cublas::Preference preference = nullptr;
    int n_choice = 0;
    Calls calls;
    calls.make("cublasLtMatmulDescCreate", m_api.MatmulDescCreate, &plan->product,
               cublas::kCompute32F, cublas::kR32F);
    calls.make("cublasLtMatmulDescSetAttribute", m_api.MatmulDescSetAttribute, plan->product,
               cublas::kTransA, &transposed, sizeof transposed);
    calls.make("cublasLtMatrixLayoutCreate", m_api.MatrixLayoutCreate, &plan->w, type, cols, rows,
               std::int64_t{p.cols});
    calls.make("cublasLtMatrixLayoutCreate", m_api.MatrixLayoutCreate, &plan->x, type, cols, n,
               std::int64_t{p.cols});
    calls.make("cublasLtMatrixLayoutCreate", m_api.MatrixLayoutCreate, &plan->y, cublas::kR32F,
               rows, n, std::int64_t{p.y_stride});
    calls.make("cublasLtMatmulPreferenceCreate", m_api.MatmulPreferenceCreate, &preference);
    calls.make("cublasLtMatmulPreferenceSetAttribute", m_api.MatmulPreferenceSetAttribute,
               preference, cublas::kMaxWorkBytes, &work_bytes, sizeof work_bytes);
    calls.make("cublasLtMatmulAlgoGetHeuristic", m_api.MatmulAlgoGetHeuristic, m_handle,
               plan->product, plan->w, plan->x, plan->y, plan->y, preference, 1, &plan->choice,
               &n_choice);
    if (preference) m_api.MatmulPreferenceDestroy(preference);
    if (calls.status() != cublas::kSuccess) return failure(calls.status(), calls.name());
    if (n_choice < 1) return failure(cublas::kNotSupported, "cublasLtMatmulAlgoGetHeuristic");
    if (plan->choice.state != cublas::kSuccess)
        return failure(plan->choice.state, "cublasLtMatmulAlgoGetHeuristic");
    return m_plans.emplace(shape, std::move(plan)).first->second.get();
}

Result<void> Cublas::multiply(const DenseProduct& p, driver::Stream stream) {
    ASSIGN_OR_RETURN(const Plan* const plan, plan_for(p));
    const float alpha = 1.0F;
    const float beta = 0.0F;
    const cublas::Status status =
        m_api.Matmul(m_handle, plan->product, &alpha, p.w, plan->w, p.x, plan->x, &beta, p.y,
                     plan->y, p.y, plan->y, &plan->choice.algorithm, p.work, p.work_bytes, stream);
    if (status != cublas::kSuccess) return failure(status, "cublasLtMatmul");
    return {};
}

}  // namespace lares::cuda
