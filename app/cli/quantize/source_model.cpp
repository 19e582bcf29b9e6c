#include "app/cli/quantize/source_model.h"

#include "app/cli/quantize/named_weights.h"
#include "engine/formats/safetensors_folder.h"
#include "engine/tokenizer/tokenizer_json.h"

#include <cassert>
#include <utility>

namespace lares::cli {
namespace {

/// The vocabulary in GGUF's terms, of a folder as of a file.
Result<SyntheticVocabulary> vocabularyOf(const ModelFile& file,
                                         const std::filesystem::path& path,
                                         int n_vocab) {
    if (!looks_like_safetensors(path)) return readVocabulary(path);
    // Checks all of it, and knows which tokens begin and end.
    ASSIGN_OR_RETURN(const BpeTokenizer tokenizer, file.tokenizer());
    ASSIGN_OR_RETURN(const SafetensorsFolder folder, SafetensorsFolder::open(path));
    ASSIGN_OR_RETURN(const auto json, folder.read_json("tokenizer.json", kTokenizerJsonLimits));
    assert(json);
    ASSIGN_OR_RETURN(TokenizerJson parts, read_tokenizer_json(*json, n_vocab));
    SyntheticVocabulary vocabulary;
    vocabulary.tokens = std::move(parts.tokens);
    vocabulary.types.assign(parts.types.begin(), parts.types.end());
    vocabulary.merges = std::move(parts.merges);
    vocabulary.preTokenizer = parts.pre_tokenizer == PreTokenizer::Tekken ? "tekken" : "pixtral";
    vocabulary.chatTemplate = file.chat_template();
    vocabulary.bosId = static_cast<std::uint32_t>(tokenizer.bos_id().value_or(0));
    vocabulary.eosId = static_cast<std::uint32_t>(tokenizer.eos_id().value_or(0));
    vocabulary.addsBos = tokenizer.add_bos();
    return vocabulary;
}

/// What was rounded to less than that has lost what another type would need.
constexpr int kLeastBits = 8;

int bitsOf(DType dtype) {
    return traits(dtype).block_bytes * 8 / traits(dtype).block_elements;
}

}  // namespace

Result<SourceModel> openSource(const std::filesystem::path& path) {
    SourceModel source;
    ASSIGN_OR_RETURN(source.file, ModelFile::open(path));
    SyntheticModel& shape = source.shape;
    shape.title = source.file->title();
    ASSIGN_OR_RETURN(shape.hparams, source.file->hparams());
    ASSIGN_OR_RETURN(const Weights weights, source.file->weights(shape.hparams));
    ASSIGN_OR_RETURN(source.vocabulary, vocabularyOf(*source.file, path, shape.hparams.n_vocab));
    NamedWeights named = namedWeights(shape.hparams, weights);
    shape.tensors = std::move(named.tensors);
    source.views = std::move(named.views);
    for (std::size_t i = 0; i < source.views.size(); ++i) {
        assert(source.views[i].shape.n_elements() == shape.tensors[i].ggufShape.n_elements());
        if (bitsOf(source.views[i].dtype) >= kLeastBits) continue;
        return Error{ErrorCode::Unsupported,
                     source.file->name() + ": tensor " + shape.tensors[i].ggufName +
                         " is quantised already (" + std::string(to_string(source.views[i].dtype)) +
                         "), and from that no good file can be made; take the BF16 files"};
    }
    return source;
}

}  // namespace lares::cli
