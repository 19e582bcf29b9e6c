#pragma once

#include "engine/backend/cpu/packed_matrix.h"
#include "engine/base/page_memory.h"
#include "engine/base/result.h"
#include "engine/model/model.h"
#include "engine/tensor/tensor_view.h"

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <unordered_map>

namespace lares::cpu {

/// A model's quantised matrices as the CPU's kernels read them (packed_matrix.h), made once and
/// shared by the model's sessions. While a matrix is packed the pages of the file that it was read
/// from are given back, so that weights lie in memory once. Immutable; thread safe.
class PackedWeights final : public BackendWeights {
public:
    /// The model's packed weights, packed now where no session did before. They are refused where
    /// they need more than `memory_limit_bytes` (nothing: what the system has free): a system that
    /// promises memory it lacks ends the program when it is used. Precondition: n_threads >= 1.
    /// Errors: Cancelled, OutOfMemory with the size; then nothing is kept.
    [[nodiscard]] static Result<std::shared_ptr<const PackedWeights>> of(
        const Model& model,
        int n_threads,
        std::optional<std::size_t> memory_limit_bytes = {},
        std::stop_token stop = {},
        const std::function<void(float)>& progress = {});

    /// nullptr for a matrix of a plain type, which is used where it lies.
    [[nodiscard]] const PackedMatrix* find_or_null(const TensorView& matrix) const {
        const auto at = m_matrices.find(matrix.data);
        return at == m_matrices.end() ? nullptr : &at->second;
    }
    [[nodiscard]] std::size_t size_bytes() const { return m_memory.size(); }

private:
    std::unordered_map<const std::byte*, PackedMatrix> m_matrices;  // by where the file has them
    PageBuffer m_memory;
};

}  // namespace lares::cpu
