#include "engine/model/config_json.h"

#include <array>

namespace lares {
namespace {

constexpr std::size_t kMaxListedLayers = 512;
constexpr std::uint64_t kMaxNumber = std::uint64_t{1} << 24;

/// One field with its older name and its default.
struct Field {
    const char* name;
    const char* old_name;  // nullptr: it never had another
    int fallback;
};

class ConfigReader {
public:
    ConfigReader(const JsonDocument& config, std::string_view name)
        : m_config(config), m_name(name) {}

    Result<HParams> read() const {
        RETURN_IF_ERROR(check_architecture());
        RETURN_IF_ERROR(check_features());
        HParams h;
        ASSIGN_OR_RETURN(h.layers, layers());
        ASSIGN_OR_RETURN(h.d_model, dimension({"hidden_size", nullptr, 4096}));
        ASSIGN_OR_RETURN(h.n_vocab, dimension({"vocab_size", nullptr, 131072}));
        ASSIGN_OR_RETURN(h.n_ctx_train, dimension({"max_position_embeddings", nullptr, 4096}));
        ASSIGN_OR_RETURN(h.norm_eps, epsilon());
        if (h.n_layer(LayerKind::Mlp) > 0) {
            ASSIGN_OR_RETURN(h.d_ff, dimension({"intermediate_size", nullptr, 21504}));
        }
        if (h.n_layer(LayerKind::Attention) > 0) {
            ASSIGN_OR_RETURN(h.n_head, dimension({"num_attention_heads", nullptr, 32}));
            ASSIGN_OR_RETURN(h.n_kv_head, n_kv_head(h.n_head));
            ASSIGN_OR_RETURN(h.head_dim, dimension({"head_dim", "attention_head_dim", 128}));
        }
        if (h.n_layer(LayerKind::Mamba2) > 0) {
            ASSIGN_OR_RETURN(h.n_ssm_head, dimension({"mamba_num_heads", nullptr, 128}));
            ASSIGN_OR_RETURN(h.ssm_head_dim, dimension({"mamba_head_dim", nullptr, 64}));
            ASSIGN_OR_RETURN(h.d_state, dimension({"ssm_state_size", nullptr, 128}));
            ASSIGN_OR_RETURN(h.n_group, dimension({"n_groups", "mamba_n_groups", 8}));
            ASSIGN_OR_RETURN(h.d_conv, dimension({"conv_kernel", "mamba_d_conv", 4}));
        }
        auto checked = validate(h);
        if (!checked) return std::move(checked).error().with_context(m_name);
        return h;
    }

private:
    /// The field's value, or nullptr where it is absent or null.
    const JsonDocument* find(const char* name) const {
        const auto found = m_config.find(name);
        return found == m_config.end() || found->is_null() ? nullptr : &*found;
    }
    Error corrupt(const std::string& what) const {
        return {ErrorCode::Corrupt, m_name + ": " + what};
    }
    Error unsupported(const std::string& what) const {
        return {ErrorCode::Unsupported,
                m_name + ": " + what +
                    "; this engine runs Nemotron 3 Nano 4B, Nemotron Nano 9B v2 and models of "
                    "their kind"};
    }

    Result<void> check_architecture() const {
        const JsonDocument* type = find("model_type");
        if (type && type->is_string() && type->get_ref<const std::string&>() == "nemotron_h")
            return {};
        if (!type || !type->is_string()) return corrupt("there is no model_type");
        return unsupported("the model is of type \"" + type->get<std::string>().substr(0, 64) +
                           "\", not \"nemotron_h\"");
    }

