#pragma once

#include "engine/sampling/sampler_chain.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>
#include <vector>

namespace lares::test {

// The stages of the chain as their definitions say it, in f64 and by sorting everything. Sets of
// tokens come in the order of ids.

/// Random logits; rounded to eighths when `ties`, so that many are equal.
inline std::vector<float> random_logits(int n, unsigned seed, bool ties) {
    std::mt19937 random(seed);
    std::normal_distribution<float> normal(0.0F, 4.0F);
    std::vector<float> logits(static_cast<std::size_t>(n));
    for (float& logit : logits) {
        logit = normal(random);
        if (ties) logit = std::round(logit * 8) / 8;
    }
    return logits;
}

// -----------------------------------

inline std::vector<TokenId> sorted_ids(const std::vector<float>& logits) {
    std::vector<TokenId> ids(logits.size());
    std::iota(ids.begin(), ids.end(), 0);
    std::sort(ids.begin(), ids.end(), [&](TokenId a, TokenId b) {
        return logits[a] != logits[b] ? logits[a] > logits[b] : a < b;
    });
    return ids;
}

inline std::vector<double> softmax(const std::vector<float>& logits, double temperature = 1.0) {
    const double largest = *std::max_element(logits.begin(), logits.end());
    std::vector<double> p;
    for (const float logit : logits) p.push_back(std::exp((logit - largest) / temperature));
    const double total = std::accumulate(p.begin(), p.end(), 0.0);
    for (double& value : p) value /= total;
    return p;
}

inline std::vector<TokenId> naive_top_k(const std::vector<float>& logits, int k) {
    auto ids = sorted_ids(logits);
    ids.resize(std::min(ids.size(), static_cast<std::size_t>(k)));
    std::sort(ids.begin(), ids.end());
    return ids;
}

inline std::vector<TokenId> naive_top_p(const std::vector<float>& logits, double p) {
    const auto probability = softmax(logits);
    std::vector<TokenId> kept;
    double sum = 0;
    for (const TokenId id : sorted_ids(logits)) {
        kept.push_back(id);
        sum += probability[id];
        if (sum >= p) break;
    }
    std::sort(kept.begin(), kept.end());
    return kept;
}

inline std::vector<TokenId> naive_min_p(const std::vector<float>& logits, double p) {
    const auto probability = softmax(logits);
    const double largest = *std::max_element(probability.begin(), probability.end());
    std::vector<TokenId> kept;
    for (std::size_t id = 0; id < logits.size(); ++id)
        if (probability[id] >= p * largest) kept.push_back(static_cast<TokenId>(id));
    return kept;
}

}  // namespace lares::test
