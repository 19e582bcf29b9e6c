#include "engine/model/safetensors_model_file.h"

#include "engine/model/config_json.h"
#include "engine/tokenizer/tokenizer_json.h"

namespace lares {
namespace {

constexpr const char* kConfig = "config.json";
constexpr const char* kTokenizer = "tokenizer.json";
// Beside a chat template, tokenizer_config.json may describe every special token.
constexpr JsonLimits kTokenizerConfigLimits{std::uint64_t{16} << 20, 200'000, 16};

/// The text of a token: a text, or an object with its content.
std::string token_text(const JsonDocument& config, const char* name) {
    const auto found = config.find(name);
    if (found == config.end()) return {};
    if (found->is_string()) return found->get<std::string>();
    if (!found->is_object()) return {};
    const auto content = found->find("content");
    return content != found->end() && content->is_string() ? content->get<std::string>()
                                                           : std::string();
}

/// The chat template: a text, or the one named "default" of a list.
std::string template_text(const JsonDocument& config) {
    const auto found = config.find("chat_template");
    if (found == config.end()) return {};
    if (found->is_string()) return found->get<std::string>();
    if (!found->is_array()) return {};
    for (const JsonDocument& entry : *found)
        if (entry.is_object() && token_text(entry, "name") == "default")
            return token_text(entry, "template");
    return {};
}

}  // namespace

Result<std::shared_ptr<const ModelFile>> SafetensorsModelFile::create(SafetensorsFolder folder) {
    std::shared_ptr<SafetensorsModelFile> file(new SafetensorsModelFile(std::move(folder)));
    ASSIGN_OR_RETURN(auto config, file->m_folder.read_json(kConfig, kConfigJsonLimits));
    if (!config)
        return Error{ErrorCode::NotFound,
                     file->name() + ": config.json is missing; download it beside the weights"};
    file->m_config = std::move(*config);
    RETURN_IF_ERROR(file->read_control());
    return std::shared_ptr<const ModelFile>(std::move(file));
}

/// Which tokens begin and end, from the files that are there. generation_config.json has all ends,
/// config.json often only the base model's (spec: tokenizer.md §4).
Result<void> SafetensorsModelFile::read_control() {
    add_end_ids(m_config);
    ASSIGN_OR_RETURN(const auto generation,
                     m_folder.read_json("generation_config.json", kConfigJsonLimits));
    if (generation) add_end_ids(*generation);
    ASSIGN_OR_RETURN(const auto tokenizer,
                     m_folder.read_json("tokenizer_config.json", kTokenizerConfigLimits));
    if (tokenizer) {
        m_control.bos = token_text(*tokenizer, "bos_token");
        m_control.eos = token_text(*tokenizer, "eos_token");
        m_control.chat_template = template_text(*tokenizer);
    }
    ASSIGN_OR_RETURN(auto jinja, m_folder.read_text("chat_template.jinja"));
    if (jinja) m_control.chat_template = std::move(*jinja);
    return {};
}

void SafetensorsModelFile::add_end_ids(const JsonDocument& json) {
    const auto found = json.find("eos_token_id");
    if (found == json.end()) return;
    const auto add = [&](const JsonDocument& id) {
        const auto* number = id.get_ptr<const JsonDocument::number_unsigned_t*>();
        if (number && *number < (1U << 20))
            m_control.eos_ids.push_back(static_cast<TokenId>(*number));
    };
    if (found->is_array()) {
        for (const JsonDocument& id : *found) add(id);
    } else {
        add(*found);
    }
}

std::string SafetensorsModelFile::architecture() const {
    const std::string type = token_text(m_config, "model_type");
    return type.empty() ? "unknown" : type;
}

Result<HParams> SafetensorsModelFile::hparams() const {
    return read_hparams(m_config, name() + "/" + kConfig);
}

Result<BpeTokenizer> SafetensorsModelFile::tokenizer() const {
    const auto in_file = [&](Error error) {
        return std::move(error).with_context(name() + "/" + kTokenizer);
    };
    ASSIGN_OR_RETURN(const HParams h, hparams());
    ASSIGN_OR_RETURN(const auto json, m_folder.read_json(kTokenizer, kTokenizerJsonLimits));
    if (!json)
        return Error{ErrorCode::NotFound,
                     name() + ": tokenizer.json is missing; download it beside the weights"};
    auto parts = read_tokenizer_json(*json, h.n_vocab);
    if (!parts) return in_file(std::move(parts).error());
    auto tokenizer = BpeTokenizer::from_json(*parts, m_control);
    if (!tokenizer) return in_file(std::move(tokenizer).error());
    return tokenizer;
}

}  // namespace lares
