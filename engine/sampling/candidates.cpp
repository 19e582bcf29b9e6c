#include "engine/sampling/candidates.h"

#include "engine/sampling/portable_exp.h"

#include <algorithm>
#include <bit>
#include <limits>

namespace lares {
namespace {

/// Orders as the logits do, with -0 equal to +0.
std::uint32_t key_of(float logit) {
    const auto bits = std::bit_cast<std::uint32_t>(logit + 0.0F);
    constexpr std::uint32_t kSign = 0x80000000;
    return (bits & kSign) != 0 ? ~bits : bits | kSign;
}

}  // namespace

Candidates::Candidates(int n_vocab) {
    m_entries.reserve(static_cast<std::size_t>(n_vocab));
    m_weights.reserve(static_cast<std::size_t>(n_vocab));
}

void Candidates::assign(std::span<const float> logits) {
    m_entries.clear();
    m_weights.clear();
    m_largest = -std::numeric_limits<float>::max();
    for (std::size_t id = 0; id < logits.size(); ++id) {
        if (logits[id] < -std::numeric_limits<float>::max()) continue;
        m_entries.push_back({static_cast<TokenId>(id), logits[id]});
        m_largest = std::max(m_largest, logits[id]);
    }
}

void Candidates::keep_top_k(int k) {
    if (static_cast<std::size_t>(k) >= m_entries.size()) return;
    keep(find_cut([](std::size_t) { return 1.0; }, k));
}

void Candidates::keep_top_p(double p) {
    if (p >= 1.0) return;
    weigh();
    const double target = p * m_total;
    // All entries below this weight together have less than (1 - p) of the total, so that those
    // above reach the target without them: typically a few hundred of 131,072 remain.
    const double negligible = (1.0 - p) * m_total / static_cast<double>(m_entries.size());
    keep_if([&](std::size_t i) { return m_weights[i] >= negligible; });
    keep(find_cut([&](std::size_t i) { return m_weights[i]; }, target));
}

void Candidates::keep_min_p(double p) {
    if (p <= 0.0) return;
    weigh();
    keep_if([&](std::size_t i) { return m_weights[i] >= p; });  // the first has weight 1
}

TokenId Candidates::draw(double temperature, GumbelNoise noise) const {
    const auto scaled = [&](const Entry& entry) {
        return (static_cast<double>(entry.logit) - m_largest) / temperature;
    };
    // OPTIMIZATION: only a few tokens can still win against the noise of the likeliest one; the
    // others need none of their own.
    const Entry* best = &*std::ranges::max_element(m_entries, {}, &Entry::logit);
    double largest = scaled(*best) + noise.at(best->id);
    for (const Entry& entry : m_entries) {
        const double without = scaled(entry);
        if (without + GumbelNoise::kMost < largest || &entry == best) continue;
        const double value = without + noise.at(entry.id);
        if (value < largest || (value == largest && entry.id > best->id)) continue;
        largest = value;
        best = &entry;
    }
    return best->id;
}

void Candidates::weigh() {
    m_weights.resize(m_entries.size());
    m_total = 0;
    for (std::size_t i = 0; i < m_entries.size(); ++i) {
        m_weights[i] = portable_exp(static_cast<double>(m_entries[i].logit) - m_largest);
        m_total += m_weights[i];
    }
}

/// Radix selection: three passes, each of which sums the weights by the next 11 bits of the key and
/// goes into the bin in which the running sum from above reaches the target.
template <class WeightAt>
Candidates::Cut Candidates::find_cut(WeightAt weight_at, double target) {
    std::uint32_t prefix = 0;
    double above = 0;
    int shift = 32;
    for (const int n_bit : {11, 11, 10}) {
        const int previous_shift = shift;
        shift -= n_bit;
        const std::size_t n_bin = std::size_t{1} << n_bit;
        std::fill_n(m_bins.begin(), n_bin, 0.0);
        for (std::size_t i = 0; i < m_entries.size(); ++i) {
            const std::uint64_t key = key_of(m_entries[i].logit);
            if (key >> previous_shift == prefix)
                m_bins[(key >> shift) & (n_bin - 1)] += weight_at(i);
        }

        // Should rounding keep the sum below the target, the lowest bin in use is the one.
        std::size_t chosen = 0;
        double above_chosen = above;
        for (std::size_t bin = n_bin; bin-- > 0;) {
            if (m_bins[bin] == 0.0) continue;
            chosen = bin;
            above_chosen = above;
            above += m_bins[bin];
            if (above >= target) break;
        }
        above = above_chosen;
        prefix = prefix << n_bit | static_cast<std::uint32_t>(chosen);
    }

    Cut cut{prefix, 0};
    for (std::size_t i = 0; i < m_entries.size(); ++i) {
        if (key_of(m_entries[i].logit) != prefix) continue;
        ++cut.n_tie;
        above += weight_at(i);
        if (above >= target) break;
    }
    return cut;
}

void Candidates::keep(Cut cut) {
    keep_if([&](std::size_t i) {
        const std::uint32_t key = key_of(m_entries[i].logit);
        if (key != cut.key) return key > cut.key;
        if (cut.n_tie == 0) return false;
        --cut.n_tie;
        return true;
    });
}

template <class Predicate>
void Candidates::keep_if(Predicate wanted) {
    const bool weighed = m_weights.size() == m_entries.size();
    std::size_t n = 0;
    for (std::size_t i = 0; i < m_entries.size(); ++i) {
        if (!wanted(i)) continue;
        m_entries[n] = m_entries[i];
        if (weighed) m_weights[n] = m_weights[i];
        ++n;
    }
    m_entries.resize(n);
    if (weighed) m_weights.resize(n);
}

}  // namespace lares
