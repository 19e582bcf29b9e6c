#include "app/cli/synth/synthetic_vocabulary.h"

#include "engine/formats/gguf_reader.h"

#include <algorithm>
#include <array>

namespace lares::cli {
namespace {

constexpr std::int32_t kNormal = 1;
constexpr std::int32_t kControl = 3;
constexpr std::int32_t kUserDefined = 4;
constexpr int kSpecials = 1000;      // of a vocabulary of the real size
constexpr int kSpecialsOfTiny = 32;  // of one that has no room for them

constexpr std::array kNamedSpecials = {"<unk>",
                                       "<s>",
                                       "</s>",
                                       "[INST]",
                                       "[/INST]",
                                       "[AVAILABLE_TOOLS]",
                                       "[/AVAILABLE_TOOLS]",
                                       "[TOOL_RESULTS]",
                                       "[/TOOL_RESULTS]",
                                       "[TOOL_CALLS]",
                                       "<|im_start|>",
                                       "<|im_end|>",
                                       "<think>",
                                       "</think>",
                                       "<tool_call>",
                                       "</tool_call>",
                                       "<tool_response>",
                                       "</tool_response>"};
constexpr std::size_t kFirstUserDefined = 12;  // <think>: shown in answers

// Bears the markers of the 4B's format, <|im_start|> and <function=, and renders plain messages.
constexpr std::string_view kChatTemplate =
    "{#- Tool calls are written as <tool_call>\\n<function=NAME> … -#}\n"
    "{%- for message in messages %}\n"
    "{{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>\\n' }}\n"
    "{%- endfor %}\n"
    "{%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n' }}{%- endif %}\n";

/// The character that stands for a byte in stored tokens, as UTF-8 (byte_alphabet.h).
std::string storedByte(int byte) {
    const auto isPlain = [](int b) {
        return (b >= 33 && b <= 126) || (b >= 161 && b <= 172) || b >= 174;
    };
    int code = byte;
    if (!isPlain(byte)) {
        code = 256;
        for (int b = 0; b < byte; ++b) code += isPlain(b) ? 0 : 1;
    }
    if (code < 0x80) return {static_cast<char>(code)};
    return {static_cast<char>(0xC0 | (code >> 6)), static_cast<char>(0x80 | (code & 0x3F))};
}

/// Adds tokens until the vocabulary is full.
class VocabularyMaker {
public:
    explicit VocabularyMaker(int size) : m_size(static_cast<std::size_t>(size)) {}

    SyntheticVocabulary make() {
        addSpecials(m_size > 2 * kSpecials ? kSpecials : kSpecialsOfTiny);
        for (int byte = 0; byte < 256; ++byte) add(storedByte(byte), kNormal);
        std::vector<std::string> letters;
        for (char c = 'a'; c <= 'z'; ++c) letters.emplace_back(1, c);

        const std::vector<std::string> spaced = addPairs({storedByte(' ')}, letters);
        const std::vector<std::string> two = addPairs(letters, letters);
        const std::vector<std::string> spacedTwo = addPairs(spaced, letters);
        const std::vector<std::string> three = addPairs(two, letters);
        addPairs(spacedTwo, letters);
        addPairs(three, letters);
        while (m_result.tokens.size() < m_size)
            add("<SPECIAL_" + std::to_string(m_result.tokens.size()) + ">", kControl);
        m_result.chatTemplate = kChatTemplate;
        return std::move(m_result);
    }

private:
    void add(std::string token, std::int32_t type) {
        m_result.tokens.push_back(std::move(token));
        m_result.types.push_back(type);
    }
    void addSpecials(int n) {
        for (std::size_t id = 0; id < static_cast<std::size_t>(n); ++id) {
            const bool isNamed = id < kNamedSpecials.size();
            add(isNamed ? kNamedSpecials[id] : "<SPECIAL_" + std::to_string(id) + ">",
                isNamed && id >= kFirstUserDefined ? kUserDefined : kControl);
        }
    }
    /// A token and its merge for pairs of the two lists: all, or as many as there is room for,
    /// spread over all.
    std::vector<std::string> addPairs(const std::vector<std::string>& left,
                                      const std::vector<std::string>& right) {
        const std::size_t n_pair = left.size() * right.size();
        const std::size_t n = std::min(n_pair, m_size - m_result.tokens.size());
        std::vector<std::string> added;
        for (std::size_t i = 0; i < n; ++i) {
            const std::size_t pair = i * n_pair / n;
            const std::string& a = left[pair / right.size()];
            const std::string& b = right[pair % right.size()];
            m_result.merges.push_back(a + " " + b);
            add(a + b, kNormal);
            added.push_back(a + b);
        }
        return added;
    }

    std::size_t m_size;
    SyntheticVocabulary m_result;
};

std::vector<std::string> copied(std::span<const std::string_view> texts) {
    return {texts.begin(), texts.end()};
}

}  // namespace

SyntheticVocabulary makeVocabulary(int size) {
    return VocabularyMaker(size).make();
}

Result<SyntheticVocabulary> readVocabulary(const std::filesystem::path& path) {
    ASSIGN_OR_RETURN(const GgufFile file, GgufFile::open(path));
    SyntheticVocabulary vocabulary;
    ASSIGN_OR_RETURN(const auto tokens, file.get_strings("tokenizer.ggml.tokens"));
    ASSIGN_OR_RETURN(const auto types, file.get_integers("tokenizer.ggml.token_type"));
    ASSIGN_OR_RETURN(const auto merges, file.get_strings("tokenizer.ggml.merges"));
    ASSIGN_OR_RETURN(const auto pre, file.get_string("tokenizer.ggml.pre"));
    ASSIGN_OR_RETURN(vocabulary.bosId, file.get_u32("tokenizer.ggml.bos_token_id"));
    ASSIGN_OR_RETURN(vocabulary.eosId, file.get_u32("tokenizer.ggml.eos_token_id"));
    vocabulary.addsBos = file.get_bool("tokenizer.ggml.add_bos_token").value_or(false);
    vocabulary.chatTemplate = file.get_string("tokenizer.chat_template").value_or("");
    vocabulary.tokens = copied(tokens);
    vocabulary.types.assign(types.begin(), types.end());
    vocabulary.merges = copied(merges);
    vocabulary.preTokenizer = pre;
    return vocabulary;
}

}  // namespace lares::cli
