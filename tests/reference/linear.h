#pragma once

#include "engine/tensor/tensor_view.h"

#include <cstddef>
#include <vector>

namespace lares::reference {

using Vector = std::vector<double>;

/// A dequantised matrix [out, in], row-major.
struct Matrix {
    std::size_t n_rows = 0;
    std::size_t n_cols = 0;
    std::vector<double> values;

    [[nodiscard]] const double* row(std::size_t i) const { return values.data() + i * n_cols; }
};

/// The f32 values a weight stands for, widened. A vector is a matrix of one row.
[[nodiscard]] Matrix to_matrix(const TensorView& tensor);
[[nodiscard]] Vector to_vector(const TensorView& tensor);

/// y = W x. Precondition: x.size() == w.n_cols.
[[nodiscard]] Vector multiply(const Matrix& w, const Vector& x);

/// a += b.
void add(Vector& a, const Vector& b);

}  // namespace lares::reference
