#pragma once

#include "engine/tensor/tensor_view.h"

#include <span>

namespace lares {

/// Sees what a model's matrices are multiplied with: for measuring which columns matter. Called by
/// the thread that runs the session, between the parts of a step; it must not throw.
class InputObserver {
public:
    virtual ~InputObserver() = default;
    /// The rows of x in y = x Wᵀ, one for each token of the step, `matrix.cols()` values a row; the
    /// span is valid during the call. Each matrix comes once a step, the output's last. A step that
    /// is stopped may have shown nonsense before it ended: what it showed must not count.
    virtual void on_input(const TensorView& matrix, std::span<const float> x) = 0;
};

}  // namespace lares
