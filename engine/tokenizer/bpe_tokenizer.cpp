#include "engine/tokenizer/bpe_tokenizer.h"

#include "engine/formats/gguf_reader.h"
#include "engine/tokenizer/byte_pair_merge.h"
#include "engine/tokenizer/merge_table.h"
#include "engine/tokenizer/pre_tokenizer.h"
#include "engine/tokenizer/special_matcher.h"
#include "engine/tokenizer/tokenizer_json.h"
#include "engine/tokenizer/vocabulary.h"

#include <algorithm>
#include <utility>

namespace lares {
namespace {

// Longer pre-tokens are cut: positions in the merge queue have 32 bits, and a gigabyte without a
// word border is no text.
constexpr std::size_t kMaxPreToken = std::size_t{1} << 28;

Result<PreTokenizer> read_pre_tokenizer(const GgufFile& file) {
    ASSIGN_OR_RETURN(const std::string_view name, file.get_string("tokenizer.ggml.pre"));
    if (name == "pixtral" || name == "llama3" || name == "llama-v3" || name == "llama-bpe")
        return PreTokenizer::Llama3;
    if (name == "tekken") return PreTokenizer::Tekken;
    return Error{ErrorCode::Unsupported, "pre-tokenizer \"" + std::string(name) +
                                             "\"; this engine has pixtral, llama-bpe and tekken"};
}

/// Whether the file's chat template is of generation B (spec: chat-template.md): the one whose
/// turns end with `<SPECIAL_12>`.
bool is_generation_b_template(std::string_view text) {
    return text.find("<SPECIAL_10>") != std::string_view::npos &&
           text.find("<|im_start|>") == std::string_view::npos;
}
Result<bool> has_generation_b_template(const GgufFile& file) {
    if (file.find_or_null("tokenizer.chat_template") == nullptr) return false;
    ASSIGN_OR_RETURN(const std::string_view text, file.get_string("tokenizer.chat_template"));
    return is_generation_b_template(text);
}

/// GgufFile's own errors name the file already.
Error in_file(Error error, const GgufFile& file) {
    if (error.message.starts_with(file.name())) return error;
    return std::move(error).with_context(file.name());
}

}  // namespace

struct BpeTokenizer::Impl {
    Impl(Vocabulary v, MergeTable m, SpecialMatcher s, PreTokenizer p)
        : vocabulary(std::move(v))
        , merges(std::move(m))
        , specials(std::move(s))
        , pre_tokenizer(p) {}

    Vocabulary vocabulary;
    MergeTable merges;
    SpecialMatcher specials;
    PreTokenizer pre_tokenizer;
    std::optional<TokenId> bos_id;
    std::optional<TokenId> eos_id;
    bool add_bos = false;
    std::vector<TokenId> stop_ids;

    [[nodiscard]] Result<void> read_control_keys(const GgufFile& file);
    /// Ids that end an answer: the given ones and those known by name.
    void set_stop_ids(std::vector<TokenId> ids, bool generation_b);
    void append_plain(std::string_view text, std::vector<TokenId>& ids) const;

private:
    void append_pre_token(std::string_view bytes,
                          std::vector<TokenId>& symbols,
                          std::vector<TokenId>& ids) const;
};

Result<void> BpeTokenizer::Impl::read_control_keys(const GgufFile& file) {
    const int n_vocab = vocabulary.size();
    ASSIGN_OR_RETURN(bos_id, read_token_id(file, "tokenizer.ggml.bos_token_id", n_vocab));
    ASSIGN_OR_RETURN(eos_id, read_token_id(file, "tokenizer.ggml.eos_token_id", n_vocab));
    ASSIGN_OR_RETURN(const auto eot_id,
                     read_token_id(file, "tokenizer.ggml.eot_token_id", n_vocab));
    if (file.find_or_null("tokenizer.ggml.add_bos_token") != nullptr) {
        ASSIGN_OR_RETURN(add_bos, file.get_bool("tokenizer.ggml.add_bos_token"));
    }

    ASSIGN_OR_RETURN(const bool generation_b, has_generation_b_template(file));
    set_stop_ids(eot_id ? std::vector{*eot_id} : std::vector<TokenId>(), generation_b);
    return {};
}

void BpeTokenizer::Impl::set_stop_ids(std::vector<TokenId> ids, bool generation_b) {
    stop_ids = std::move(ids);
    const auto add = [this](std::optional<TokenId> id) {
        if (id) stop_ids.push_back(*id);
    };
    add(eos_id);
    add(specials.id_of("</s>"));
    add(specials.id_of("<|im_end|>"));
    // In generation A the name is only a filler's, if any token has it.
    if (generation_b || eos_id == 12) add(specials.id_of("<SPECIAL_12>"));
    std::sort(stop_ids.begin(), stop_ids.end());
    stop_ids.erase(std::unique(stop_ids.begin(), stop_ids.end()), stop_ids.end());
}

/// Pre-tokens and byte pairs of a text without special tokens.
void BpeTokenizer::Impl::append_plain(std::string_view text, std::vector<TokenId>& ids) const {
    std::vector<TokenId> symbols;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end =
            std::min(pre_token_end(pre_tokenizer, text, begin), begin + kMaxPreToken);
        append_pre_token(text.substr(begin, end - begin), symbols, ids);
        begin = end;
    }
}

