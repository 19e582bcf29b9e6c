#pragma once

#include "engine/formats/gguf_reader.h"
#include "engine/model/gguf_weights.h"
#include "engine/model/model_file.h"

namespace lares {

/// A GGUF file, or all parts of a split one.
class GgufModelFile : public ModelFile {
public:
    /// `stem`: the title of a file that names none.
    GgufModelFile(GgufFile file, std::string stem)
        : m_file(std::move(file)), m_stem(std::move(stem)) {}

    [[nodiscard]] const std::string& name() const override { return m_file.name(); }
    [[nodiscard]] std::string title() const override;
    [[nodiscard]] std::string format() const override;
    [[nodiscard]] std::string architecture() const override;
    [[nodiscard]] std::span<const FilePart> parts() const override { return m_file.parts(); }
    [[nodiscard]] std::span<const FileTensor> tensors() const override { return m_file.tensors(); }
    [[nodiscard]] std::string chat_template() const override;
    [[nodiscard]] Result<HParams> hparams() const override { return read_hparams(m_file); }
    [[nodiscard]] Result<Weights> weights(const HParams& hparams) const override {
        return bind_weights(GgufWeights(m_file), hparams);
    }
    [[nodiscard]] Result<BpeTokenizer> tokenizer() const override {
        return BpeTokenizer::from_gguf(m_file);
    }

private:
    GgufFile m_file;
    std::string m_stem;
};

}  // namespace lares
