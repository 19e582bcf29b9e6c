#include "tests/reference/reference_model.h"

#include "engine/formats/gguf_reader.h"
#include "engine/model/model.h"
#include "tests/reference/rms_norm.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace lares::reference {

/// One run over tokens: the state of every layer.
class ReferenceModel::Sequence {
public:
    explicit Sequence(const ReferenceModel& model) : m_model(model) {
        for (const Layer& layer : model.m_layers) m_mixers.push_back(start(layer));
    }

    /// x = x + mixer(norm(x)) for each layer; gives logits.
    Vector append(TokenId token) {
        const auto id = static_cast<std::size_t>(token);
        const double* embedded = m_model.m_embedding.row(id);
        Vector x(embedded, embedded + m_model.m_embedding.n_cols);
        const double eps = m_model.m_hparams.norm_eps;
        for (std::size_t i = 0; i < m_mixers.size(); ++i) {
            const Vector h = rms_norm(x, m_model.m_layers[i].norm, eps);
            add(x, std::visit([&](auto& mixer) { return mixer.step(h); }, m_mixers[i]));
        }
        return multiply(m_model.m_output, rms_norm(x, m_model.m_output_norm, eps));
    }

private:
    struct Mlp {
        const MlpMatrices& weights;
        [[nodiscard]] Vector step(const Vector& x) const { return mlp(weights, x); }
    };
    using Mixer = std::variant<Mamba2, Attention, Mlp>;

    Mixer start(const Layer& layer) const {
        const HParams& hparams = m_model.m_hparams;
        if (const auto* w = std::get_if<Mamba2Matrices>(&layer.mixer)) return Mamba2(hparams, *w);
        if (const auto* w = std::get_if<AttentionMatrices>(&layer.mixer))
            return Attention(hparams, *w, m_model.m_kv_rounding);
        return Mlp{std::get<MlpMatrices>(layer.mixer)};
    }

    const ReferenceModel& m_model;
    std::vector<Mixer> m_mixers;
};

Result<ReferenceModel> ReferenceModel::load(const std::filesystem::path& path) {
    ASSIGN_OR_RETURN(const auto file, ModelFile::open(path));
    ReferenceModel model;
    ASSIGN_OR_RETURN(model.m_hparams, file->hparams());
    ASSIGN_OR_RETURN(const auto weights, file->weights(model.m_hparams));

    model.m_embedding = to_matrix(weights.token_embedding);
    for (const LayerWeights& layer : weights.layers) {
        std::visit(
            [&](const auto& mixer) {
                using Weights = std::decay_t<decltype(mixer)>;
                if constexpr (std::is_same_v<Weights, Mamba2Weights>)
                    model.m_layers.push_back({to_vector(layer.norm), Mamba2Matrices(mixer)});
                else if constexpr (std::is_same_v<Weights, AttentionWeights>)
                    model.m_layers.push_back({to_vector(layer.norm), AttentionMatrices(mixer)});
                else
                    model.m_layers.push_back({to_vector(layer.norm), MlpMatrices(mixer)});
            },
            layer.mixer);
    }
    model.m_output_norm = to_vector(weights.output_norm);
    model.m_output = to_matrix(weights.output);
    return model;
}

void ReferenceModel::undo_rounding_of_a() {
    for (Layer& layer : m_layers) {
        auto* mamba2 = std::get_if<Mamba2Matrices>(&layer.mixer);
        if (!mamba2) continue;
        for (double& a : mamba2->A) {
            // BF16 keeps 8 bits, and f32's rounding of A moves its logarithm by 6e-8 at most.
            int exponent = 0;
            const double mantissa = std::frexp(std::log(-a), &exponent);
            const double a_log = std::ldexp(std::nearbyint(std::ldexp(mantissa, 8)), exponent - 8);
            a = -std::exp(a_log);
        }
    }
}

Vector ReferenceModel::logits(std::span<const TokenId> tokens) const {
    return all_logits(tokens).back();
}

std::vector<Vector> ReferenceModel::all_logits(std::span<const TokenId> tokens) const {
    Sequence sequence(*this);
    std::vector<Vector> logits;
    for (const TokenId token : tokens) logits.push_back(sequence.append(token));
    return logits;
}

std::vector<ReferenceModel::Choice> ReferenceModel::greedy(std::span<const TokenId> prompt,
                                                           int n) const {
    Sequence sequence(*this);
    Vector logits;
    for (const TokenId token : prompt) logits = sequence.append(token);

    std::vector<Choice> choices;
    while (static_cast<int>(choices.size()) < n) {
        const auto best = std::max_element(logits.begin(), logits.end());
        const double highest = *best;
        *best = -std::numeric_limits<double>::infinity();
        const double second = *std::max_element(logits.begin(), logits.end());
        choices.push_back({static_cast<TokenId>(best - logits.begin()), highest - second});
        logits = sequence.append(choices.back().token);
    }
    return choices;
}

}  // namespace lares::reference
