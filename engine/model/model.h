#pragma once

#include "engine/base/result.h"
#include "engine/chat/prompt_format.h"
#include "engine/model/backend_weights.h"
#include "engine/model/hparams.h"
#include "engine/model/model_file.h"
#include "engine/model/weights.h"
#include "engine/tokenizer/bpe_tokenizer.h"

#include <filesystem>
#include <memory>
#include <string>

namespace lares {

/// An open model: immutable, thread safe, shared by any number of sessions. Owns the mapping that
/// its weights point into.
class Model {
public:
    /// Checks everything and binds each tensor by name and shape; the weights' bytes are not read
    /// yet (Session::prepare reads them).
    /// `path`: what ModelFile::open takes. Errors: those of ModelFile.
    [[nodiscard]] static Result<std::shared_ptr<const Model>> load(
        const std::filesystem::path& path);

    [[nodiscard]] const std::string& name() const { return m_name; }
    [[nodiscard]] const ModelFile& file() const { return *m_file; }
    [[nodiscard]] const HParams& hparams() const { return m_hparams; }
    [[nodiscard]] const Weights& weights() const { return m_weights; }
    [[nodiscard]] const BpeTokenizer& tokenizer() const { return m_tokenizer; }
    /// From the embedded template; Nemotron3 where the file has none. `template_notice` says in one
    /// sentence when that was a guess, and is empty otherwise.
    [[nodiscard]] PromptFormat prompt_format() const { return m_prompt_format; }
    [[nodiscard]] const std::string& template_notice() const { return m_template_notice; }

    /// Where backends keep their form of the weights for all sessions.
    [[nodiscard]] BackendWeightsSlot& backend_weights() const { return m_backend_weights; }

private:
    static Result<std::shared_ptr<const Model>> open(const std::filesystem::path& path);
    Model(std::shared_ptr<const ModelFile> file,
          HParams hparams,
          Weights weights,
          BpeTokenizer tokenizer);

    std::shared_ptr<const ModelFile> m_file;
    HParams m_hparams;
    Weights m_weights;
    BpeTokenizer m_tokenizer;
    std::string m_name;
    PromptFormat m_prompt_format = PromptFormat::Nemotron3;
    std::string m_template_notice;
    mutable BackendWeightsSlot m_backend_weights;  // locks itself
};

}  // namespace lares
