#include "app/cli/synth/folder_json.h"

#include "engine/base/json.h"

namespace lares::cli {
namespace {

constexpr int kIndent = 2;
constexpr std::int32_t kNormalToken = 1;
constexpr std::int32_t kControlToken = 3;

// Both expressions as the published tokenizers have them (spec: tokenizer.md §2).
constexpr std::string_view kLlama3Pattern =
    R"((?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)";
constexpr std::string_view kTekkenPattern =
    R"([^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+)";

std::string configText(const SynthRequest& request) {
    const HParams& h = request.model.hparams;
    const Json config = {{"architectures", {"NemotronHForCausalLM"}},
                         {"model_type", "nemotron_h"},
                         {"hybrid_override_pattern", request.model.pattern},
                         {"num_hidden_layers", h.n_layer()},
                         {"hidden_size", h.d_model},
                         {"intermediate_size", h.d_ff},
                         {"vocab_size", h.n_vocab},
                         {"tie_word_embeddings", false},
                         {"num_attention_heads", h.n_head},
                         {"num_key_value_heads", h.n_kv_head},
                         {"head_dim", h.head_dim},
                         {"max_position_embeddings", h.n_ctx_train},
                         {"attention_bias", false},
                         {"mlp_bias", false},
                         {"use_bias", false},
                         {"mamba_proj_bias", false},
                         {"use_conv_bias", true},
                         {"mlp_hidden_act", "relu2"},
                         {"mamba_hidden_act", "silu"},
                         {"ssm_state_size", h.d_state},
                         {"n_groups", h.n_group},
                         {"mamba_num_heads", h.n_ssm_head},
                         {"mamba_head_dim", h.ssm_head_dim},
                         {"conv_kernel", h.d_conv},
                         {"chunk_size", 256},
                         {"layer_norm_epsilon", 1e-5},
                         {"residual_in_fp32", false},
                         {"bos_token_id", request.vocabulary.bosId},
                         {"eos_token_id", request.vocabulary.eosId},
                         {"pad_token_id", 0},
                         {"torch_dtype", "bfloat16"}};
    return json_text(config, kIndent) + "\n";
}

std::string tokenizerText(const SyntheticVocabulary& vocabulary) {
    Json added = Json::array();
    nlohmann::json entries;  // sorted: an ordered object looks through all keys for each
    for (std::size_t id = 0; id < vocabulary.tokens.size(); ++id) {
        entries[vocabulary.tokens[id]] = id;
        if (vocabulary.types[id] == kNormalToken) continue;
        added.push_back({{"id", id},
                         {"content", vocabulary.tokens[id]},
                         {"single_word", false},
                         {"lstrip", false},
                         {"rstrip", false},
                         {"normalized", false},
                         {"special", vocabulary.types[id] == kControlToken}});
    }
    const bool isTekken = vocabulary.preTokenizer == "tekken";
    const Json split = {{"type", "Split"},
                        {"pattern", {{"Regex", isTekken ? kTekkenPattern : kLlama3Pattern}}},
                        {"behavior", "Isolated"},
                        {"invert", false}};
    const Json bytes = {{"type", "ByteLevel"},
                        {"add_prefix_space", false},
                        {"trim_offsets", true},
                        {"use_regex", false}};
    Json merges = Json::array();
    for (const std::string& merge : vocabulary.merges) {
        const std::size_t space = merge.find(' ');
        merges.push_back({merge.substr(0, space), merge.substr(space + 1)});
    }
    Json json = {{"version", "1.0"},
                 {"truncation", nullptr},
                 {"padding", nullptr},
                 {"added_tokens", std::move(added)},
                 {"normalizer", nullptr},
                 {"pre_tokenizer", {{"type", "Sequence"}, {"pretokenizers", {split, bytes}}}},
                 {"post_processor", nullptr},
                 {"decoder", bytes}};
    Json model = {{"type", "BPE"},
                  {"dropout", nullptr},
                  {"unk_token", nullptr},
                  {"continuing_subword_prefix", nullptr},
                  {"end_of_word_suffix", nullptr},
                  {"fuse_unk", false},
                  {"byte_fallback", false},
                  {"ignore_merges", true}};
    // The two large members as text: copying them into an ordered object would take its time
    // squared.
    std::string text = json_text(json);
    text.pop_back();
    std::string modelText = json_text(model);
    modelText.pop_back();
    return text + ",\"model\":" + modelText + ",\"vocab\":" + entries.dump() +
           ",\"merges\":" + json_text(merges) + "}}\n";
}

std::string tokenizerConfigText(const SyntheticVocabulary& vocabulary) {
    const Json config = {{"tokenizer_class", "PreTrainedTokenizerFast"},
                         {"bos_token", vocabulary.tokens[vocabulary.bosId]},
                         {"eos_token", vocabulary.tokens[vocabulary.eosId]},
                         {"add_bos_token", false},  // as published: spec tokenizer.md §5
                         {"clean_up_tokenization_spaces", false},
                         {"chat_template", vocabulary.chatTemplate}};
    return json_text(config, kIndent) + "\n";
}

std::string generationText(const SyntheticVocabulary& vocabulary) {
    const Json config = {{"bos_token_id", vocabulary.bosId},
                         {"eos_token_id", {2, vocabulary.eosId}},
                         {"pad_token_id", 0},
                         {"do_sample", true}};
    return json_text(config, kIndent) + "\n";
}

/// The layers that stay BF16, as ModelOpt lists them. A reader trusts the tensors, not this list.
std::string quantisationText(const SynthRequest& request) {
    Json kept = {"lm_head"};
    const auto types = safetensorsTypes(request.model, request.mix);
    for (std::size_t i = 0; i < types.size(); ++i) {
        const SyntheticTensor& tensor = request.model.tensors[i];
        const bool isFirstOfMixer =
            tensor.hfName.ends_with("in_proj.weight") || tensor.hfName.ends_with("q_proj.weight");
        if (isFirstOfMixer && types[i] != DType::F8_E4M3)
            kept.push_back("backbone.layers." + std::to_string(tensor.layer) + ".mixer*");
    }
    const Json config = {
        {"producer", {{"name", "modelopt"}, {"version", "0.37.0"}}},
        {"quantization",
         {{"quant_algo", "FP8"}, {"kv_cache_quant_algo", "FP8"}, {"exclude_modules", kept}}}};
    return json_text(config, kIndent) + "\n";
}

}  // namespace

std::map<std::string, std::string> folderTexts(const SynthRequest& request) {
    std::map<std::string, std::string> texts = {
        {"config.json", configText(request)},
        {"generation_config.json", generationText(request.vocabulary)},
        {"tokenizer.json", tokenizerText(request.vocabulary)},
        {"tokenizer_config.json", tokenizerConfigText(request.vocabulary)}};
    if (request.mix.base == DType::F8_E4M3)
        texts["hf_quant_config.json"] = quantisationText(request);
    return texts;
}

std::string indexText(const FolderIndex& index) {
    const Json json = {{"metadata", {{"total_size", index.totalBytes}}},
                       {"weight_map", nlohmann::json(index.files)}};
    return json_text(json, kIndent) + "\n";
}

}  // namespace lares::cli
