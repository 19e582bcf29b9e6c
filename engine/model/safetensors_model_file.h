#pragma once

#include "engine/model/model_file.h"
#include "engine/model/safetensors_weights.h"

namespace lares {

/// A safetensors folder: config.json says what the model is, tokenizer.json how it reads.
class SafetensorsModelFile : public ModelFile {
public:
    /// Reads the small files beside the tensors, but for the tokenizer's. Errors: NotFound when
    /// config.json is missing; those of parse_json_document.
    [[nodiscard]] static Result<std::shared_ptr<const ModelFile>> create(SafetensorsFolder folder);

    [[nodiscard]] const std::string& name() const override { return m_folder.name(); }
    [[nodiscard]] std::string title() const override { return m_folder.name(); }
    [[nodiscard]] std::string format() const override { return "safetensors"; }
    [[nodiscard]] std::string architecture() const override;
    [[nodiscard]] std::span<const FilePart> parts() const override { return m_folder.parts(); }
    [[nodiscard]] std::span<const FileTensor> tensors() const override {
        return m_folder.tensors();
    }
    [[nodiscard]] std::string chat_template() const override { return m_control.chat_template; }
    [[nodiscard]] Result<HParams> hparams() const override;
    [[nodiscard]] Result<Weights> weights(const HParams& hparams) const override {
        return bind_weights(m_weights, hparams);
    }
    [[nodiscard]] Result<BpeTokenizer> tokenizer() const override;

private:
    explicit SafetensorsModelFile(SafetensorsFolder folder) : m_folder(std::move(folder)) {}
    [[nodiscard]] Result<void> read_control();
    void add_end_ids(const JsonDocument& json);

    SafetensorsFolder m_folder;
    SafetensorsWeights m_weights{m_folder};
    JsonDocument m_config;
    BpeTokenizer::ControlIds m_control;
};

}  // namespace lares