    Result<void> check_features() const {
        for (const char* bias : {"attention_bias", "mlp_bias", "use_bias", "mamba_proj_bias"}) {
            const JsonDocument* value = find(bias);
            if (value && *value != JsonDocument(false))
                return unsupported(std::string(bias) + " is set");
        }
        for (const char* conv_bias : {"use_conv_bias", "mamba_conv_bias"}) {
            const JsonDocument* value = find(conv_bias);
            if (value && *value != JsonDocument(true))
                return unsupported("the convolution has no bias");
        }
        if (find("sliding_window")) return unsupported("attention has a sliding window");
        if (const JsonDocument* n = find("num_nextn_predict_layers"); n && *n != JsonDocument(0))
            return unsupported("it predicts several tokens at once");
        RETURN_IF_ERROR(check_activation("mlp_hidden_act", "relu2"));
        return check_activation("mamba_hidden_act", "silu");
    }
    Result<void> check_activation(const char* field, const char* wanted) const {
        const JsonDocument* value = find(field);
        if (!value || *value == JsonDocument(wanted)) return {};
        return unsupported(std::string(field) + " is not " + wanted);
    }

    Result<std::vector<LayerKind>> layers() const {
        std::vector<LayerKind> kinds;
        if (const JsonDocument* pattern = find("hybrid_override_pattern")) {
            if (!pattern->is_string()) return corrupt("hybrid_override_pattern is no text");
            for (const char letter : pattern->get_ref<const std::string&>()) {
                ASSIGN_OR_RETURN(const LayerKind kind, kind_of(std::string(1, letter)));
                kinds.push_back(kind);
            }
        } else {
            const JsonDocument* list = find("layers_block_type");
            if (!list) list = find("layer_types");
            if (!list || !list->is_array())
                return corrupt("there is no hybrid_override_pattern and no list of layers");
            for (const JsonDocument& name : *list) {
                ASSIGN_OR_RETURN(const LayerKind kind,
                                 kind_of(name.is_string() ? name.get<std::string>() : ""));
                kinds.push_back(kind);
            }
        }
        if (kinds.empty() || kinds.size() > kMaxListedLayers)
            return corrupt("there are " + std::to_string(kinds.size()) +
                           " layers; 1 to 512 are possible");
        const JsonDocument* n = find("num_hidden_layers");
        if (n && *n != JsonDocument(kinds.size()))
            return corrupt("num_hidden_layers is not the number of layers in the pattern, " +
                           std::to_string(kinds.size()));
        return kinds;
    }
    Result<LayerKind> kind_of(const std::string& name) const {
        struct Named {
            std::string_view name;
            LayerKind kind;
        };
        static constexpr std::array<Named, 8> kNames = {{{"M", LayerKind::Mamba2},
                                                         {"*", LayerKind::Attention},
                                                         {"-", LayerKind::Mlp},
                                                         {"mamba", LayerKind::Mamba2},
                                                         {"linear_attention", LayerKind::Mamba2},
                                                         {"attention", LayerKind::Attention},
                                                         {"full_attention", LayerKind::Attention},
                                                         {"mlp", LayerKind::Mlp}}};
        for (const Named& named : kNames)
            if (named.name == name) return named.kind;
        if (name == "E" || name == "moe") return unsupported("it has layers of experts");
        return unsupported("it has layers of the unknown kind '" + name.substr(0, 20) + "'");
    }

    Result<int> dimension(const Field& field) const {
        const JsonDocument* value = find(field.name);
        if (!value && field.old_name) value = find(field.old_name);
        if (!value) return field.fallback;
        const auto* number = value->get_ptr<const JsonDocument::number_unsigned_t*>();
        if (!number || *number == 0 || *number > kMaxNumber)
            return corrupt(std::string(field.name) + " is no possible size");
        return static_cast<int>(*number);
    }
    Result<int> n_kv_head(int n_head) const {
        const auto found = m_config.find("num_key_value_heads");
        const bool is_null = found != m_config.end() && found->is_null();
        return dimension({"num_key_value_heads", nullptr, is_null ? n_head : 8});
    }
    Result<float> epsilon() const {
        for (const char* name : {"layer_norm_epsilon", "rms_norm_eps", "norm_eps"}) {
            const JsonDocument* value = find(name);
            if (value && value->is_number()) return value->get<float>();
            if (value) return corrupt(std::string(name) + " is no number");
        }
        return 1e-5F;
    }

    const JsonDocument& m_config;
    std::string m_name;
};

}  // namespace

Result<HParams> read_hparams(const JsonDocument& config, std::string_view name) {
    return ConfigReader(config, name).read();
}

}  // namespace lares
