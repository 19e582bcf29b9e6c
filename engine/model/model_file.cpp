#include "engine/model/model_file.h"

#include "engine/base/path_text.h"
#include "engine/formats/safetensors_folder.h"
#include "engine/model/gguf_model_file.h"
#include "engine/model/safetensors_model_file.h"

namespace lares {

Result<std::shared_ptr<const ModelFile>> ModelFile::open(const std::filesystem::path& path) {
    if (looks_like_safetensors(path)) {
        ASSIGN_OR_RETURN(auto folder, SafetensorsFolder::open(path));
        return SafetensorsModelFile::create(std::move(folder));
    }
    ASSIGN_OR_RETURN(auto file, GgufFile::open(path));
    return std::shared_ptr<const ModelFile>(
        std::make_shared<GgufModelFile>(std::move(file), utf8_from_path(path.stem())));
}

std::uint64_t ModelFile::file_size_bytes() const {
    std::uint64_t total = 0;
    for (const FilePart& part : parts()) total += part.size_bytes;
    return total;
}

}  // namespace lares
