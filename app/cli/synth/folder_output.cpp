#include "app/cli/synth/folder_json.h"
#include "app/cli/synth/model_writer.h"
#include "app/cli/synth/random_weights.h"
#include "app/cli/synth/tensor_stream.h"
#include "engine/base/path_text.h"
#include "engine/formats/safetensors_writer.h"

#include <algorithm>
#include <optional>

namespace lares::cli {
namespace {

namespace fs = std::filesystem;

/// A folder that gets its name when everything is in it, and is removed otherwise.
class NewFolder {
public:
    static Result<NewFolder> create(const fs::path& path) {
        NewFolder folder;
        folder.m_path = path;
        folder.m_partial = path;
        folder.m_partial += ".partial";
        std::error_code error;
        fs::remove_all(folder.m_partial, error);  // of a run that was killed
        fs::create_directory(folder.m_partial, error);
        if (!error) return folder;
        Error failed{ErrorCode::Io,
                     utf8_from_path(path) + ": cannot create the folder: " + error.message()};
        folder.m_partial.clear();
        return failed;
    }
    NewFolder(NewFolder&& other) noexcept
        : m_path(std::move(other.m_path)), m_partial(std::exchange(other.m_partial, {})) {}
    NewFolder& operator=(NewFolder&&) = delete;
    ~NewFolder() {
        std::error_code ignored;  // nobody is left to tell
        if (!m_partial.empty()) fs::remove_all(m_partial, ignored);
    }

    [[nodiscard]] fs::path file(const std::string& name) const { return m_partial / name; }

    Result<void> commit() {
        std::error_code error;
        fs::rename(m_partial, m_path, error);
        if (error)
            return Error{
                ErrorCode::Io,
                utf8_from_path(m_path) + ": cannot give the folder its name: " + error.message()};
        m_partial.clear();
        return {};
    }

private:
    NewFolder() = default;
    fs::path m_path;
    fs::path m_partial;  // empty: nothing to remove
};

/// One tensor of the files: weights of the model, or a scalar of an FP8 matrix or a KV cache.
struct FolderTensor {
    std::string name;
    DType dtype = DType::F32;
    Shape shape;
    std::optional<std::size_t> source;  ///< of the model's tensors
    float scalar = 0.0F;

    [[nodiscard]] std::uint64_t sizeBytes() const {
        return static_cast<std::uint64_t>(shape.rows()) * row_bytes(dtype, shape.cols());
    }
};

/// The name before ".weight".
std::string moduleOf(const std::string& name) {
    return name.substr(0, name.size() - std::string_view("weight").size());
}

/// Activations after a norm stay below this; ModelOpt measures it for each matrix.
constexpr float kLargestActivation = 6.0F;

std::vector<FolderTensor> tensorsOf(const SynthRequest& request) {
    const std::vector<DType> types = safetensorsTypes(request.model, request.mix);
    std::vector<FolderTensor> tensors;
    const auto addScalar = [&](std::string name, float value) {
        tensors.push_back({std::move(name), DType::F32, {}, std::nullopt, value});
    };
    for (std::size_t i = 0; i < types.size(); ++i) {
        const SyntheticTensor& tensor = request.model.tensors[i];
        tensors.push_back({tensor.hfName, types[i], tensor.hfShape, i});
        const std::string module = moduleOf(tensor.hfName);
        if (types[i] == DType::F8_E4M3) {
            addScalar(module + "weight_scale", fp8Scale(tensor.deviation));
            addScalar(module + "input_scale", kLargestActivation / 448.0F);
        } else if (request.mix.base == DType::F8_E4M3) {
            if (tensor.hfName.ends_with("k_proj.weight")) addScalar(module + "k_scale", 1.0F);
            if (tensor.hfName.ends_with("v_proj.weight")) addScalar(module + "v_scale", 1.0F);
        }
    }
    return tensors;
}

/// Files of at most `limit` bytes of tensors, in the order of the layers.
std::vector<std::vector<FolderTensor>> inShards(std::vector<FolderTensor> tensors,
                                                std::uint64_t limit) {
    std::vector<std::vector<FolderTensor>> shards(1);
    std::uint64_t size = 0;
    for (FolderTensor& tensor : tensors) {
        const std::uint64_t bytes = tensor.sizeBytes();
        if (size > 0 && size + bytes > limit) {
            shards.emplace_back();
            size = 0;
        }
        size += bytes;
        shards.back().push_back(std::move(tensor));
    }
    for (auto& shard : shards) {
        std::stable_sort(shard.begin(), shard.end(), [](const auto& a, const auto& b) {
            return traits(a.dtype).block_bytes > traits(b.dtype).block_bytes;
        });
    }
    return shards;
}

std::string shardName(std::size_t i, std::size_t n) {
    if (n == 1) return "model.safetensors";
    const auto number = [](std::size_t value) {
        const std::string digits = std::to_string(value);
        return std::string(5 - std::min<std::size_t>(5, digits.size()), '0') + digits;
    };
    return "model-" + number(i + 1) + "-of-" + number(n) + ".safetensors";
}

Result<void> writeText(const fs::path& path, const std::string& text) {
    ASSIGN_OR_RETURN(NewFile file, NewFile::create(path));
    RETURN_IF_ERROR(file.write(std::as_bytes(std::span(text))));
    return file.commit();
}

Result<void> writeShard(const std::vector<FolderTensor>& shard,
                        const fs::path& path,
                        TensorStream& stream) {
    SafetensorsWriter writer;
    for (const FolderTensor& tensor : shard)
        writer.add_tensor(tensor.name, tensor.dtype, tensor.shape);
    ASSIGN_OR_RETURN(NewFile file, NewFile::create(path));
    RETURN_IF_ERROR(writer.write(file, [&](std::size_t i, NewFile& to) {
        const FolderTensor& tensor = shard[i];
        if (tensor.source) return stream.write(*tensor.source, tensor.dtype, /*isGguf=*/false, to);
        return stream.writeBytes(encoded(std::span(&tensor.scalar, 1), DType::F32), to);
    }));
    return file.commit();
}

}  // namespace

Result<SynthReport> writeFolder(const SynthRequest& request) {
    const auto shards = inShards(tensorsOf(request), request.shardBytes);
    SynthReport report;
    FolderIndex index;
    for (std::size_t i = 0; i < shards.size(); ++i) {
        for (const FolderTensor& tensor : shards[i]) {
            report.bytes += tensor.sizeBytes();
            if (tensor.source)
                report.n_parameter += static_cast<std::uint64_t>(tensor.shape.n_elements());
            index.files[tensor.name] = shardName(i, shards.size());
        }
    }
    index.totalBytes = report.bytes;
    RETURN_IF_ERROR(checkRoom(request.out, report.bytes));

    ASSIGN_OR_RETURN(NewFolder folder, NewFolder::create(request.out));
    TensorStream stream(request, report.bytes);
    for (std::size_t i = 0; i < shards.size(); ++i)
        RETURN_IF_ERROR(writeShard(shards[i], folder.file(shardName(i, shards.size())), stream));
    auto texts = folderTexts(request);
    if (shards.size() > 1) texts["model.safetensors.index.json"] = indexText(index);
    for (const auto& [name, text] : texts) RETURN_IF_ERROR(writeText(folder.file(name), text));
    report.n_file = static_cast<int>(shards.size() + texts.size());
    RETURN_IF_ERROR(folder.commit());
    return report;
}

}  // namespace lares::cli
