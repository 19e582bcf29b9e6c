#include "engine/model/model.h"

#include <algorithm>
#include <utility>

namespace lares {
namespace {

constexpr std::size_t kPageBytes = 4096;
constexpr std::size_t kStepBytes = std::size_t{64} << 20;

/// Touches every page of the weights once, so that reading from the disk happens here, with
/// progress and a way to stop, and not in the middle of the first answer.
Result<void> fault_in(const GgufFile& file, std::stop_token stop, const Model::Progress& progress) {
    std::size_t total = 0;
    for (const GgufFile::Tensor& tensor : file.tensors()) total += tensor.view.size_bytes();
    std::size_t done = 0;
    std::size_t next_report = 0;
    for (const GgufFile::Tensor& tensor : file.tensors()) {
        const std::size_t size = tensor.view.size_bytes();
        for (std::size_t offset = 0; offset < size; offset += kPageBytes) {
            static_cast<void>(*static_cast<const volatile std::byte*>(tensor.view.data + offset));
            if (done + offset < next_report) continue;
            if (stop.stop_requested())
                return Error{ErrorCode::Cancelled, file.name() + ": loading was stopped"};
            if (progress) progress(static_cast<float>(done + offset) / static_cast<float>(total));
            next_report = done + offset + kStepBytes;
        }
        done += size;
    }
    if (progress) progress(1.0F);
    return {};
}

struct FormatChoice {
    PromptFormat format = PromptFormat::Nemotron3;
    std::string notice;
};

FormatChoice choose_prompt_format(const GgufFile& file) {
    const auto jinja = file.get_string("tokenizer.chat_template");
    if (!jinja)
        return {PromptFormat::Nemotron3,
                "the file has no chat template; the format of Nemotron 3 Nano is used"};
    const auto recognised = recognise_template(*jinja);
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

Model::Model(GgufFile file, HParams hparams, Weights weights, BpeTokenizer tokenizer)
    : m_file(std::move(file))
    , m_hparams(std::move(hparams))
    , m_weights(std::move(weights))
    , m_tokenizer(std::move(tokenizer)) {}

Result<std::shared_ptr<const Model>> Model::load(const std::filesystem::path& path,
                                                 std::stop_token stop,
                                                 const Progress& progress) {
    ASSIGN_OR_RETURN(auto file, GgufFile::open(path));
    ASSIGN_OR_RETURN(auto hparams, read_hparams(file));
    ASSIGN_OR_RETURN(auto weights, bind_weights(file, hparams));
    ASSIGN_OR_RETURN(auto tokenizer, BpeTokenizer::from_gguf(file));
    if (tokenizer.n_vocab() != hparams.n_vocab)
        return Error{ErrorCode::Corrupt,
                     file.name() + ": the vocabulary has " + std::to_string(tokenizer.n_vocab()) +
                         " tokens, the embedding " + std::to_string(hparams.n_vocab) + " rows"};
    RETURN_IF_ERROR(fault_in(file, stop, progress));

    std::shared_ptr<Model> model(
        new Model(std::move(file), std::move(hparams), std::move(weights), std::move(tokenizer)));
    const auto name = model->m_file.get_string("general.name");
    model->m_name = name ? std::string(*name) : path.stem().string();
    FormatChoice choice = choose_prompt_format(model->m_file);
    model->m_prompt_format = choice.format;
    model->m_template_notice = std::move(choice.notice);
    return std::shared_ptr<const Model>(std::move(model));
}

}  // namespace lares
