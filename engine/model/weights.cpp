#include "engine/model/weights.h"

#include "engine/model/weight_source.h"

#include <utility>

namespace lares {
namespace {

/// Asks the source for each tensor of one layer, with the shape that the dimensions call for.
class LayerBinder {
public:
    LayerBinder(const WeightSource& source, const HParams& hparams, int layer)
        : m_source(source), m_h(hparams), m_layer(layer) {}

    Result<LayerWeights> bind() const {
        LayerWeights w;
        ASSIGN_OR_RETURN(w.norm, floats(WeightRole::LayerNorm, {m_h.d_model}));
        switch (m_h.layers[static_cast<std::size_t>(m_layer)]) {
            case LayerKind::Mamba2: {
                ASSIGN_OR_RETURN(w.mixer, mamba2());
                break;
            }
            case LayerKind::Attention: {
                ASSIGN_OR_RETURN(w.mixer, attention());
                break;
            }
            case LayerKind::Mlp: {
                ASSIGN_OR_RETURN(w.mixer, mlp());
                break;
            }
        }
        return w;
    }

private:
    Result<Mamba2Weights> mamba2() const {
        Mamba2Weights w;
        ASSIGN_OR_RETURN(w.in_proj, matrix(WeightRole::InProj, m_h.d_in_proj(), m_h.d_model));
        ASSIGN_OR_RETURN(w.conv_weight,
                         floats(WeightRole::ConvWeight, {m_h.d_conv_channels(), m_h.d_conv}));
        ASSIGN_OR_RETURN(w.conv_bias, floats(WeightRole::ConvBias, {m_h.d_conv_channels()}));
        ASSIGN_OR_RETURN(w.dt_bias, floats(WeightRole::DtBias, {m_h.n_ssm_head}));
        ASSIGN_OR_RETURN(w.A, floats(WeightRole::A, {m_h.n_ssm_head}));
        ASSIGN_OR_RETURN(w.D, floats(WeightRole::D, {m_h.n_ssm_head}));
        ASSIGN_OR_RETURN(w.norm, floats(WeightRole::MixerNorm, {m_h.d_inner()}));
        ASSIGN_OR_RETURN(w.out_proj, matrix(WeightRole::OutProj, m_h.d_model, m_h.d_inner()));
        return w;
    }
    Result<AttentionWeights> attention() const {
        AttentionWeights w;
        ASSIGN_OR_RETURN(w.q_proj, matrix(WeightRole::QProj, m_h.d_q(), m_h.d_model));
        ASSIGN_OR_RETURN(w.k_proj, matrix(WeightRole::KProj, m_h.d_kv(), m_h.d_model));
        ASSIGN_OR_RETURN(w.v_proj, matrix(WeightRole::VProj, m_h.d_kv(), m_h.d_model));
        ASSIGN_OR_RETURN(w.o_proj, matrix(WeightRole::OProj, m_h.d_model, m_h.d_q()));
        ASSIGN_OR_RETURN(w.k_scale, m_source.scalar({WeightRole::KScale, m_layer}, 1.0F));
        ASSIGN_OR_RETURN(w.v_scale, m_source.scalar({WeightRole::VScale, m_layer}, 1.0F));
        return w;
    }
    Result<MlpWeights> mlp() const {
        MlpWeights w;
        ASSIGN_OR_RETURN(w.up_proj, matrix(WeightRole::UpProj, m_h.d_ff, m_h.d_model));
        ASSIGN_OR_RETURN(w.down_proj, matrix(WeightRole::DownProj, m_h.d_model, m_h.d_ff));
        return w;
    }

    Result<TensorView> matrix(WeightRole role, std::int64_t rows, std::int64_t cols) const {
        return m_source.matrix({role, m_layer}, rows, cols);
    }
    Result<TensorView> floats(WeightRole role, const Shape& shape) const {
        return m_source.floats({role, m_layer}, shape);
    }

    const WeightSource& m_source;
    const HParams& m_h;
    int m_layer;
};

}  // namespace

Result<Weights> bind_weights(const WeightSource& source, const HParams& hparams) {
    Weights weights;
    ASSIGN_OR_RETURN(weights.token_embedding,
                     source.matrix({WeightRole::TokenEmbedding}, hparams.n_vocab, hparams.d_model));
    for (int i = 0; i < hparams.n_layer(); ++i) {
        ASSIGN_OR_RETURN(auto layer, LayerBinder(source, hparams, i).bind());
        weights.layers.push_back(std::move(layer));
    }
    ASSIGN_OR_RETURN(weights.output_norm,
                     source.floats({WeightRole::OutputNorm}, {hparams.d_model}));
    if (source.has({WeightRole::Output})) {
        ASSIGN_OR_RETURN(weights.output,
                         source.matrix({WeightRole::Output}, hparams.n_vocab, hparams.d_model));
    } else {
        weights.output = weights.token_embedding;  // a file with tied embeddings
    }
    return weights;
}

}  // namespace lares
