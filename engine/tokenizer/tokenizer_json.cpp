#include "engine/tokenizer/tokenizer_json.h"

namespace lares {
namespace {

Error corrupt(std::string message) {
    return {ErrorCode::Corrupt, std::move(message)};
}
Error unsupported(std::string message) {
    return {ErrorCode::Unsupported, std::move(message)};
}

/// A member, or null.
const JsonDocument& member(const JsonDocument& object, const char* name) {
    static const JsonDocument kNull;
    if (!object.is_object()) return kNull;
    const auto found = object.find(name);
    return found == object.end() ? kNull : *found;
}

bool is_text(const JsonDocument& value, std::string_view text) {
    return value.is_string() && value.get_ref<const std::string&>() == text;
}

class TokenizerJsonReader {
public:
    TokenizerJsonReader(const JsonDocument& json, int n_vocab)
        : m_json(json), m_model(member(json, "model")) {
        m_result.tokens.resize(static_cast<std::size_t>(n_vocab));
        m_result.types.assign(static_cast<std::size_t>(n_vocab),
                              static_cast<std::int64_t>(TokenType::Unused));
    }

    Result<TokenizerJson> read() && {
        RETURN_IF_ERROR(check_kind());
        RETURN_IF_ERROR(read_vocabulary());
        RETURN_IF_ERROR(read_added_tokens());
        RETURN_IF_ERROR(read_merges());
        RETURN_IF_ERROR(read_pre_tokenizer());
        read_unknown();
        for (std::size_t id = 0; id < m_result.tokens.size(); ++id)
            if (m_result.tokens[id].empty())
                m_result.tokens[id] = "[PAD" + std::to_string(id) + "]";
        return std::move(m_result);
    }

private:
    Result<void> check_kind() const {
        if (!is_text(member(m_model, "type"), "BPE"))
            return unsupported("the model is not of type BPE; this engine has only byte-level BPE");
        if (!member(m_json, "normalizer").is_null())
            return unsupported("it has a normalizer; no model of this family has one");
        const JsonDocument& fallback = member(m_model, "byte_fallback");
        if (fallback.is_boolean() && fallback.get<bool>())
            return unsupported("it falls back to bytes, which no model of this family does");
        return {};
    }

    /// Where the token with this id goes; nullptr for an id outside the vocabulary.
    std::string* slot_or_null(const JsonDocument& id) {
        const auto* value = id.get_ptr<const JsonDocument::number_unsigned_t*>();
        return value && *value < m_result.tokens.size() ? &m_result.tokens[*value] : nullptr;
    }
    Error bad_id(const std::string& token) const {
        return corrupt("the id of token '" + token.substr(0, 80) + "' is not one of 0 to " +
                       std::to_string(m_result.tokens.size() - 1));
    }

    Result<void> read_vocabulary() {
        const JsonDocument& vocabulary = member(m_model, "vocab");
        if (!vocabulary.is_object()) return corrupt("there is no model.vocab");
        for (const auto& [token, id] : vocabulary.items()) {
            std::string* slot = slot_or_null(id);
            if (!slot) return bad_id(token);
            if (!slot->empty() || token.empty())
                return corrupt("token '" + token.substr(0, 80) + "' is empty or has another's id");
            *slot = token;
            m_result.types[id.get<std::size_t>()] = static_cast<std::int64_t>(TokenType::Normal);
        }
        return {};
    }

    /// Special ones stand in model.vocab too or not, as the tool that wrote the file liked.
    Result<void> read_added_tokens() {
        const JsonDocument& added = member(m_json, "added_tokens");
        if (added.is_null()) return {};
        if (!added.is_array()) return corrupt("added_tokens is no list");
        for (const JsonDocument& entry : added) {
            const JsonDocument& content = member(entry, "content");
            if (!content.is_string()) return corrupt("an added token has no content");
            const auto& token = content.get_ref<const std::string&>();
            std::string* slot = slot_or_null(member(entry, "id"));
            if (!slot) return bad_id(token);
            if ((!slot->empty() && *slot != token) || token.empty())
                return corrupt("added token '" + token.substr(0, 80) +
                               "' is empty or has another's id");
            *slot = token;
            const JsonDocument& special = member(entry, "special");
            const bool is_control = special.is_boolean() && special.get<bool>();
            m_result.types[entry["id"].get<std::size_t>()] =
                static_cast<std::int64_t>(is_control ? TokenType::Control : TokenType::UserDefined);
        }
        return {};
    }

    Result<void> read_merges() {
        const JsonDocument& merges = member(m_model, "merges");
        if (!merges.is_array()) return corrupt("there is no model.merges");
        m_result.merges.reserve(merges.size());
        for (const JsonDocument& merge : merges) {
            if (merge.is_string()) {
                m_result.merges.push_back(merge.get<std::string>());
            } else if (merge.is_array() && merge.size() == 2 && merge[0].is_string() &&
                       merge[1].is_string()) {
                m_result.merges.push_back(merge[0].get<std::string>() + " " +
                                          merge[1].get<std::string>());
            } else {
                return corrupt("merge " + std::to_string(m_result.merges.size()) +
                               " is neither a text nor a pair of texts");
            }
        }
        return {};
    }

    /// The expression of a Split, alone or in a Sequence. Converters write the same pattern in
    /// several spellings, so a telling part decides (spec: tokenizer.md §2).
    Result<void> read_pre_tokenizer() {
        const JsonDocument& pre = member(m_json, "pre_tokenizer");
        const JsonDocument& list = member(pre, "pretokenizers");
        std::string pattern;
        const auto look_at = [&](const JsonDocument& step) {
            const JsonDocument& regex = member(member(step, "pattern"), "Regex");
            if (regex.is_string()) pattern = regex.get<std::string>();
        };
        look_at(pre);
        if (list.is_array())
            for (const JsonDocument& step : list) look_at(step);
        if (pattern.find(R"(\p{Lu})") != std::string::npos) {
            m_result.pre_tokenizer = PreTokenizer::Tekken;
        } else if (pattern.find(R"(\p{N}{1,3})") != std::string::npos) {
            m_result.pre_tokenizer = PreTokenizer::Llama3;
        } else {
            return unsupported(
                "pre_tokenizer has no Split with the pattern of Llama 3 or of tekken; this engine "
                "has no other");
        }
        return {};
    }

    void read_unknown() {
        const JsonDocument& unknown = member(m_model, "unk_token");
        if (!unknown.is_string()) return;
        const auto& token = unknown.get_ref<const std::string&>();
        for (std::size_t id = 0; id < m_result.tokens.size(); ++id)
            if (m_result.tokens[id] == token) m_result.unknown_id = static_cast<TokenId>(id);
    }

    const JsonDocument& m_json;
    const JsonDocument& m_model;
    TokenizerJson m_result;
};

}  // namespace

Result<TokenizerJson> read_tokenizer_json(const JsonDocument& json, int n_vocab) {
    return TokenizerJsonReader(json, n_vocab).read();
}

}  // namespace lares
