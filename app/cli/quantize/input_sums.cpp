#include "app/cli/quantize/input_sums.h"

#include "app/cli/quantize/named_weights.h"

#include <algorithm>
#include <cmath>

namespace lares::cli {

InputSums::InputSums(const HParams& hparams, const Weights& weights) {
    const NamedWeights named = namedWeights(hparams, weights);
    for (std::size_t i = 0; i < named.views.size(); ++i) {
        if (named.tensors[i].kind != WeightKind::Matrix) continue;
        const auto cols = static_cast<std::size_t>(named.views[i].cols());
        m_index.emplace(named.views[i].data, m_sums.size());
        m_sums.push_back(
            {named.tensors[i].ggufName, std::vector<double>(cols), std::vector<double>(cols)});
    }
}

void InputSums::on_input(const TensorView& matrix, std::span<const float> x) {
    const auto at = m_index.find(matrix.data);
    if (at == m_index.end()) return;
    Sums& sums = m_sums[at->second];
    const std::size_t cols = sums.pending.size();
    if (cols == 0) return;
    for (std::size_t row = 0; row < x.size(); row += cols) {
        for (std::size_t j = 0; j < cols; ++j) {
            const float value = x[row + j];
            sums.pending[j] += static_cast<double>(value) * value;
        }
    }
    m_nPending = static_cast<std::int64_t>(x.size() / cols);  // of every matrix
}

void InputSums::keep() {
    for (Sums& sums : m_sums) {
        for (std::size_t j = 0; j < sums.kept.size(); ++j) sums.kept[j] += sums.pending[j];
    }
    m_nToken += m_nPending;
    drop();
}

void InputSums::drop() {
    for (Sums& sums : m_sums) std::fill(sums.pending.begin(), sums.pending.end(), 0.0);
    m_nPending = 0;
}

Result<void> InputSums::addTo(ImportanceMatrix& matrix) const {
    for (const Sums& sums : m_sums) {
        // The embedding is looked up, not multiplied with, but where it is the output as well.
        const bool isUsed =
            std::any_of(sums.kept.begin(), sums.kept.end(), [](double sum) { return sum != 0; });
        if (!isUsed) continue;
        ImportanceMatrix::Entry entry;
        entry.count = static_cast<double>(m_nToken);
        for (const double sum : sums.kept) {
            entry.sum_squares.push_back(static_cast<float>(sum));
            if (!std::isfinite(entry.sum_squares.back()))
                return Error{ErrorCode::Corrupt,
                             "the input of " + sums.name +
                                 " is no number: the model is damaged, or is not one for this "
                                 "engine; lares-cli verify says more"};
        }
        matrix.entries[sums.name] = std::move(entry);
    }
    return {};
}

}  // namespace lares::cli
