#pragma once

#include "engine/backend/input_observer.h"
#include "engine/formats/importance_matrix.h"
#include "engine/model/hparams.h"
#include "engine/model/weights.h"

#include <string>
#include <unordered_map>
#include <vector>

namespace lares::cli {

/// Sums the squares of what a session multiplies a model's matrices with, column by column. One
/// thread at a time: the session's.
class InputSums final : public InputObserver {
public:
    InputSums(const HParams& hparams, const Weights& weights);

    void on_input(const TensorView& matrix, std::span<const float> x) override;

    /// The step has ended well: what it showed counts.
    void keep();
    /// It was stopped: as if it had not been.
    void drop();
    /// Tokens of all steps that were kept.
    [[nodiscard]] std::int64_t nToken() const { return m_nToken; }

    /// Moves what is there into `matrix`. Errors: Corrupt where an input was no number, with the
    /// matrix's name.
    [[nodiscard]] Result<void> addTo(ImportanceMatrix& matrix) const;

private:
    struct Sums {
        std::string name;
        std::vector<double> kept;
        std::vector<double> pending;  // of the step that runs
    };
    std::vector<Sums> m_sums;
    std::unordered_map<const std::byte*, std::size_t> m_index;  // by where a matrix lies
    std::int64_t m_nToken = 0;
    std::int64_t m_nPending = 0;
};

}  // namespace lares::cli
