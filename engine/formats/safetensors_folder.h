#pragma once

#include "engine/formats/json_document.h"
#include "engine/formats/safetensors_reader.h"

#include <optional>

namespace lares {

/// The tensors of a model folder as Hugging Face publishes it: one model.safetensors, or several
/// files and model.safetensors.index.json, which says what is where. Nothing outside the folder is
/// opened. Immutable and thread safe after `open`; owns the mappings.
class SafetensorsFolder {
public:
    /// `path`: the folder, or one of its .safetensors or .json files. Errors: NotFound, Corrupt or
    /// Unsupported with the file, and the tensor where it applies.
    [[nodiscard]] static Result<SafetensorsFolder> open(const std::filesystem::path& path);

    [[nodiscard]] const std::string& name() const noexcept { return m_name; }  ///< the folder's
    [[nodiscard]] const std::filesystem::path& path() const noexcept { return m_path; }
    [[nodiscard]] std::span<const FilePart> parts() const noexcept { return m_parts; }
    [[nodiscard]] std::span<const FileTensor> tensors() const noexcept { return m_tensors; }
    [[nodiscard]] const FileTensor* find_tensor_or_null(std::string_view name) const;

    /// One of the folder's JSON files; nothing where it is not there.
    [[nodiscard]] Result<std::optional<JsonDocument>> read_json(std::string_view file,
                                                                const JsonLimits& limits) const;
    /// A file of text, at most 1 MiB; nothing where it is not there.
    [[nodiscard]] Result<std::optional<std::string>> read_text(std::string_view file) const;

private:
    SafetensorsFolder() = default;
    [[nodiscard]] Result<std::vector<std::string>> files_of_index(const JsonDocument& index) const;
    [[nodiscard]] Result<void> add_file(const std::string& file);
    [[nodiscard]] Result<void> check_index(const JsonDocument& index) const;

    std::string m_name;
    std::filesystem::path m_path;
    std::vector<SafetensorsFile> m_files;
    std::vector<FilePart> m_parts;
    std::vector<FileTensor> m_tensors;
    struct Place {
        std::size_t tensor;
        std::size_t file;
    };
    std::unordered_map<std::string_view, Place> m_index;
};

/// Whether a folder, or a file of one, is what SafetensorsFolder opens: by its kind and name.
[[nodiscard]] bool looks_like_safetensors(const std::filesystem::path& path);

}  // namespace lares
