#pragma once

#include "engine/base/result.h"
#include "engine/chat/prompt_format.h"
#include "engine/formats/gguf_reader.h"
#include "engine/model/hparams.h"
#include "engine/model/weights.h"
#include "engine/tokenizer/bpe_tokenizer.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>

namespace lares {

/// A loaded model: immutable, thread safe, shared by any number of sessions. Owns the mapping that
/// its weights point into.
class Model {
public:
    /// Called with a share from 0 to 1 while the file is read in; may be empty.
    using Progress = std::function<void(float)>;

    /// Reads and checks everything, binds each tensor by name and shape, then reads the file into
    /// memory once so that the first answer does not wait for the disk.
    /// Errors: those of GgufFile, read_hparams and BpeTokenizer; Corrupt or NotFound naming file
    /// and tensor; Cancelled.
    [[nodiscard]] static Result<std::shared_ptr<const Model>> load(
        const std::filesystem::path& path,
        std::stop_token stop = {},
        const Progress& progress = {});

    [[nodiscard]] const std::string& name() const { return m_name; }
    [[nodiscard]] const GgufFile& file() const { return m_file; }
    [[nodiscard]] const HParams& hparams() const { return m_hparams; }
    [[nodiscard]] const Weights& weights() const { return m_weights; }
    [[nodiscard]] const BpeTokenizer& tokenizer() const { return m_tokenizer; }
    /// From the embedded template; Nemotron3 where the file has none. `template_notice` says in one
    /// sentence when that was a guess, and is empty otherwise.
    [[nodiscard]] PromptFormat prompt_format() const { return m_prompt_format; }
    [[nodiscard]] const std::string& template_notice() const { return m_template_notice; }

private:
    Model(GgufFile file, HParams hparams, Weights weights, BpeTokenizer tokenizer);

    GgufFile m_file;
    HParams m_hparams;
    Weights m_weights;
    BpeTokenizer m_tokenizer;
    std::string m_name;
    PromptFormat m_prompt_format = PromptFormat::Nemotron3;
    std::string m_template_notice;
};

/// Binds every tensor that `hparams` calls for; checks name, shape and type of each.
[[nodiscard]] Result<Weights> bind_weights(const GgufFile& file, const HParams& hparams);

}  // namespace lares
