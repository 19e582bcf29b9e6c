#include "tests/reference/linear.h"

#include "engine/tensor/dequantize.h"

#include <cassert>

namespace lares::reference {

Matrix to_matrix(const TensorView& tensor) {
    Matrix matrix{
        static_cast<std::size_t>(tensor.rows()), static_cast<std::size_t>(tensor.cols()), {}};
    matrix.values.reserve(matrix.n_rows * matrix.n_cols);
    std::vector<float> row(matrix.n_cols);
    for (std::int64_t i = 0; i < tensor.rows(); ++i) {
        dequantize_row(tensor, i, row.data());
        matrix.values.insert(matrix.values.end(), row.begin(), row.end());
    }
    return matrix;
}

Vector to_vector(const TensorView& tensor) {
    return to_matrix(tensor).values;
}

Vector multiply(const Matrix& w, const Vector& x) {
    assert(x.size() == w.n_cols);
    Vector y(w.n_rows);
    for (std::size_t i = 0; i < w.n_rows; ++i) {
        const double* row = w.row(i);
        double sum = 0;
        for (std::size_t j = 0; j < w.n_cols; ++j) sum += row[j] * x[j];
        y[i] = sum;
    }
    return y;
}

void add(Vector& a, const Vector& b) {
    assert(a.size() == b.size());
    for (std::size_t i = 0; i < a.size(); ++i) a[i] += b[i];
}

}  // namespace lares::reference
