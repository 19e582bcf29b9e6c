#pragma once

#include "engine/base/result.h"
#include "engine/formats/file_tensor.h"
#include "engine/model/hparams.h"
#include "engine/model/weights.h"
#include "engine/tokenizer/bpe_tokenizer.h"

#include <filesystem>
#include <memory>
#include <span>
#include <string>

namespace lares {

/// A model as it lies on the disk, whatever its format: what is in it, and how to get at it. The
/// header has been checked; weights stay where they are, mapped. Immutable and thread safe, but for
/// `weights`. What it hands out borrows from it.
class ModelFile {
public:
    /// A GGUF file, any part of a split one, or a safetensors folder (or one of its files).
    /// Errors: those of GgufFile and SafetensorsFolder.
    [[nodiscard]] static Result<std::shared_ptr<const ModelFile>> open(
        const std::filesystem::path& path);

    virtual ~ModelFile() = default;
    ModelFile(const ModelFile&) = delete;
    ModelFile& operator=(const ModelFile&) = delete;

    /// For messages: the file's or folder's name.
    [[nodiscard]] virtual const std::string& name() const = 0;
    /// For people: what the file calls the model.
    [[nodiscard]] virtual std::string title() const = 0;
    /// "gguf-v3", "safetensors"
    [[nodiscard]] virtual std::string format() const = 0;
    /// "nemotron_h", or what it is instead.
    [[nodiscard]] virtual std::string architecture() const = 0;
    /// The files that hold tensors, in their order; one for most models.
    [[nodiscard]] virtual std::span<const FilePart> parts() const = 0;
    /// All tensors as they are stored (F8_E4M3 without its scale).
    [[nodiscard]] virtual std::span<const FileTensor> tensors() const = 0;
    /// The Jinja text; empty where there is none.
    [[nodiscard]] virtual std::string chat_template() const = 0;

    /// Errors: Unsupported for another architecture, Corrupt or NotFound naming key or field.
    [[nodiscard]] virtual Result<HParams> hparams() const = 0;
    /// Every tensor by its role. Errors: Corrupt or NotFound naming the tensor. Views live as long
    /// as this object. One thread at a time.
    [[nodiscard]] virtual Result<Weights> weights(const HParams& hparams) const = 0;
    /// Errors: those of BpeTokenizer.
    [[nodiscard]] virtual Result<BpeTokenizer> tokenizer() const = 0;

    [[nodiscard]] std::uint64_t file_size_bytes() const;

protected:
    ModelFile() = default;
};

}  // namespace lares
