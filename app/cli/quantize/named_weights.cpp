#include "app/cli/quantize/named_weights.h"

#include <cassert>
#include <type_traits>
#include <variant>

namespace lares::cli {
namespace {

/// In the order of tensorsOf.
std::vector<TensorView> viewsOf(const Weights& weights) {
    std::vector<TensorView> views = {weights.token_embedding};
    for (const LayerWeights& layer : weights.layers) {
        views.push_back(layer.norm);
        std::visit(
            [&views](const auto& w) {
                using Mixer = std::decay_t<decltype(w)>;
                if constexpr (std::is_same_v<Mixer, Mamba2Weights>) {
                    views.insert(views.end(), {w.in_proj, w.conv_weight, w.conv_bias, w.dt_bias,
                                               w.A, w.D, w.norm, w.out_proj});
                } else if constexpr (std::is_same_v<Mixer, AttentionWeights>) {
                    views.insert(views.end(), {w.q_proj, w.k_proj, w.v_proj, w.o_proj});
                } else {
                    views.insert(views.end(), {w.up_proj, w.down_proj});
                }
            },
            layer.mixer);
    }
    views.push_back(weights.output_norm);
    views.push_back(weights.output);
    return views;
}

}  // namespace

NamedWeights namedWeights(const HParams& hparams, const Weights& weights) {
    NamedWeights named{tensorsOf(hparams), viewsOf(weights)};
    assert(named.views.size() == named.tensors.size());
    if (weights.output.data == weights.token_embedding.data) {
        named.tensors.pop_back();
        named.views.pop_back();
    }
    return named;
}

}  // namespace lares::cli
