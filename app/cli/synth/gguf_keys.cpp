#include "app/cli/synth/gguf_keys.h"

#include <algorithm>

namespace lares::cli {
namespace {

/// One number a layer: `value` where the layer is of that kind, else 0.
std::vector<std::int32_t> perLayer(const HParams& h, LayerKind kind, int value) {
    std::vector<std::int32_t> values;
    for (const LayerKind layer : h.layers) values.push_back(layer == kind ? value : 0);
    return values;
}

/// The keys of the official files (spec: nemotron-h.md §6.2).
void addHparams(GgufWriter& writer, const HParams& h) {
    const auto add = [&](const char* key, int value) {
        writer.add(std::string("nemotron_h.") + key, static_cast<std::uint64_t>(value));
    };
    add("block_count", h.n_layer());
    add("context_length", h.n_ctx_train);
    add("embedding_length", h.d_model);
    add("vocab_size", h.n_vocab);
    add("attention.head_count", h.n_head);
    writer.add("nemotron_h.attention.head_count_kv",
               std::span<const std::int32_t>(perLayer(h, LayerKind::Attention, h.n_kv_head)));
    writer.add("nemotron_h.feed_forward_length",
               std::span<const std::int32_t>(perLayer(h, LayerKind::Mlp, h.d_ff)));
    add("attention.key_length", h.head_dim);
    add("attention.value_length", h.head_dim);
    writer.add("nemotron_h.attention.layer_norm_rms_epsilon", static_cast<double>(h.norm_eps));
    writer.add("nemotron_h.attention.layer_norm_epsilon", static_cast<double>(h.norm_eps));
    add("ssm.conv_kernel", h.d_conv);
    add("ssm.state_size", h.d_state);
    add("ssm.group_count", h.n_group);
    add("ssm.inner_size", h.d_inner());
    add("ssm.time_step_rank", h.n_ssm_head);
    add("rope.dimension_count", std::max(2, h.d_model / h.n_head / 2 * 2));  // no engine uses it
}

/// spec: tokenizer.md §8
void addVocabulary(GgufWriter& writer, const SyntheticVocabulary& vocabulary) {
    writer.add("tokenizer.ggml.model", std::string_view("gpt2"));
    writer.add("tokenizer.ggml.pre", std::string_view(vocabulary.preTokenizer));
    writer.add("tokenizer.ggml.tokens", std::span<const std::string>(vocabulary.tokens));
    writer.add("tokenizer.ggml.token_type", std::span<const std::int32_t>(vocabulary.types));
    writer.add("tokenizer.ggml.merges", std::span<const std::string>(vocabulary.merges));
    writer.add("tokenizer.ggml.bos_token_id", std::uint64_t{vocabulary.bosId});
    writer.add("tokenizer.ggml.eos_token_id", std::uint64_t{vocabulary.eosId});
    writer.add("tokenizer.ggml.unknown_token_id", std::uint64_t{0});
    writer.add("tokenizer.ggml.padding_token_id", std::uint64_t{0});
    writer.add("tokenizer.ggml.add_bos_token", vocabulary.addsBos);
    if (!vocabulary.chatTemplate.empty())
        writer.add("tokenizer.chat_template", std::string_view(vocabulary.chatTemplate));
}

}  // namespace

GgufWriter modelWriter(std::string_view title,
                       const TensorMix& mix,
                       const SyntheticModel& model,
                       std::span<const DType> types,
                       const SyntheticVocabulary& vocabulary) {
    GgufWriter writer("nemotron_h");
    writer.add("general.type", std::string_view("model"));
    writer.add("general.name", title);
    writer.add("general.file_type", std::uint64_t{mix.fileType});
    writer.add("general.quantization_version", std::uint64_t{2});
    addHparams(writer, model.hparams);
    addVocabulary(writer, vocabulary);
    for (std::size_t i = 0; i < types.size(); ++i)
        writer.add_tensor(model.tensors[i].ggufName, types[i], model.tensors[i].ggufShape);
    return writer;
}

}  // namespace lares::cli
