#include "engine/formats/safetensors_reader.h"

#include "engine/base/path_text.h"
#include "engine/formats/byte_reader.h"
#include "engine/formats/json_document.h"

#include <algorithm>
#include <array>
#include <limits>

namespace lares {
namespace {

constexpr std::uint64_t kLengthBytes = 8;
constexpr std::string_view kMetadataKey = "__metadata__";

std::string shown(std::string_view untrusted) {
    std::string text = "tensor '";
    for (const char c : untrusted.substr(0, 80)) text += c >= ' ' && c <= '~' ? c : '?';
    return text + "'";
}

std::optional<DType> dtype_from_name(std::string_view name) {
    for (const DType dtype : {DType::F32, DType::F16, DType::BF16, DType::F8_E4M3})
        if (to_string(dtype) == name) return dtype;
    return std::nullopt;
}

/// One tensor's entry, checked field by field; `what` names file and tensor.
class EntryReader {
public:
    EntryReader(const JsonDocument& entry, std::string what)
        : m_entry(entry), m_what(std::move(what)) {}

    /// The view's bytes relative to `data`.
    Result<FileTensor> read(std::span<const std::byte> data) const {
        if (!m_entry.is_object()) return corrupt("is no JSON object");
        FileTensor tensor;
        ASSIGN_OR_RETURN(tensor.view.dtype, dtype());
        ASSIGN_OR_RETURN(tensor.view.shape, shape());
        ASSIGN_OR_RETURN(const auto offsets, offset_pair());
        const auto [begin, end] = offsets;
        if (begin > end || end > data.size())
            return corrupt("has bytes " + std::to_string(begin) + " to " + std::to_string(end) +
                           " of a data section of " + std::to_string(data.size()));
        // The shape's product fits in 63 bits and a value has 1 to 4 bytes, so compare quotients.
        const auto n_element = static_cast<std::uint64_t>(tensor.view.shape.n_elements());
        const auto size = static_cast<std::uint64_t>(traits(tensor.view.dtype).block_bytes);
        if ((end - begin) % size != 0 || (end - begin) / size != n_element)
            return corrupt("has " + std::to_string(end - begin) + " bytes, its shape " +
                           to_string(tensor.view.shape) + " and type call for another number");
        tensor.file_offset = begin;
        tensor.view.data = data.data() + begin;
        return tensor;
    }

private:
    Result<DType> dtype() const {
        const auto found = m_entry.find("dtype");
        if (found == m_entry.end() || !found->is_string()) return corrupt("has no dtype");
        const auto& name = found->get_ref<const std::string&>();
        if (const auto dtype = dtype_from_name(name)) return *dtype;
        return Error{ErrorCode::Unsupported,
                     m_what + " has type " + name.substr(0, 20) +
                         "; this program reads F32, F16, BF16 and F8_E4M3, so choose the BF16 or "
                         "FP8 folder, or a GGUF file"};
    }
    Result<Shape> shape() const {
        const auto found = m_entry.find("shape");
        if (found == m_entry.end() || !found->is_array() || found->size() > Shape::kMaxDims)
            return corrupt("has no shape of up to 4 dimensions");
        Shape shape;
        std::int64_t n_element = 1;
        for (const JsonDocument& value : *found) {
            const auto* dim = value.get_ptr<const JsonDocument::number_unsigned_t*>();
            if (!dim || *dim < 1 || *dim > SafetensorsLimits::kDim)
                return corrupt("has a dimension that is not 1 to 2^31");
            const auto n = static_cast<std::int64_t>(*dim);
            if (n_element > std::numeric_limits<std::int64_t>::max() / 4 / n)
                return corrupt("has dimensions that multiply to more than 2^61 values");
            n_element *= n;
            shape.append(n);
        }
        return shape;
    }
    Result<std::array<std::uint64_t, 2>> offset_pair() const {
        const auto found = m_entry.find("data_offsets");
        if (found == m_entry.end() || !found->is_array() || found->size() != 2 ||
            !(*found)[0].is_number_unsigned() || !(*found)[1].is_number_unsigned())
            return corrupt("has no data_offsets of two numbers");
        return std::array{(*found)[0].get<std::uint64_t>(), (*found)[1].get<std::uint64_t>()};
    }
    Error corrupt(std::string_view what) const {
        return {ErrorCode::Corrupt, m_what + " " + std::string(what)};
    }

