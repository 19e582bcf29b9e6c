#pragma once

#include "engine/tensor/tensor_view.h"

#include <variant>
#include <vector>

namespace lares {

/// Weights of one layer's mixer. Shapes are [out, in]; matrices may have any DType, the rest is
/// F32. GGUF names in brackets, after "blk.N." (spec: nemotron-h.md §6.3).
struct Mamba2Weights {
    TensorView in_proj;      ///< [d_in_proj, d_model], rows z, x, B, C, dt   [ssm_in.weight]
    TensorView conv_weight;  ///< [d_conv_channels, d_conv], last tap newest  [ssm_conv1d.weight]
    TensorView conv_bias;    ///< [d_conv_channels]                           [ssm_conv1d.bias]
    TensorView dt_bias;      ///< [n_ssm_head]                                [ssm_dt.bias]
    TensorView A;            ///< [n_ssm_head], already -exp(A_log), negative [ssm_a]
    TensorView D;            ///< [n_ssm_head]                                [ssm_d]
    TensorView norm;         ///< [d_inner], groups of d_inner / n_group      [ssm_norm.weight]
    TensorView out_proj;     ///< [d_model, d_inner]                          [ssm_out.weight]
};
struct AttentionWeights {
    TensorView q_proj;     ///< [d_q, d_model]   [attn_q.weight]
    TensorView k_proj;     ///< [d_kv, d_model]  [attn_k.weight]
    TensorView v_proj;     ///< [d_kv, d_model]  [attn_v.weight]
    TensorView o_proj;     ///< [d_model, d_q]   [attn_output.weight]
    float k_scale = 1.0F;  ///< of an FP8 cache: key = k_scale * e4m3(code); safetensors only
    float v_scale = 1.0F;  ///< the same for values
};
struct MlpWeights {
    TensorView up_proj;    ///< [d_ff, d_model]  [ffn_up.weight]
    TensorView down_proj;  ///< [d_model, d_ff]  [ffn_down.weight]
};

struct LayerWeights {
    TensorView norm;  ///< [d_model], before the mixer  [attn_norm.weight]
    std::variant<Mamba2Weights, AttentionWeights, MlpWeights> mixer;
};

/// All weights, borrowed from the model file's mapping.
struct Weights {
    TensorView token_embedding;  ///< [n_vocab, d_model]  token_embd.weight
    std::vector<LayerWeights> layers;
    TensorView output_norm;  ///< [d_model]           output_norm.weight
    TensorView
        output;  ///< [n_vocab, d_model]  output.weight, or token_embd.weight where a file ties them
};

}  // namespace lares
