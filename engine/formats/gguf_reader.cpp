#include "engine/formats/gguf_reader.h"

#include "engine/base/path_text.h"
#include "engine/formats/byte_reader.h"
#include "engine/formats/gguf_parser.h"
#include "engine/formats/gguf_split.h"

#include <array>
#include <limits>

namespace lares {
namespace {

/// What a value is, for messages: "a text", "an array of f32".
std::string kind_of(const GgufValue& value) {
    static constexpr std::array kKinds{
        "an unsigned integer", "an integer",       "a float", "a bool", "a text",
        "an array of ",        "an array of texts"};
    std::string kind = kKinds[value.index()];
    if (const auto* array = std::get_if<GgufArray>(&value))
        kind += to_string(static_cast<GgufType>(array->element_type));
    return kind;
}

/// The value as i64; nothing when it is no integer or does not fit.
std::optional<std::int64_t> to_integer(const GgufValue& value) {
    if (const auto* i = std::get_if<std::int64_t>(&value)) return *i;
    const auto* u = std::get_if<std::uint64_t>(&value);
    if (!u || *u > std::numeric_limits<std::int64_t>::max()) return std::nullopt;
    return static_cast<std::int64_t>(*u);
}

/// The next element as i64; nothing when the type is no integer or the value does not fit.
std::optional<std::int64_t> next_integer(ByteReader& reader, std::uint32_t element_type) {
    const auto widen = [](auto value) -> std::optional<std::int64_t> {
        if (!value) return std::nullopt;
        return static_cast<std::int64_t>(*value);
    };
    switch (static_cast<GgufType>(element_type)) {
        case GgufType::U8:
            return widen(reader.read<std::uint8_t>());
        case GgufType::I8:
            return widen(reader.read<std::int8_t>());
        case GgufType::U16:
            return widen(reader.read<std::uint16_t>());
        case GgufType::I16:
            return widen(reader.read<std::int16_t>());
        case GgufType::U32:
            return widen(reader.read<std::uint32_t>());
        case GgufType::I32:
            return widen(reader.read<std::int32_t>());
        case GgufType::I64:
            return widen(reader.read<std::int64_t>());
        case GgufType::U64:
            return to_integer(reader.read<std::uint64_t>().value_or(~0ULL));
        default:
            return std::nullopt;
    }
}

}  // namespace

Result<GgufFile> GgufFile::open(const std::filesystem::path& path) {
    ASSIGN_OR_RETURN(auto file, open_one(path));
    ASSIGN_OR_RETURN(const auto split, read_split(file));
    if (!split) return file;
    ASSIGN_OR_RETURN(auto opened, open_parts(path, *split));
    const auto parts = std::make_shared<const std::vector<GgufFile>>(std::move(opened));
    GgufFile joined = parts->front();
    for (std::size_t i = 1; i < parts->size(); ++i) {
        const GgufFile& part = (*parts)[i];
        joined.m_parts.push_back(part.m_parts.front());
        for (const Tensor& tensor : part.m_tensors) {
            joined.m_tensor_index.emplace(tensor.name, joined.m_tensors.size());
            joined.m_tensors.push_back(tensor);
        }
    }
    // Shares the ownership of all mappings.
    joined.m_mapping = {parts, parts->front().m_mapping.get()};
    return joined;
}

Result<GgufFile> GgufFile::open_one(const std::filesystem::path& path) {
    ASSIGN_OR_RETURN(auto mapping, MappedFile::open(path));
    ASSIGN_OR_RETURN(auto file, parse(mapping.bytes(), utf8_from_path(path.filename())));
    file.m_mapping = std::make_shared<const MappedFile>(std::move(mapping));
    return file;
}

Result<GgufFile> GgufFile::parse(std::span<const std::byte> bytes, std::string name) {
    ASSIGN_OR_RETURN(auto file, GgufParser(bytes, std::move(name)).parse());
    file.m_parts = {{file.m_name, file.file_size_bytes()}};
    return file;
}

const GgufValue* GgufFile::find_or_null(std::string_view key) const {
    const auto found = m_key_index.find(key);
    return found == m_key_index.end() ? nullptr : &m_metadata[found->second].value;
}

const GgufFile::Tensor* GgufFile::find_tensor_or_null(std::string_view name) const {
    const auto found = m_tensor_index.find(name);
    return found == m_tensor_index.end() ? nullptr : &m_tensors[found->second];
}

Result<const GgufValue*> GgufFile::find(std::string_view key) const {
    if (const GgufValue* value = find_or_null(key)) return value;
    return Error{ErrorCode::NotFound, m_name + ": the metadata key " + quoted(key) + " is missing"};
}

Error GgufFile::wrong_type(std::string_view key, std::string_view wanted) const {
    return {ErrorCode::Corrupt, m_name + ": key " + quoted(key) + " is " +
                                    kind_of(*find_or_null(key)) + " where " + std::string(wanted) +
                                    " was expected"};
}

Result<std::uint32_t> GgufFile::get_u32(std::string_view key) const {
    ASSIGN_OR_RETURN(const GgufValue* value, find(key));
    const auto integer = to_integer(*value);
    if (!integer || *integer < 0 || *integer > std::numeric_limits<std::uint32_t>::max())
        return wrong_type(key, "a number from 0 to 2^32 - 1");
    return static_cast<std::uint32_t>(*integer);
}

Result<float> GgufFile::get_f32(std::string_view key) const {
    ASSIGN_OR_RETURN(const GgufValue* value, find(key));
    const auto* number = std::get_if<double>(value);
    if (!number) return wrong_type(key, "a float");
    return static_cast<float>(*number);
}

Result<bool> GgufFile::get_bool(std::string_view key) const {
    ASSIGN_OR_RETURN(const GgufValue* value, find(key));
    const auto* flag = std::get_if<bool>(value);
    if (!flag) return wrong_type(key, "a bool");
    return *flag;
}

Result<std::string_view> GgufFile::get_string(std::string_view key) const {
    ASSIGN_OR_RETURN(const GgufValue* value, find(key));
    const auto* text = std::get_if<std::string_view>(value);
    if (!text) return wrong_type(key, "a text");
    return *text;
}

Result<std::span<const std::string_view>> GgufFile::get_strings(std::string_view key) const {
    ASSIGN_OR_RETURN(const GgufValue* value, find(key));
    const auto* texts = std::get_if<std::vector<std::string_view>>(value);
    if (!texts) return wrong_type(key, "an array of texts");
    return std::span<const std::string_view>(*texts);
}

Result<std::vector<std::int64_t>> GgufFile::get_integers(std::string_view key) const {
    ASSIGN_OR_RETURN(const GgufValue* value, find(key));
    if (const auto integer = to_integer(*value)) return std::vector<std::int64_t>{*integer};
    const auto* array = std::get_if<GgufArray>(value);
    if (!array) return wrong_type(key, "an array of integers");

    std::vector<std::int64_t> integers;
    integers.reserve(array->n_elements);
    ByteReader reader(array->bytes);
    for (std::uint64_t i = 0; i < array->n_elements; ++i) {
        const auto integer = next_integer(reader, array->element_type);
        if (!integer) return wrong_type(key, "an array of integers below 2^63");
        integers.push_back(*integer);
    }
    return integers;
}

}  // namespace lares