    const JsonDocument& m_entry;
    std::string m_what;
};

/// Tensors lie one behind another and fill the data section, as the format demands.
Result<void> check_layout(std::vector<FileTensor>& tensors,
                          std::uint64_t data_size,
                          const std::string& file) {
    std::sort(tensors.begin(), tensors.end(),
              [](const auto& a, const auto& b) { return a.file_offset < b.file_offset; });
    std::uint64_t end = 0;
    for (const FileTensor& tensor : tensors) {
        if (tensor.file_offset != end)
            return Error{ErrorCode::Corrupt,
                         file + ": " + shown(tensor.name) +
                             (tensor.file_offset < end ? " overlaps another"
                                                       : " has bytes before it that belong to "
                                                         "nothing") +
                             "; the file is damaged, download it again"};
        end += tensor.view.size_bytes();
    }
    if (end == data_size) return {};
    return Error{ErrorCode::Corrupt, file + ": " + std::to_string(data_size - end) +
                                         " bytes after the last tensor belong to nothing"};
}

}  // namespace

Result<SafetensorsFile> SafetensorsFile::open(const std::filesystem::path& path) {
    ASSIGN_OR_RETURN(auto mapping, MappedFile::open(path));
    ASSIGN_OR_RETURN(auto file, parse(mapping.bytes(), utf8_from_path(path.filename())));
    file.m_mapping = std::make_shared<const MappedFile>(std::move(mapping));
    return file;
}

Result<SafetensorsFile> SafetensorsFile::parse(std::span<const std::byte> bytes, std::string name) {
    ByteReader reader(bytes);
    const auto length = reader.read<std::uint64_t>();
    if (!length || *length > SafetensorsLimits::kHeaderBytes || *length > reader.remaining())
        return Error{ErrorCode::Corrupt,
                     name + ": byte 0: the header's length " + std::to_string(length.value_or(0)) +
                         " does not fit a file of " + std::to_string(bytes.size()) +
                         " bytes; it is no safetensors file, or was cut off"};
    const std::string_view text = as_text(*reader.take(*length));
    // A tensor's entry is 8 values; metadata is a few texts.
    const JsonLimits limits{SafetensorsLimits::kHeaderBytes, SafetensorsLimits::kTensors * 10, 8};
    ASSIGN_OR_RETURN(const JsonDocument header, parse_json_document(text, name, limits));
    if (header.size() > SafetensorsLimits::kTensors)
        return Error{
            ErrorCode::Unsupported,
            name + ": more than " + std::to_string(SafetensorsLimits::kTensors) + " tensors"};

    SafetensorsFile file;
    auto names = std::make_shared<std::vector<std::string>>();
    names->reserve(header.size());  // so that no name moves
    const auto data = bytes.subspan(static_cast<std::size_t>(kLengthBytes + *length));
    for (const auto& [key, entry] : header.items()) {
        if (key == kMetadataKey) continue;
        if (key.empty() || key.size() > SafetensorsLimits::kNameBytes)
            return Error{ErrorCode::Corrupt, name + ": a tensor's name is empty or longer than " +
                                                 std::to_string(SafetensorsLimits::kNameBytes) +
                                                 " bytes"};
        const EntryReader entry_reader(entry, name + ": " + shown(key));
        ASSIGN_OR_RETURN(FileTensor tensor, entry_reader.read(data));
        names->push_back(key);
        tensor.name = names->back();
        file.m_tensors.push_back(tensor);
    }
    RETURN_IF_ERROR(check_layout(file.m_tensors, data.size(), name));
    for (FileTensor& tensor : file.m_tensors) tensor.file_offset += kLengthBytes + *length;
    file.m_names = std::move(names);
    file.m_name = std::move(name);
    file.m_size = bytes.size();
    return file;
}

}  // namespace lares
