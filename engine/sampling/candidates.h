#pragma once

#include "engine/sampling/gumbel_noise.h"
#include "engine/sampling/sampler_chain.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace lares {

/// The tokens that may still be drawn, with their logits, in the order of their ids.
/// Top-k, top-p and min-p each keep a prefix of the order "largest logit first, lowest id on a
/// tie". The prefix is found by its last element and the rest is struck out in place: nothing is
/// ever sorted, and sums run in the order of ids, so that they are the same on every machine.
/// Allocates only when made. One thread at a time.
class Candidates {
public:
    explicit Candidates(int n_vocab);

    /// All tokens above minus infinity. Logits must not be NaN or plus infinity.
    void assign(std::span<const float> logits);

    /// The k largest. Precondition: k >= 1.
    void keep_top_k(int k);
    /// The fewest whose probabilities reach p, at least one (Holtzman et al. 2020,
    /// arXiv:1904.09751).
    void keep_top_p(double p);
    /// Those at least p times as probable as the first (Nguyen et al. 2024, arXiv:2407.01082).
    void keep_min_p(double p);

    /// The one whose logit / temperature plus noise is the largest, the lowest id on a tie.
    /// Precondition: not empty.
    [[nodiscard]] TokenId draw(double temperature, GumbelNoise noise) const;

    [[nodiscard]] std::size_t size() const { return m_entries.size(); }

    struct Entry {
        TokenId id = 0;
        float logit = 0;
    };
    [[nodiscard]] std::span<const Entry> entries() const { return m_entries; }

private:
    /// Where a prefix ends: all above `key`, and of those at `key` the first `n_tie` by id.
    struct Cut {
        std::uint32_t key = 0;
        std::size_t n_tie = 0;
    };
    template <class WeightAt>
    [[nodiscard]] Cut find_cut(WeightAt weight_at, double target);
    void keep(Cut cut);
    template <class Predicate>
    void keep_if(Predicate wanted);
    void weigh();

    std::vector<Entry> m_entries;
    std::vector<double> m_weights;  // e^(logit - largest), after weigh()
    double m_total = 0;
    float m_largest = 0;
    std::array<double, 2048> m_bins;
};

}  // namespace lares
