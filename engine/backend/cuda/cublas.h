#pragma once

#include "engine/backend/cuda/cublas_api.h"
#include "engine/backend/cuda/dense_product.h"

#include <map>
#include <memory>
#include <tuple>

namespace lares::cuda {

/// cuBLASLt on one card: its handle, and for every shape that came up the algorithm it chose. The
/// library works in the context that is current, as the driver's own calls do: the card's must be,
/// for every call and for the destructor. One thread at a time.
class Cublas {
public:
    /// Errors: Unsupported where the library does not start here, with what it says.
    [[nodiscard]] static Result<std::unique_ptr<Cublas>> make(const CublasApi& api);
    ~Cublas();
    Cublas(const Cublas&) = delete;
    Cublas& operator=(const Cublas&) = delete;

    /// Queues the product. Errors: Unsupported where the library refuses; then nothing was queued.
    [[nodiscard]] Result<void> multiply(const DenseProduct& product, driver::Stream stream);

    [[nodiscard]] const CublasApi& api() const { return m_api; }

private:
    /// What decides about an algorithm.
    using Shape = std::tuple<int, int, int, int, int, std::size_t>;
    struct Plan;

    explicit Cublas(const CublasApi& api);
    [[nodiscard]] Result<const Plan*> plan_for(const DenseProduct& product);
    [[nodiscard]] Error failure(cublas::Status status, const char* call) const;

    CublasApi m_api;
    cublas::Handle m_handle = nullptr;
    std::map<Shape, std::unique_ptr<Plan>> m_plans;
};

}  // namespace lares::cuda
