#include "engine/model/model.h"

#include "engine/base/path_text.h"

#include <algorithm>
#include <new>
#include <utility>

namespace lares {
namespace {

struct FormatChoice {
    PromptFormat format = PromptFormat::Nemotron3;
    std::string notice;
};

FormatChoice choose_prompt_format(const std::string& jinja) {
    if (jinja.empty())
        return {PromptFormat::Nemotron3,
                "the file has no chat template; the format of Nemotron 3 Nano is used"};
    const auto recognised = recognise_template(jinja);
    if (!recognised)
        return {PromptFormat::Nemotron3,
                "the file's chat template is of no known format; that of Nemotron 3 Nano is used, "
                "answers may be worse"};
    if (recognised->is_exact) return {recognised->format, {}};
    return {recognised->format, "the file's chat template is a variant of the format \"" +
                                    std::string(to_string(recognised->format)) +
                                    "\", which is used"};
}

}  // namespace

Model::Model(std::shared_ptr<const ModelFile> file,
             HParams hparams,
             Weights weights,
             BpeTokenizer tokenizer)
    : m_file(std::move(file))
    , m_hparams(std::move(hparams))
    , m_weights(std::move(weights))
    , m_tokenizer(std::move(tokenizer)) {}

Result<std::shared_ptr<const Model>> Model::open(const std::filesystem::path& path) {
    ASSIGN_OR_RETURN(auto file, ModelFile::open(path));
    ASSIGN_OR_RETURN(auto hparams, file->hparams());
    ASSIGN_OR_RETURN(auto weights, file->weights(hparams));
    ASSIGN_OR_RETURN(auto tokenizer, file->tokenizer());
    if (tokenizer.n_vocab() != hparams.n_vocab)
        return Error{ErrorCode::Corrupt,
                     file->name() + ": the vocabulary has " + std::to_string(tokenizer.n_vocab()) +
                         " tokens, the embedding " + std::to_string(hparams.n_vocab) + " rows"};

    std::shared_ptr<Model> model(
        new Model(std::move(file), std::move(hparams), std::move(weights), std::move(tokenizer)));
    model->m_name = model->m_file->title();
    FormatChoice choice = choose_prompt_format(model->m_file->chat_template());
    model->m_prompt_format = choice.format;
    model->m_template_notice = std::move(choice.notice);
    return std::shared_ptr<const Model>(std::move(model));
}

Result<std::shared_ptr<const Model>> Model::load(const std::filesystem::path& path) {
    try {
        return open(path);
    } catch (const std::bad_alloc&) {
        return Error{ErrorCode::OutOfMemory, utf8_from_path(path.filename()) +
                                                 ": not enough memory to load the model; close "
                                                 "other programs or choose a smaller one"};
    }
}

}  // namespace lares
