#include "tests/engine/backend/cuda/fake_cublas.h"

#include "kernels/numeric.h"
#include "kernels/simt/simt.h"
#include "tests/engine/backend/cuda/fake_driver_state.h"

#include <bit>
#include <cstring>
#include <map>
#include <set>
#include <vector>

struct cublasLtContext {};

namespace lares::cuda::cublas {
struct ProductDescriptor {
    bool is_a_transposed = false;
};
struct LayoutDescriptor {
    int type;
    std::uint64_t rows;
    std::uint64_t cols;
    std::int64_t leading;
};
struct PreferenceDescriptor {
    std::uint64_t work_bytes = 0;
};
}  // namespace lares::cuda::cublas

namespace lares::test {

namespace cublas = cuda::cublas;
using cublas::Status;

struct FakeCublas::State {
    std::size_t version = 130100;
    std::set<std::string> hidden;
    struct Failure {
        int countdown;
        Status status;
    };
    std::map<std::string, Failure> failures;
    std::map<std::string, int> n_call;
    bool knows_algorithms = true;
    int n_made = 0;
    Handles<cublasLtContext> handles;
    Handles<cublas::ProductDescriptor> products;
    Handles<cublas::LayoutDescriptor> layouts;
    Handles<cublas::PreferenceDescriptor> preferences;

