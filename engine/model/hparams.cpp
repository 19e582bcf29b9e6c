#include "engine/model/hparams.h"

#include "engine/formats/gguf_reader.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <string_view>

namespace lares {
namespace {

constexpr std::string_view kArchitecture = "nemotron_h";
constexpr std::int64_t kMaxLayers = 512;
constexpr std::int64_t kMaxDimension = std::int64_t{1}
                                       << 24;  // far above any model, far below overflow

std::string key(std::string_view suffix) {
    return std::string(kArchitecture) + "." + std::string(suffix);
}

Error bad_key(const GgufFile& file, std::string_view suffix, const std::string& what) {
    return {ErrorCode::Corrupt, file.name() + ": " + key(suffix) + " " + what};
}

Result<int> read_dimension(const GgufFile& file, std::string_view suffix) {
    ASSIGN_OR_RETURN(const std::uint32_t value, file.get_u32(key(suffix)));
    if (value == 0 || value > kMaxDimension)
        return bad_key(file, suffix, "is " + std::to_string(value) + ", which is no possible size");
    return static_cast<int>(value);
}

/// A value a layer, from an array of block_count numbers or one number for all.
Result<std::vector<std::int64_t>> read_per_layer(const GgufFile& file,
                                                 std::string_view suffix,
                                                 std::int64_t n_layer) {
    ASSIGN_OR_RETURN(auto values, file.get_integers(key(suffix)));
    if (values.size() == 1) values.assign(static_cast<std::size_t>(n_layer), values.front());
    if (static_cast<std::int64_t>(values.size()) != n_layer)
        return bad_key(file, suffix,
                       "has " + std::to_string(values.size()) + " entries for " +
                           std::to_string(n_layer) + " layers");
    for (std::int64_t v : values)
        if (v < 0 || v > kMaxDimension)
            return bad_key(file, suffix,
                           "holds " + std::to_string(v) + ", which is no possible size");
    return values;
}

/// The one value that all layers with a non-zero entry share; 0 when there is no such layer.
Result<int> common_value(const GgufFile& file,
                         std::string_view suffix,
                         const std::vector<std::int64_t>& values) {
    std::int64_t common = 0;
    for (std::int64_t v : values) {
        if (v == 0) continue;
        if (common != 0 && v != common)
            return Error{ErrorCode::Unsupported,
                         file.name() + ": " + key(suffix) +
                             " differs between layers, which this engine does not run"};
        common = v;
    }
    return static_cast<int>(common);
}

Result<void> check_architecture(const GgufFile& file) {
    ASSIGN_OR_RETURN(const std::string_view architecture, file.get_string("general.architecture"));
    if (architecture == kArchitecture) return {};
    return Error{ErrorCode::Unsupported, file.name() + ": the architecture is \"" +
                                             std::string(architecture.substr(0, 64)) +
                                             "\"; this engine runs \"nemotron_h\" (Nemotron 3 Nano "
                                             "4B, Nemotron Nano 9B v2, Lares Mini)"};
}

/// Layer kinds from the two per-layer lists (spec: nemotron-h.md §6.2).
Result<void> read_layers(const GgufFile& file, HParams& hparams) {
    ASSIGN_OR_RETURN(const std::uint32_t n_layer, file.get_u32(key("block_count")));
    if (n_layer == 0 || n_layer > kMaxLayers)
        return bad_key(file, "block_count",
                       "is " + std::to_string(n_layer) + "; 1 to 512 layers are possible");
    ASSIGN_OR_RETURN(const auto n_kv_heads,
                     read_per_layer(file, "attention.head_count_kv", n_layer));
    ASSIGN_OR_RETURN(const auto widths, read_per_layer(file, "feed_forward_length", n_layer));
    for (std::size_t i = 0; i < n_layer; ++i) {
        if (widths[i] != 0)
            hparams.layers.push_back(LayerKind::Mlp);
        else
            hparams.layers.push_back(n_kv_heads[i] != 0 ? LayerKind::Attention : LayerKind::Mamba2);
    }
    ASSIGN_OR_RETURN(hparams.d_ff, common_value(file, "feed_forward_length", widths));
    // Some converters fill head_count_kv for MLP layers too; only attention layers count.
    std::vector<std::int64_t> of_attention;
    for (std::size_t i = 0; i < n_layer; ++i)
        of_attention.push_back(hparams.layers[i] == LayerKind::Attention ? n_kv_heads[i] : 0);
    ASSIGN_OR_RETURN(hparams.n_kv_head,
                     common_value(file, "attention.head_count_kv", of_attention));
    return {};
}

Result<void> read_attention(const GgufFile& file, HParams& hparams) {
    if (hparams.n_layer(LayerKind::Attention) == 0) return {};
    ASSIGN_OR_RETURN(const auto n_heads,
                     read_per_layer(file, "attention.head_count", hparams.n_layer()));
    ASSIGN_OR_RETURN(hparams.n_head, common_value(file, "attention.head_count", n_heads));
    ASSIGN_OR_RETURN(hparams.head_dim, read_dimension(file, "attention.key_length"));
    ASSIGN_OR_RETURN(const int value_length, read_dimension(file, "attention.value_length"));
    if (value_length != hparams.head_dim)
        return Error{ErrorCode::Unsupported,
                     file.name() + ": keys and values of different width are not in this family"};
    return {};
}

Result<void> read_mamba(const GgufFile& file, HParams& hparams) {
    if (hparams.n_layer(LayerKind::Mamba2) == 0) return {};
    ASSIGN_OR_RETURN(hparams.d_conv, read_dimension(file, "ssm.conv_kernel"));
    ASSIGN_OR_RETURN(hparams.d_state, read_dimension(file, "ssm.state_size"));
    ASSIGN_OR_RETURN(hparams.n_group, read_dimension(file, "ssm.group_count"));
    ASSIGN_OR_RETURN(hparams.n_ssm_head, read_dimension(file, "ssm.time_step_rank"));
    ASSIGN_OR_RETURN(const int d_inner, read_dimension(file, "ssm.inner_size"));
    if (d_inner % hparams.n_ssm_head != 0)
        return bad_key(file, "ssm.inner_size",
                       "is not a multiple of the number of heads (ssm.time_step_rank)");
    hparams.ssm_head_dim = d_inner / hparams.n_ssm_head;
    return {};
}

}  // namespace

std::string_view to_string(LayerKind kind) {
    switch (kind) {
        case LayerKind::Mamba2:
            return "mamba2";
        case LayerKind::Attention:
            return "attention";
        case LayerKind::Mlp:
            return "mlp";
    }
    return "";
}

int HParams::n_layer(LayerKind kind) const {
    return static_cast<int>(std::count(layers.begin(), layers.end(), kind));
}

Result<HParams> read_hparams(const GgufFile& file) {
    RETURN_IF_ERROR(check_architecture(file));
    HParams hparams;
    RETURN_IF_ERROR(read_layers(file, hparams));
    ASSIGN_OR_RETURN(hparams.d_model, read_dimension(file, "embedding_length"));
    ASSIGN_OR_RETURN(hparams.n_ctx_train, read_dimension(file, "context_length"));
    ASSIGN_OR_RETURN(hparams.norm_eps, file.get_f32(key("attention.layer_norm_rms_epsilon")));
    RETURN_IF_ERROR(read_attention(file, hparams));
    RETURN_IF_ERROR(read_mamba(file, hparams));
    if (file.find_or_null(key("vocab_size"))) {
        ASSIGN_OR_RETURN(hparams.n_vocab, read_dimension(file, "vocab_size"));
    } else {
        ASSIGN_OR_RETURN(const auto tokens, file.get_strings("tokenizer.ggml.tokens"));
        hparams.n_vocab = static_cast<int>(tokens.size());
    }
    auto checked = validate(hparams);
    if (!checked) return std::move(checked).error().with_context(file.name());
    return hparams;
}

Result<void> validate(const HParams& hparams) {
    const auto corrupt = [](std::string message) {
        return Error{ErrorCode::Corrupt, std::move(message)};
    };
    if (hparams.layers.empty() || hparams.d_model < 1 || hparams.n_vocab < 1)
        return corrupt("the model has no layers, no width or no vocabulary");
    if (hparams.n_vocab > (1 << 20)) return corrupt("the vocabulary is larger than 2^20 tokens");
    if (!(hparams.norm_eps > 0.0F && hparams.norm_eps < 1.0F))
        return corrupt("the norm's epsilon is not between 0 and 1");
    if (hparams.n_layer(LayerKind::Attention) > 0) {
        if (hparams.n_head < 1 || hparams.n_kv_head < 1 || hparams.n_head % hparams.n_kv_head != 0)
            return corrupt(
                "the number of query heads is not a multiple of the number of key/value heads");
        if (std::int64_t{hparams.n_head} * hparams.head_dim > kMaxDimension)
            return corrupt("the attention layers are impossibly wide");
    }
    if (hparams.n_layer(LayerKind::Mamba2) > 0) {
        if (hparams.d_conv < 2 || hparams.d_conv > 16)
            return corrupt("the convolution has less than 2 or more than 16 taps");
        if (hparams.n_group < 1 || hparams.n_ssm_head % hparams.n_group != 0)
            return corrupt("the number of Mamba heads is not a multiple of the number of groups");
        const std::int64_t width = std::int64_t{hparams.n_ssm_head} * hparams.ssm_head_dim;
        const std::int64_t groups = std::int64_t{hparams.n_group} * hparams.d_state;
        if (width > kMaxDimension || groups > kMaxDimension)
            return corrupt("the Mamba layers are impossibly wide");
    }
    return {};
}

}  // namespace lares
