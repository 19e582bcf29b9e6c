#include "engine/formats/safetensors_writer.h"

#include "engine/base/json.h"

#include <span>

namespace lares {
namespace {

constexpr std::size_t kHeaderAlignment = 64;  // of the data's first byte; readers want 8

}  // namespace

void SafetensorsWriter::add_tensor(std::string_view name, DType dtype, const Shape& shape) {
    const std::uint64_t size =
        static_cast<std::uint64_t>(shape.rows()) * row_bytes(dtype, shape.cols());
    m_tensors.push_back({std::string(name), dtype, shape, size});
    m_data_size += size;
}

std::string SafetensorsWriter::header() const {
    Json json;
    json["__metadata__"] = {{"format", "pt"}};
    std::uint64_t offset = 0;
    for (const Tensor& tensor : m_tensors) {
        std::vector<std::int64_t> dims;
        for (int i = 0; i < tensor.shape.n_dims(); ++i) dims.push_back(tensor.shape[i]);
        json[tensor.name] = {{"dtype", to_string(tensor.dtype)},
                             {"shape", dims},
                             {"data_offsets", {offset, offset + tensor.size_bytes}}};
        offset += tensor.size_bytes;
    }
    std::string text = json_text(json);
    // Spaces behind the JSON bring the data to its alignment; the length's 8 bytes count.
    text.append((kHeaderAlignment - (text.size() + 8) % kHeaderAlignment) % kHeaderAlignment, ' ');
    return text;
}

Result<void> SafetensorsWriter::write(NewFile& file, const WriteTensor& write_tensor) const {
    const std::string text = header();
    const std::uint64_t size = text.size();
    RETURN_IF_ERROR(file.write(std::as_bytes(std::span(&size, 1))));
    RETURN_IF_ERROR(file.write(std::as_bytes(std::span(text))));
    for (std::size_t i = 0; i < m_tensors.size(); ++i) {
        const std::uint64_t start = file.position();
        RETURN_IF_ERROR(write_tensor(i, file));
        if (file.position() - start != m_tensors[i].size_bytes)
            return Error{ErrorCode::Internal, "tensor " + m_tensors[i].name + " was written with " +
                                                  std::to_string(file.position() - start) +
                                                  " bytes, its type and shape need " +
                                                  std::to_string(m_tensors[i].size_bytes)};
    }
    return {};
}

}  // namespace lares