void BpeTokenizer::Impl::append_pre_token(std::string_view bytes,
                                          std::vector<TokenId>& symbols,
                                          std::vector<TokenId>& ids) const {
    // ignore_merges: a pre-token that is an entry is that entry, whatever the merges would give.
    if (const TokenId whole = vocabulary.find_or_none(bytes); whole != kNoToken) {
        ids.push_back(whole);
        return;
    }
    symbols.resize(bytes.size());
    std::transform(bytes.begin(), bytes.end(), symbols.begin(),
                   [this](char c) { return vocabulary.byte_token(static_cast<std::uint8_t>(c)); });
    merge_byte_pairs(merges, symbols);
    ids.insert(ids.end(), symbols.begin(), symbols.end());
}

Result<BpeTokenizer> BpeTokenizer::from_gguf(const GgufFile& file,
                                             std::optional<PreTokenizer> pre_tokenizer) {
    ASSIGN_OR_RETURN(const std::string_view model, file.get_string("tokenizer.ggml.model"));
    if (model != "gpt2")
        return Error{ErrorCode::Unsupported, file.name() + ": tokenizer model \"" +
                                                 std::string(model) +
                                                 "\"; this engine has only gpt2 (byte-level BPE)"};

    const auto read = [&]() -> Result<std::unique_ptr<Impl>> {
        if (!pre_tokenizer) {
            ASSIGN_OR_RETURN(pre_tokenizer, read_pre_tokenizer(file));
        }
        ASSIGN_OR_RETURN(auto vocabulary, Vocabulary::read(file));
        ASSIGN_OR_RETURN(const auto stored_merges, file.get_strings("tokenizer.ggml.merges"));
        ASSIGN_OR_RETURN(auto merges, MergeTable::read(stored_merges, vocabulary));
        ASSIGN_OR_RETURN(auto specials, SpecialMatcher::create(vocabulary));
        auto impl = std::make_unique<Impl>(std::move(vocabulary), std::move(merges),
                                           std::move(specials), *pre_tokenizer);
        RETURN_IF_ERROR(impl->read_control_keys(file));
        return impl;
    };
    auto impl = read();
    if (!impl) return in_file(std::move(impl).error(), file);
    return BpeTokenizer(std::move(impl).value());
}

