#include "engine/formats/gguf_writer.h"

#include "engine/formats/gguf_format.h"

#include <array>
#include <cassert>
#include <limits>

namespace lares {
namespace {

constexpr std::uint64_t kAlignment = GgufLimits::kDefaultAlignment;
constexpr std::uint32_t kVersion = 3;

template <class T>
void append(std::string& out, T value) {
    out.append(reinterpret_cast<const char*>(&value), sizeof value);
}

void append_text(std::string& out, std::string_view text) {
    append(out, static_cast<std::uint64_t>(text.size()));
    out += text;
}

void append_array_head(std::string& out, GgufType element, std::uint64_t n) {
    append(out, GgufType::Array);
    append(out, element);
    append(out, n);
}

std::uint64_t padded(std::uint64_t size) {
    return (size + kAlignment - 1) / kAlignment * kAlignment;
}

/// Appends type and value.
struct ValueWriter {
    std::string& out;

    void operator()(std::uint64_t value) const {
        const bool is_wide = value > std::numeric_limits<std::uint32_t>::max();
        append(out, is_wide ? GgufType::U64 : GgufType::U32);
        if (is_wide)
            append(out, value);
        else
            append(out, static_cast<std::uint32_t>(value));
    }
    void operator()(std::int64_t value) const {
        const bool is_wide = value > std::numeric_limits<std::int32_t>::max() ||
                             value < std::numeric_limits<std::int32_t>::min();
        append(out, is_wide ? GgufType::I64 : GgufType::I32);
        if (is_wide)
            append(out, value);
        else
            append(out, static_cast<std::int32_t>(value));
    }
    void operator()(double value) const {
        append(out, GgufType::F32);
        append(out, static_cast<float>(value));
    }
    void operator()(bool value) const {
        append(out, GgufType::Bool);
        append(out, static_cast<std::uint8_t>(value));
    }
    void operator()(std::string_view text) const {
        append(out, GgufType::String);
        append_text(out, text);
    }
    void operator()(const GgufArray& array) const {
        append_array_head(out, static_cast<GgufType>(array.element_type), array.n_elements);
        out.append(reinterpret_cast<const char*>(array.bytes.data()), array.bytes.size());
    }
    void operator()(const std::vector<std::string_view>& texts) const {
        append_array_head(out, GgufType::String, texts.size());
        for (const std::string_view text : texts) append_text(out, text);
    }
};

Result<void> write_padding(NewFile& file) {
    const std::array<std::byte, kAlignment> zeros{};
    return file.write(std::span(zeros).first(padded(file.position()) - file.position()));
}

}  // namespace

GgufWriter::GgufWriter(std::string_view architecture) {
    add("general.architecture", architecture);
}

void GgufWriter::add(std::string_view key, const GgufValue& value) {
    append_text(m_key_values, key);
    std::visit(ValueWriter{m_key_values}, value);
    ++m_n_keys;
}

void GgufWriter::add(std::string_view key, std::span<const std::int32_t> values) {
    add(key,
        GgufArray{static_cast<std::uint32_t>(GgufType::I32), std::as_bytes(values), values.size()});
}

void GgufWriter::add(std::string_view key, std::span<const std::string> texts) {
    add(key, std::vector<std::string_view>(texts.begin(), texts.end()));
}

void GgufWriter::add_tensor(std::string_view name, DType dtype, const Shape& shape) {
    assert(shape.cols() % traits(dtype).block_elements == 0);
    assert(dtype_from_gguf_id(traits(dtype).gguf_id) == dtype);
    const std::uint64_t size =
        static_cast<std::uint64_t>(shape.rows()) * row_bytes(dtype, shape.cols());
    m_tensors.push_back({std::string(name), dtype, shape, m_data_size, size});
    m_data_size += padded(size);
}

std::string GgufWriter::header() const {
    std::string out = "GGUF";
    append(out, kVersion);
    append(out, static_cast<std::uint64_t>(m_tensors.size()));
    append(out, m_n_keys);
    out += m_key_values;
    for (const Tensor& tensor : m_tensors) {
        append_text(out, tensor.name);
        append(out, static_cast<std::uint32_t>(tensor.shape.n_dims()));
        for (int i = tensor.shape.n_dims(); i-- > 0;)  // the file has the innermost first
            append(out, static_cast<std::uint64_t>(tensor.shape[i]));
        append(out, traits(tensor.dtype).gguf_id);
        append(out, tensor.offset);
    }
    return out;
}

std::uint64_t GgufWriter::file_size_bytes() const {
    return padded(header().size()) + m_data_size;
}

Result<void> GgufWriter::write(NewFile& file, const WriteTensor& write_tensor) const {
    const std::string head = header();
    RETURN_IF_ERROR(file.write(std::as_bytes(std::span(head))));
    RETURN_IF_ERROR(write_padding(file));
    for (std::size_t i = 0; i < m_tensors.size(); ++i) {
        const std::uint64_t start = file.position();
        RETURN_IF_ERROR(write_tensor(i, file));
        if (file.position() - start != m_tensors[i].size_bytes)
            return Error{ErrorCode::Internal, "tensor " + m_tensors[i].name + " was written with " +
                                                  std::to_string(file.position() - start) +
                                                  " bytes, its type and shape need " +
                                                  std::to_string(m_tensors[i].size_bytes)};
        RETURN_IF_ERROR(write_padding(file));
    }
    return {};
}

}  // namespace lares
