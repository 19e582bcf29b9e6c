#pragma once

#include "engine/base/result.h"

#include <cstdint>
#include <string>
#include <vector>

namespace lares {

class GgufFile;

/// What one layer does; every layer is x = x + mixer(rms_norm(x)).
enum class LayerKind : std::uint8_t { Mamba2, Attention, Mlp };
[[nodiscard]] std::string_view to_string(LayerKind kind);

/// Every dimension of a Nemotron-H model, and so the glossary of this engine. Names follow the
/// Mamba-2 paper (Dao & Gu 2024, arXiv:2405.21060) and the field. Values in brackets: Nemotron 3
/// Nano 4B. (spec: nemotron-h.md §1)
struct HParams {
    std::vector<LayerKind> layers;  ///< [42: 21 Mamba2, 4 Attention, 17 Mlp]
    int d_model = 0;                ///< width of the residual stream [3136]
    int n_vocab = 0;                ///< tokens, rows of embedding and head [131072]
    int n_ctx_train = 0;    ///< longest context the file claims [2^20 in GGUF, 262144 by its card]
    float norm_eps = 0.0F;  ///< of every RMSNorm [1e-5]

    int d_ff = 0;  ///< width inside an MLP, relu² [12544]

    int n_head = 0;     ///< query heads of an attention layer [40]
    int n_kv_head = 0;  ///< key/value heads, each shared by n_head / n_kv_head query heads [8]
    int head_dim = 0;   ///< width of one attention head, not d_model / n_head [128]

    int n_ssm_head = 0;    ///< Mamba-2 heads [96]
    int ssm_head_dim = 0;  ///< P, channels of a Mamba-2 head [80]
    int d_state = 0;       ///< N, state per channel [128]
    int n_group = 0;       ///< G, heads of a group share B and C [8]
    int d_conv = 0;        ///< taps of the causal convolution [4]

    [[nodiscard]] int n_layer() const { return static_cast<int>(layers.size()); }
    [[nodiscard]] int n_layer(LayerKind kind) const;
    [[nodiscard]] int d_inner() const { return n_ssm_head * ssm_head_dim; }  ///< [7680]
    [[nodiscard]] int d_conv_channels() const {
        return d_inner() + 2 * n_group * d_state;
    }  ///< x, B, C [9728]
    [[nodiscard]] int d_in_proj() const {
        return d_inner() + d_conv_channels() + n_ssm_head;
    }                                                                ///< z, xBC, dt [17504]
    [[nodiscard]] int d_q() const { return n_head * head_dim; }      ///< [5120]
    [[nodiscard]] int d_kv() const { return n_kv_head * head_dim; }  ///< [1024]

    /// Floats of one layer's state (spec: nemotron-h.md §3).
    [[nodiscard]] std::int64_t conv_state_size() const {
        return std::int64_t{d_conv - 1} * d_conv_channels();
    }
    [[nodiscard]] std::int64_t ssm_state_size() const {
        return std::int64_t{n_ssm_head} * ssm_head_dim * d_state;
    }
};

/// Reads and checks the `nemotron_h.*` keys. Errors: Unsupported for another architecture or a
/// feature this family does not have, Corrupt or NotFound naming the key.
[[nodiscard]] Result<HParams> read_hparams(const GgufFile& file);

/// The checks read_hparams ends with, for other sources: positive, divisible where the model
/// divides.
[[nodiscard]] Result<void> validate(const HParams& hparams);

}  // namespace lares
