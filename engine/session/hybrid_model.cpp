#include "engine/session/hybrid_model.h"

namespace lares {
namespace {

void run_block(Backend& backend, LayerKind kind, int layer) {
    switch (kind) {
        case LayerKind::Mamba2:
            backend.mamba2_block(layer);
            break;
        case LayerKind::Attention:
            backend.attention_block(layer);
            break;
        case LayerKind::Mlp:
            backend.mlp_block(layer);
            break;
    }
}

}  // namespace

Result<void> forward(Backend& backend,
                     const HParams& hparams,
                     std::span<const TokenId> tokens,
                     const std::stop_token& stop,
                     const std::function<Result<void>(Backend&)>& want_logits) {
    RETURN_IF_ERROR(backend.begin(tokens, stop));
    const auto is_stopped = [&] { return tokens.size() > 1 && stop.stop_requested(); };
    for (int layer = 0; layer < hparams.n_layer() && !is_stopped(); ++layer)
        run_block(backend, hparams.layers[static_cast<std::size_t>(layer)], layer);
    if (!is_stopped()) RETURN_IF_ERROR(want_logits(backend));
    // Asked once more after the last computation: any of it may have been cut short.
    if (is_stopped()) {
        backend.abandon();
        return Error{ErrorCode::Cancelled, "stopped while reading the prompt"};
    }
    return backend.end();
}

Result<void> forward_trial(Backend& backend,
                           const HParams& hparams,
                           std::span<const TokenId> tokens,
                           std::span<float> logits) {
    RETURN_IF_ERROR(backend.begin_trial(tokens));
    for (int layer = 0; layer < hparams.n_layer(); ++layer)
        run_block(backend, hparams.layers[static_cast<std::size_t>(layer)], layer);
    if (!logits.empty()) backend.trial_logits(logits);
    return {};
}

}  // namespace lares