Result<BpeTokenizer> BpeTokenizer::from_json(const TokenizerJson& json, const ControlIds& control) {
    const std::vector<std::string_view> tokens(json.tokens.begin(), json.tokens.end());
    const std::vector<std::string_view> stored_merges(json.merges.begin(), json.merges.end());
    ASSIGN_OR_RETURN(auto vocabulary, Vocabulary::create(tokens, json.types, json.unknown_id));
    for (const TokenId id : control.eos_ids)
        if (id < 0 || id >= vocabulary.size())
            return Error{ErrorCode::Corrupt, "the end token " + std::to_string(id) +
                                                 " is outside the vocabulary of " +
                                                 std::to_string(vocabulary.size())};
    ASSIGN_OR_RETURN(auto merges, MergeTable::read(stored_merges, vocabulary));
    ASSIGN_OR_RETURN(auto specials, SpecialMatcher::create(vocabulary));
    auto impl = std::make_unique<Impl>(std::move(vocabulary), std::move(merges),
                                       std::move(specials), json.pre_tokenizer);
    impl->bos_id = impl->specials.id_of(control.bos);
    impl->eos_id = impl->specials.id_of(control.eos);
    if (!impl->eos_id && !control.eos_ids.empty()) impl->eos_id = control.eos_ids.front();
    impl->set_stop_ids(control.eos_ids, is_generation_b_template(control.chat_template));
    return BpeTokenizer(std::move(impl));
}

BpeTokenizer::BpeTokenizer(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
BpeTokenizer::BpeTokenizer(BpeTokenizer&&) noexcept = default;
BpeTokenizer& BpeTokenizer::operator=(BpeTokenizer&&) noexcept = default;
BpeTokenizer::~BpeTokenizer() = default;

std::vector<TokenId> BpeTokenizer::encode(std::string_view text) const {
    std::vector<TokenId> ids;
    ids.reserve(text.size() / 4);
    m_impl->append_plain(text, ids);
    return ids;
}

std::vector<TokenId> BpeTokenizer::encode_with_special(std::string_view text) const {
    std::vector<TokenId> ids;
    ids.reserve(text.size() / 4);
    std::size_t begin = 0;
    while (const auto match = m_impl->specials.find(text, begin)) {
        m_impl->append_plain(text.substr(begin, match->begin - begin), ids);
        ids.push_back(match->id);
        begin = match->begin + match->size;
    }
    m_impl->append_plain(text.substr(begin), ids);
    return ids;
}

std::vector<TokenId> BpeTokenizer::encode(std::span<const TextSegment> prompt) const {
    std::vector<TokenId> ids;
    std::string plain;  // everything since the last special token
    const auto flush_plain = [&] {
        m_impl->append_plain(plain, ids);
        plain.clear();
    };
    for (const TextSegment& segment : prompt) {
        const std::string_view text = segment.text;
        std::size_t begin = 0;
        if (segment.kind == TextSegment::Kind::Markup) {
            // Only this segment's own text is searched: a special token cannot span a border.
            while (const auto match = m_impl->specials.find(text, begin)) {
                plain.append(text, begin, match->begin - begin);
                flush_plain();
                ids.push_back(match->id);
                begin = match->begin + match->size;
            }
        }
        plain.append(text, begin);
    }
    flush_plain();
    return ids;
}

std::string_view BpeTokenizer::token_bytes(TokenId id) const {
    return m_impl->vocabulary.bytes(id);
}
TokenType BpeTokenizer::token_type(TokenId id) const {
    return m_impl->vocabulary.type(id);
}

Result<std::string> BpeTokenizer::decode(std::span<const TokenId> ids) const {
    std::string text;
    for (const TokenId id : ids) {
        if (id < 0 || id >= n_vocab())
            return Error{ErrorCode::InvalidArgument, "token id " + std::to_string(id) +
                                                         " is outside the vocabulary of " +
                                                         std::to_string(n_vocab())};
        text.append(token_bytes(id));
    }
    return text;
}

std::optional<TokenId> BpeTokenizer::special_id(std::string_view text) const {
    return m_impl->specials.id_of(text);
}

int BpeTokenizer::n_vocab() const {
    return m_impl->vocabulary.size();
}
int BpeTokenizer::n_merges() const {
    return m_impl->merges.size();
}
PreTokenizer BpeTokenizer::pre_tokenizer() const {
    return m_impl->pre_tokenizer;
}
std::optional<TokenId> BpeTokenizer::bos_id() const {
    return m_impl->bos_id;
}
std::optional<TokenId> BpeTokenizer::eos_id() const {
    return m_impl->eos_id;
}
bool BpeTokenizer::add_bos() const {
    return m_impl->add_bos;
}
std::span<const TokenId> BpeTokenizer::stop_ids() const {
    return m_impl->stop_ids;
}

}  // namespace lares
