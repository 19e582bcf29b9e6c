#include "tests/support/gguf_writer.h"

#include <algorithm>
#include <utility>

namespace lares::test {

GgufWriter& GgufWriter::magic(std::string value) {
    m_magic = std::move(value);
    return *this;
}

GgufWriter& GgufWriter::version(std::uint32_t value) {
    m_version = value;
    return *this;
}

GgufWriter& GgufWriter::alignment(std::uint32_t value) {
    m_alignment = value;
    return key("general.alignment", value);
}

GgufWriter& GgufWriter::claimed_tensors(std::uint64_t n) {
    m_claimed_tensors = n;
    return *this;
}

GgufWriter& GgufWriter::claimed_keys(std::uint64_t n) {
    m_claimed_keys = n;
    return *this;
}

GgufWriter& GgufWriter::trailer(std::string bytes) {
    m_trailer = std::move(bytes);
    return *this;
}

GgufWriter& GgufWriter::texts(std::string_view name, const std::vector<std::string>& values) {
    std::string elements;
    for (const std::string& value : values) elements += text(value);
    return raw_array(name, GgufType::String, values.size(), elements);
}

GgufWriter& GgufWriter::raw_key(std::string_view name, GgufType type, const std::string& value) {
    m_keys += text(name) + little_endian(type) + value;
    ++m_n_keys;
    return *this;
}

GgufWriter& GgufWriter::raw_array(std::string_view name,
                                  GgufType element_type,
                                  std::uint64_t claimed_elements,
                                  const std::string& elements) {
    return raw_key(name, GgufType::Array,
                   little_endian(element_type) + little_endian(claimed_elements) + elements);
}

GgufWriter& GgufWriter::tensor(Tensor tensor) {
    m_tensors.push_back(std::move(tensor));
    return *this;
}

std::string GgufWriter::bytes() const {
    std::string file = m_magic + little_endian(m_version) +
                       little_endian(m_claimed_tensors.value_or(m_tensors.size())) +
                       little_endian(m_claimed_keys.value_or(m_n_keys)) + m_keys;
    std::string data;
    for (const Tensor& tensor : m_tensors) {
        data.resize(aligned(data.size()));
        file += text(tensor.name) + little_endian(static_cast<std::uint32_t>(tensor.ne.size()));
        for (const std::uint64_t dim : tensor.ne) file += little_endian(dim);
        file += little_endian(tensor.type) + little_endian(tensor.offset.value_or(data.size()));
        data += tensor.data;
    }
    if (!m_tensors.empty()) file.resize(aligned(file.size()));
    return file + data + m_trailer;
}

std::string GgufWriter::text(std::string_view value) {
    return little_endian(static_cast<std::uint64_t>(value.size())) + std::string(value);
}

std::uint64_t GgufWriter::aligned(std::uint64_t position) const {
    const std::uint64_t alignment = std::max<std::uint64_t>(m_alignment, 1);
    return (position + alignment - 1) / alignment * alignment;
}

}  // namespace lares::test
