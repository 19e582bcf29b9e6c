#include "engine/session/hybrid_model.h"

namespace lares {

Result<void> forward(Backend& backend,
                     const HParams& hparams,
                     std::span<const TokenId> tokens,
                     const std::function<void(Backend&)>& want_logits) {
    RETURN_IF_ERROR(backend.begin(tokens));
    for (int layer = 0; layer < hparams.n_layer(); ++layer) {
        switch (hparams.layers[static_cast<std::size_t>(layer)]) {
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
    want_logits(backend);
    backend.end();
    return {};
}

}  // namespace lares
