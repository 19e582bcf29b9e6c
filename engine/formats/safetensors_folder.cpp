#include "engine/formats/safetensors_folder.h"

#include "engine/base/path_text.h"
#include "engine/formats/byte_reader.h"

#include <algorithm>

namespace lares {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kSingleFile = "model.safetensors";
constexpr std::string_view kIndexFile = "model.safetensors.index.json";
constexpr std::uint64_t kMaxTextBytes = std::uint64_t{1} << 20;
constexpr std::size_t kMaxFiles = 1000;
constexpr JsonLimits kIndexLimits{std::uint64_t{16} << 20, SafetensorsLimits::kTensors * 2, 8};

/// A plain name: it leaves no folder and means the same on every system.
bool is_plain_name(std::string_view name) {
    return !name.empty() && name.size() <= 255 && name[0] != '.' &&
           name.find_first_of("/\\:") == std::string_view::npos &&
           name.find('\0') == std::string_view::npos && name.ends_with(".safetensors");
}

}  // namespace

bool looks_like_safetensors(const fs::path& path) {
    std::error_code error;
    return fs::is_directory(path, error) || path.extension() == ".safetensors" ||
           path.filename() == "config.json" || path.filename() == "model.safetensors.index.json";
}

Result<SafetensorsFolder> SafetensorsFolder::open(const fs::path& path) {
    SafetensorsFolder folder;
    std::error_code error;
    const fs::path absolute = fs::absolute(path, error).lexically_normal();
    folder.m_path = fs::is_directory(absolute, error) ? absolute : absolute.parent_path();
    if (!fs::exists(absolute, error))
        return Error{ErrorCode::NotFound, utf8_from_path(path) + ": no such file or folder"};
    if (!folder.m_path.has_filename()) folder.m_path = folder.m_path.parent_path();
    folder.m_name = utf8_from_path(folder.m_path.filename());

    ASSIGN_OR_RETURN(const auto index, folder.read_json(kIndexFile, kIndexLimits));
    if (!index) {
        if (!fs::exists(folder.m_path / kSingleFile, error))
            return Error{ErrorCode::NotFound, folder.m_name + ": there is neither " +
                                                  std::string(kSingleFile) + " nor " +
                                                  std::string(kIndexFile) +
                                                  "; name the folder that a model was downloaded "
                                                  "to, or a GGUF file"};
        RETURN_IF_ERROR(folder.add_file(std::string(kSingleFile)));
        return folder;
    }
    ASSIGN_OR_RETURN(const auto files, folder.files_of_index(*index));
    for (const std::string& file : files) RETURN_IF_ERROR(folder.add_file(file));
    RETURN_IF_ERROR(folder.check_index(*index));
    return folder;
}

Result<std::vector<std::string>> SafetensorsFolder::files_of_index(
    const JsonDocument& index) const {
    const auto corrupt = [&](const std::string& what) {
        return Error{ErrorCode::Corrupt, m_name + ": " + std::string(kIndexFile) + ": " + what};
    };
    const auto map = index.find("weight_map");
    if (map == index.end() || !map->is_object() || map->empty())
        return corrupt("there is no weight_map");
    std::vector<std::string> files;
    for (const JsonDocument& value : *map) {
        if (!value.is_string()) return corrupt("a tensor's file is no text");
        const auto& file = value.get_ref<const std::string&>();
        if (!is_plain_name(file))
            return corrupt("it names a file that is not a .safetensors file of this folder");
        files.push_back(file);
    }
    std::sort(files.begin(), files.end());
    files.erase(std::unique(files.begin(), files.end()), files.end());
    if (files.size() > kMaxFiles) return corrupt("it names more than 1000 files");
    return files;
}

Result<void> SafetensorsFolder::add_file(const std::string& file) {
    auto opened = SafetensorsFile::open(m_path / file);
    if (!opened && opened.error().code == ErrorCode::NotFound)
        return Error{ErrorCode::NotFound,
                     m_name + ": " + file + " is missing; download the rest of the model"};
    if (!opened) return std::move(opened).error().with_context(m_name);
    m_files.push_back(std::move(opened).value());
    m_parts.push_back({file, m_files.back().file_size_bytes()});
    for (const FileTensor& tensor : m_files.back().tensors()) {
        const Place place{m_tensors.size(), m_files.size() - 1};
        if (!m_index.emplace(tensor.name, place).second)
            return Error{ErrorCode::Corrupt, m_name + ": tensor " + std::string(tensor.name) +
                                                 " is in two files, one of them " + file};
        m_tensors.push_back(tensor);
    }
    return {};
}

Result<void> SafetensorsFolder::check_index(const JsonDocument& index) const {
    for (const auto& [tensor, file] : index["weight_map"].items()) {
        const auto found = m_index.find(tensor);
        if (found == m_index.end() || m_parts[found->second.file].name != file)
            return Error{ErrorCode::Corrupt,
                         m_name + ": tensor " + tensor.substr(0, 80) + " is not in " +
                             file.get<std::string>() +
                             " as the index says; the files are of different versions, download "
                             "them again"};
    }
    return {};
}

const FileTensor* SafetensorsFolder::find_tensor_or_null(std::string_view name) const {
    const auto found = m_index.find(name);
    return found == m_index.end() ? nullptr : &m_tensors[found->second.tensor];
}

Result<std::optional<JsonDocument>> SafetensorsFolder::read_json(std::string_view file,
                                                                 const JsonLimits& limits) const {
    const auto mapping = MappedFile::open(m_path / file);
    if (!mapping && mapping.error().code == ErrorCode::NotFound)
        return std::optional<JsonDocument>();
    if (!mapping) return mapping.error();
    ASSIGN_OR_RETURN(auto document, parse_json_document(as_text(mapping->bytes()),
                                                        m_name + "/" + std::string(file), limits));
    return std::optional(std::move(document));
}

Result<std::optional<std::string>> SafetensorsFolder::read_text(std::string_view file) const {
    const auto mapping = MappedFile::open(m_path / file);
    if (!mapping && mapping.error().code == ErrorCode::NotFound)
        return std::optional<std::string>();
    if (!mapping) return mapping.error();
    if (mapping->bytes().size() > kMaxTextBytes)
        return Error{ErrorCode::Unsupported,
                     m_name + "/" + std::string(file) + ": it is longer than 1 MiB"};
    return std::optional(std::string(as_text(mapping->bytes())));
}

}  // namespace lares