    Status enter(const char* symbol) {
        ++n_call[symbol];
        if (const auto found = failures.find(symbol);
            found != failures.end() && --found->second.countdown == 0) {
            const Status status = found->second.status;
            failures.erase(found);
            return status;
        }
        return cublas::kSuccess;
    }
    template <class Handle, class... Arguments>
    Status make(Handles<Handle>& all, Handle** made, Arguments... arguments) {
        ++n_made;
        *made = all.make(Handle{arguments...});
        return cublas::kSuccess;
    }
};

namespace {

/// Bytes that every algorithm here asks for, and touches.
constexpr std::size_t kWorkBytes = 4096;

FakeCublas::State* g_state = nullptr;

std::size_t get_version() {
    static_cast<void>(g_state->enter("cublasLtGetVersion"));
    return g_state->version;
}

const char* get_status_name(Status status) {
    return status == cublas::kNotSupported ? "CUBLAS_STATUS_NOT_SUPPORTED" : nullptr;
}

Status create(cublas::Handle* handle) {
    if (const Status s = g_state->enter("cublasLtCreate")) return s;
    if (!current_context()) return cublas::kNotInitialized;
    return g_state->make(g_state->handles, handle);
}

Status destroy(cublas::Handle handle) {
    if (const Status s = g_state->enter("cublasLtDestroy")) return s;
    if (!current_context()) return cublas::kNotInitialized;
    return g_state->handles.destroy(handle) ? cublas::kSuccess : cublas::kInvalidValue;
}

Status product_create(cublas::Product* product, int compute, int scale_type) {
    if (const Status s = g_state->enter("cublasLtMatmulDescCreate")) return s;
    if (compute != cublas::kCompute32F || scale_type != cublas::kR32F) return cublas::kNotSupported;
    return g_state->make(g_state->products, product);
}

Status product_destroy(cublas::Product product) {
    static_cast<void>(g_state->enter("cublasLtMatmulDescDestroy"));
    return g_state->products.destroy(product) ? cublas::kSuccess : cublas::kInvalidValue;
}

Status product_set(cublas::Product product, int attribute, const void* value, std::size_t bytes) {
    if (const Status s = g_state->enter("cublasLtMatmulDescSetAttribute")) return s;
    std::int32_t operation = 0;
    if (!g_state->products.has(product) || attribute != cublas::kTransA ||
        bytes != sizeof operation)
        return cublas::kInvalidValue;
    std::memcpy(&operation, value, bytes);
    product->is_a_transposed = operation == cublas::kTransposed;
    return cublas::kSuccess;
}

Status layout_create(cublas::Layout* layout,
                     int type,
                     std::uint64_t rows,
                     std::uint64_t cols,
                     std::int64_t leading) {
    if (const Status s = g_state->enter("cublasLtMatrixLayoutCreate")) return s;
    if (rows == 0 || cols == 0 || leading < static_cast<std::int64_t>(rows))
        return cublas::kInvalidValue;
    return g_state->make(g_state->layouts, layout, type, rows, cols, leading);
}

Status layout_destroy(cublas::Layout layout) {
    static_cast<void>(g_state->enter("cublasLtMatrixLayoutDestroy"));
    return g_state->layouts.destroy(layout) ? cublas::kSuccess : cublas::kInvalidValue;
}

Status preference_create(cublas::Preference* preference) {
    if (const Status s = g_state->enter("cublasLtMatmulPreferenceCreate")) return s;
    return g_state->make(g_state->preferences, preference);
}

Status preference_destroy(cublas::Preference preference) {
    static_cast<void>(g_state->enter("cublasLtMatmulPreferenceDestroy"));
    return g_state->preferences.destroy(preference) ? cublas::kSuccess : cublas::kInvalidValue;
}

Status preference_set(cublas::Preference preference,
                      int attribute,
                      const void* value,
                      std::size_t bytes) {
    if (const Status s = g_state->enter("cublasLtMatmulPreferenceSetAttribute")) return s;
    if (!g_state->preferences.has(preference) || attribute != cublas::kMaxWorkBytes ||
        bytes != sizeof(std::uint64_t))
        return cublas::kInvalidValue;
    std::memcpy(&preference->work_bytes, value, bytes);
    return cublas::kSuccess;
}

bool fit_together(cublas::Product product,
                  cublas::Layout a,
                  cublas::Layout b,
                  cublas::Layout c,
                  cublas::Layout d) {
    for (const cublas::Layout layout : {a, b, c, d})
        if (!g_state->layouts.has(layout)) return false;
    return g_state->products.has(product) && product->is_a_transposed && a->type == b->type &&
           (a->type == cublas::kR16F || a->type == cublas::kR16BF) && c == d &&
           d->type == cublas::kR32F && a->rows == b->rows && d->rows == a->cols &&
           d->cols == b->cols;
}

Status get_heuristic(cublas::Handle handle,
                     cublas::Product product,
                     cublas::Layout a,
                     cublas::Layout b,
                     cublas::Layout c,
                     cublas::Layout d,
                     cublas::Preference preference,
                     int n_wanted,
                     cublas::Choice* choices,
                     int* n_choice) {
    if (const Status s = g_state->enter("cublasLtMatmulAlgoGetHeuristic")) return s;
    *n_choice = 0;
    if (!g_state->handles.has(handle) || !g_state->preferences.has(preference) || n_wanted < 1 ||
        !fit_together(product, a, b, c, d))
        return cublas::kInvalidValue;
    if (!g_state->knows_algorithms || preference->work_bytes < kWorkBytes)
        return cublas::kNotSupported;
    choices[0] = {};
    choices[0].algorithm.data[0] = 42;
    choices[0].work_bytes = kWorkBytes;
    *n_choice = 1;
    return cublas::kSuccess;
}

std::vector<float> read_matrix(const void* from, const cublas::LayoutDescriptor& layout) {
    const auto* bits = static_cast<const std::uint16_t*>(from);
    std::vector<float> values(layout.rows * layout.cols);
    for (std::uint64_t col = 0; col < layout.cols; ++col)
        for (std::uint64_t row = 0; row < layout.rows; ++row) {
            const std::uint16_t v = bits[col * static_cast<std::uint64_t>(layout.leading) + row];
            values[col * layout.rows + row] = layout.type == cublas::kR16F
                                                  ? kernels::half_to_float(v)
                                                  : kernels::bfloat16_to_float(v);
        }
    return values;
}

/// d = aᵀ b, column by column.
void compute(const void* a_data,
             const cublas::LayoutDescriptor& a,
             const void* b_data,
             const cublas::LayoutDescriptor& b,
             float* d,
             const cublas::LayoutDescriptor& d_layout) {
    const std::vector<float> left = read_matrix(a_data, a);
    const std::vector<float> right = read_matrix(b_data, b);
    for (std::uint64_t col = 0; col < b.cols; ++col)
        for (std::uint64_t row = 0; row < a.cols; ++row) {
            const float* x = &left[row * a.rows];
            const float* y = &right[col * a.rows];
            float sums[8] = {};  // as many accumulators: rounding as of a library, not of one sum
            for (std::uint64_t k = 0; k < a.rows; ++k) sums[k % 8] += x[k] * y[k];
            d[col * static_cast<std::uint64_t>(d_layout.leading) + row] =
                ((sums[0] + sums[1]) + (sums[2] + sums[3])) +
                ((sums[4] + sums[5]) + (sums[6] + sums[7]));
        }
}

bool is_matrix(const void* data, const cublas::LayoutDescriptor& layout) {
    const std::size_t size = layout.type == cublas::kR32F ? 4 : 2;
    const std::size_t n =
        static_cast<std::size_t>(layout.leading) * (layout.cols - 1) + layout.rows;
    return reinterpret_cast<std::uintptr_t>(data) % 16 == 0 && simt::is_global(data, n * size);
}

Status matmul(cublas::Handle handle,
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
              cuda::driver::Stream stream) {
    if (const Status s = g_state->enter("cublasLtMatmul")) return s;
    if (!current_context() || !g_state->handles.has(handle)) return cublas::kNotInitialized;
    if (!fit_together(product, a_layout, b_layout, c_layout, d_layout) ||
        *static_cast<const float*>(alpha) != 1.0F || *static_cast<const float*>(beta) != 0.0F ||
        c != d || algorithm->data[0] != 42 || work_bytes < kWorkBytes ||
        !simt::is_global(work, work_bytes) || !is_matrix(a, *a_layout) ||
        !is_matrix(b, *b_layout) || !is_matrix(d, *d_layout))
        return cublas::kInvalidValue;
    // Descriptors are the caller's again on return.
    const cublas::LayoutDescriptor of_a = *a_layout;
    const cublas::LayoutDescriptor of_b = *b_layout;
    const cublas::LayoutDescriptor of_d = *d_layout;
    FakeDriver::State::push(stream, [=] {
        std::memset(work, 0xA5, kWorkBytes);
        compute(a, of_a, b, of_b, static_cast<float*>(d), of_d);
        return cuda::driver::kSuccess;
    });
    return cublas::kSuccess;
}

cuda::CublasApi functions() {
    cuda::CublasApi api;
    api.GetVersion = get_version;
    api.GetStatusName = get_status_name;
    api.Create = create;
    api.Destroy = destroy;
    api.MatmulDescCreate = product_create;
    api.MatmulDescDestroy = product_destroy;
    api.MatmulDescSetAttribute = product_set;
    api.MatrixLayoutCreate = layout_create;
    api.MatrixLayoutDestroy = layout_destroy;
    api.MatmulPreferenceCreate = preference_create;
    api.MatmulPreferenceDestroy = preference_destroy;
    api.MatmulPreferenceSetAttribute = preference_set;
    api.MatmulAlgoGetHeuristic = get_heuristic;
    api.Matmul = matmul;
    return api;
}

}  // namespace

FakeCublas::FakeCublas() : m_state(std::make_unique<State>()) {
    g_state = m_state.get();
}

FakeCublas::~FakeCublas() {
    g_state = nullptr;
}

cuda::SymbolLookup FakeCublas::lookup() {
    return [this](const char* name) -> void* {
        if (m_state->hidden.contains(name)) return nullptr;
        void* found = nullptr;
        const cuda::CublasApi api = functions();
        cuda::for_each_cublas_function(api, [&](const char* symbol, const auto& function) {
            if (std::string(symbol) == name) found = std::bit_cast<void*>(function);
        });
        return found;
    };
}

cuda::CublasLoader FakeCublas::loader() {
    return [this](int) { return cuda::load_cublas(lookup(), "the fake"); };
}

void FakeCublas::hide(const std::string& symbol) {
    m_state->hidden.insert(symbol);
}

void FakeCublas::set_version(std::size_t version) {
    m_state->version = version;
}

void FakeCublas::fail(const std::string& symbol, Status status, int nth) {
    m_state->failures[symbol] = {nth, status};
}

void FakeCublas::know_no_algorithm() {
    m_state->knows_algorithms = false;
}

int FakeCublas::n_call(const std::string& symbol) const {
    const auto found = m_state->n_call.find(symbol);
    return found == m_state->n_call.end() ? 0 : found->second;
}

std::string FakeCublas::leaks() const {
    const std::size_t n = m_state->handles.size() + m_state->products.size() +
                          m_state->layouts.size() + m_state->preferences.size();
    if (n == 0) return {};
    return std::to_string(n) + " of " + std::to_string(m_state->n_made);
}

}  // namespace lares::test
