#include "app/cli/synth/synthetic_model.h"

#include <array>
#include <cmath>

namespace lares::cli {
namespace {

/// Dimensions as in nemotron-h.md §1; `tiny` has every kind of layer and runs anywhere.
struct Preset {
    std::string_view name;
    std::string_view title;
    std::string_view pattern;
    int d_model;
    int d_ff;
    int n_vocab;
    int n_ssm_head;
    int d_state;
    int n_group;
    int n_head;
    int n_kv_head;
    int head_dim;
    int n_ctx_train;
};
constexpr std::array kPresets = {
    Preset{"4b", "Nemotron 3 Nano 4B", "M-M-M-MM-M-M*-M-M*-M-M-M*-M-M-MM*-MMM-M-M-", 3136, 12544,
           131072, 96, 128, 8, 40, 8, 128, 262144},
    Preset{"9b", "Nemotron Nano 9B v2", "M-M-M-MM-M-M-M*-M-M-M*-M-M-M-M*-M-M-M-M*-M-MM-M-M-M-M-M-",
           4480, 15680, 131072, 128, 128, 8, 40, 8, 128, 131072},
    Preset{"tiny", "a tiny model", "M-*M-", 64, 256, 4096, 8, 32, 2, 8, 2, 32, 4096},
};

LayerKind kindOf(char letter) {
    if (letter == '*') return LayerKind::Attention;
    return letter == 'M' ? LayerKind::Mamba2 : LayerKind::Mlp;
}

HParams hparamsOf(const Preset& preset) {
    HParams h;
    for (const char letter : preset.pattern) h.layers.push_back(kindOf(letter));
    h.d_model = preset.d_model;
    h.n_vocab = preset.n_vocab;
    h.n_ctx_train = preset.n_ctx_train;
    h.norm_eps = 1e-5F;
    h.d_ff = preset.d_ff;
    h.n_head = preset.n_head;
    h.n_kv_head = preset.n_kv_head;
    h.head_dim = preset.head_dim;
    h.n_ssm_head = preset.n_ssm_head;
    h.ssm_head_dim = 80;
    h.d_state = preset.d_state;
    h.n_group = preset.n_group;
    h.d_conv = 4;
    return h;
}

/// Collects tensors under their names in both formats.
class TensorList {
public:
    explicit TensorList(const HParams& hparams) : m_h(hparams) {}

    std::vector<SyntheticTensor> all() {
        // An embedding of deviation 1 and small outputs of each layer: the residual grows slowly.
        matrix("token_embd.weight", "backbone.embeddings.weight", m_h.n_vocab, m_h.d_model,
               std::sqrt(m_h.d_model));
        for (m_layer = 0; m_layer < m_h.n_layer(); ++m_layer) layer();
        m_layer = -1;
        m_gguf.clear();
        m_hf.clear();
        vector(WeightKind::Norm, "output_norm.weight", "backbone.norm_f.weight", m_h.d_model);
        matrix("output.weight", "lm_head.weight", m_h.n_vocab, m_h.d_model, 2.5);
        return std::move(m_tensors);
    }

private:
    void layer() {
        m_gguf = "blk." + std::to_string(m_layer) + ".";
        m_hf = "backbone.layers." + std::to_string(m_layer) + ".";
        vector(WeightKind::Norm, "attn_norm.weight", "norm.weight", m_h.d_model);
        m_hf += "mixer.";
        switch (m_h.layers[static_cast<std::size_t>(m_layer)]) {
            case LayerKind::Mamba2:
                return mamba2();
            case LayerKind::Attention:
                return attention();
            case LayerKind::Mlp:
                return mlp();
        }
    }
    void mamba2() {
        const std::int64_t channels = m_h.d_conv_channels();
        const std::int64_t n_head = m_h.n_ssm_head;
        const std::int64_t d_inner = m_h.d_inner();
        const std::int64_t n_group = m_h.n_group;
        matrix("ssm_in.weight", "in_proj.weight", m_h.d_in_proj(), m_h.d_model, 1.2);
        add(WeightKind::ConvWeight, "ssm_conv1d.weight", "conv1d.weight", {channels, m_h.d_conv},
            {channels, 1, m_h.d_conv});
        vector(WeightKind::ConvBias, "ssm_conv1d.bias", "conv1d.bias", channels);
        vector(WeightKind::DtBias, "ssm_dt.bias", "dt_bias", n_head);
        add(WeightKind::A, "ssm_a", "A_log", {n_head, 1}, {n_head});
        add(WeightKind::D, "ssm_d", "D", {n_head, 1}, {n_head});
        add(WeightKind::Norm, "ssm_norm.weight", "norm.weight", {n_group, d_inner / n_group},
            {d_inner});
        matrix("ssm_out.weight", "out_proj.weight", m_h.d_model, d_inner, 0.3);
    }
    void attention() {
        matrix("attn_q.weight", "q_proj.weight", m_h.d_q(), m_h.d_model, 1.6);
        matrix("attn_k.weight", "k_proj.weight", m_h.d_kv(), m_h.d_model, 1.6);
        matrix("attn_v.weight", "v_proj.weight", m_h.d_kv(), m_h.d_model, 1.2);
        matrix("attn_output.weight", "o_proj.weight", m_h.d_model, m_h.d_q(), 0.5);
    }
    void mlp() {
        matrix("ffn_up.weight", "up_proj.weight", m_h.d_ff, m_h.d_model, 1.0);
        matrix("ffn_down.weight", "down_proj.weight", m_h.d_model, m_h.d_ff, 0.3);
    }

    void add(WeightKind kind,
             const std::string& gguf,
             const std::string& hf,
             Shape ggufShape,
             Shape hfShape,
             double deviation = 0.0) {
        m_tensors.push_back(
            {kind, deviation, m_layer, m_gguf + gguf, m_hf + hf, ggufShape, hfShape});
    }
    void vector(WeightKind kind, const std::string& gguf, const std::string& hf, std::int64_t n) {
        add(kind, gguf, hf, {n}, {n});
    }
    /// `gain`: how much larger the output is than the input.
    void matrix(const std::string& gguf,
                const std::string& hf,
                std::int64_t rows,
                std::int64_t cols,
                double gain) {
        add(WeightKind::Matrix, gguf, hf, {rows, cols}, {rows, cols},
            gain / std::sqrt(static_cast<double>(cols)));
    }

    const HParams& m_h;
    int m_layer = -1;
    std::string m_gguf;  // in front of names
    std::string m_hf;
    std::vector<SyntheticTensor> m_tensors;
};

}  // namespace

std::vector<SyntheticTensor> tensorsOf(const HParams& hparams) {
    return TensorList(hparams).all();
}

std::optional<SyntheticModel> syntheticModel(std::string_view name, std::optional<int> n_vocab) {
    for (const Preset& preset : kPresets) {
        if (preset.name != name) continue;
        SyntheticModel model{std::string(preset.name),
                             std::string(preset.title),
                             std::string(preset.pattern),
                             hparamsOf(preset),
                             {}};
        if (n_vocab && name == "tiny") model.hparams.n_vocab = *n_vocab;
        model.tensors = tensorsOf(model.hparams);
        return model;
    }
    return std::nullopt;
}

}  // namespace lares::cli
