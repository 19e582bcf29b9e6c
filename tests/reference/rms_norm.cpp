#include "tests/reference/rms_norm.h"

#include <cassert>
#include <cmath>

namespace lares::reference {

Vector rms_norm(const Vector& x, const Vector& gain, double eps, int n_group) {
    assert(x.size() == gain.size());
    const std::size_t size = x.size() / static_cast<std::size_t>(n_group);
    Vector y(x.size());
    for (std::size_t begin = 0; begin < x.size(); begin += size) {
        double sum_of_squares = 0;
        for (std::size_t i = begin; i < begin + size; ++i) sum_of_squares += x[i] * x[i];
        const double rms = std::sqrt(sum_of_squares / static_cast<double>(size) + eps);
        for (std::size_t i = begin; i < begin + size; ++i) y[i] = x[i] / rms * gain[i];
    }
    return y;
}

}  // namespace lares::reference
