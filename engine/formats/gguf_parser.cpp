#include "engine/formats/gguf_parser.h"

#include <algorithm>
#include <bit>
#include <limits>

namespace lares {
namespace {

// The shortest records there can be: they bound a count by the bytes that are left.
constexpr std::uint64_t kSmallestKeyValue = 14;  // u64 length, 1 byte of key, u32 type, 1 byte
constexpr std::uint64_t kSmallestTensor = 33;    // u64 length, 1 byte, u32 n_dims, i64, u32, u64

constexpr std::string_view kAlignmentKey = "general.alignment";

std::string number(std::uint64_t n) {
    return std::to_string(n);
}

std::span<const std::byte> header_of(std::span<const std::byte> file) {
    return file.first(std::min<std::size_t>(file.size(), GgufLimits::kHeaderBytes));
}

std::uint64_t end_of(const GgufFile::Tensor& tensor) {
    return tensor.file_offset + tensor.view.size_bytes();
}

}  // namespace

std::string quoted(std::string_view untrusted) {
    static constexpr std::size_t kLongest = 80;
    static constexpr std::string_view kHex = "0123456789abcdef";
    std::string text = "'";
    for (const char c : untrusted.substr(0, kLongest)) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte >= 0x20 && byte < 0x7F) {
            text += c;
        } else {
            text += {'\\', 'x', kHex[byte >> 4], kHex[byte & 15]};
        }
    }
    return text + (untrusted.size() > kLongest ? "…'" : "'");
}

GgufParser::GgufParser(std::span<const std::byte> bytes, std::string name)
    : m_reader(header_of(bytes)) {
    m_file.m_bytes = bytes;
    m_file.m_name = std::move(name);
}

Result<GgufFile> GgufParser::parse() && {
    RETURN_IF_ERROR(read_magic());
    RETURN_IF_ERROR(read_version());
    ASSIGN_OR_RETURN(const std::uint64_t n_tensors,
                     read_count("tensors", GgufLimits::kTensors, kSmallestTensor));
    ASSIGN_OR_RETURN(const std::uint64_t n_key_values,
                     read_count("metadata entries", GgufLimits::kKeyValues, kSmallestKeyValue));
    RETURN_IF_ERROR(read_key_values(n_key_values));
    ASSIGN_OR_RETURN(m_alignment, alignment());
    RETURN_IF_ERROR(read_tensors(n_tensors));
    RETURN_IF_ERROR(place_tensors());
    return std::move(m_file);
}

Result<void> GgufParser::read_magic() {
    if (m_file.m_bytes.empty()) return corrupt("the file is empty");
    const auto magic = m_reader.take(4);
    if (!magic || as_text(*magic) != "GGUF")
        return corrupt(
            "this is not a GGUF file: it begins with " +
            quoted(as_text(m_file.m_bytes.first(std::min<std::size_t>(m_file.m_bytes.size(), 4)))) +
            " instead of 'GGUF'");
    return {};
}

Result<void> GgufParser::read_version() {
    m_item_start = m_reader.position();
    ASSIGN_OR_RETURN(m_file.m_version, read<std::uint32_t>("version"));
    const std::uint32_t version = m_file.m_version;
    if (version == 2 || version == 3) return {};  // the same layout

    const auto unsupported = [this](std::string_view why) {
        return Error{ErrorCode::Unsupported, m_file.m_name + ": " + std::string(why)};
    };
    if (version != 0 && (version & 0xFFFFU) == 0)
        return unsupported("this GGUF file is big-endian; convert it to little-endian");
    if (version == 1)
        return unsupported("GGUF version 1 is too old; convert the model again (versions 2 and 3)");
    return unsupported("GGUF version " + number(version) +
                       " is unknown; versions 2 and 3 can be read");
}

Result<std::uint64_t> GgufParser::read_count(std::string_view what,
                                             std::uint64_t limit,
                                             std::uint64_t smallest_record) {
    m_item_start = m_reader.position();
    ASSIGN_OR_RETURN(const auto n, read<std::uint64_t>("number of " + std::string(what)));
    if (n > limit)
        return corrupt("claims " + number(n) + " " + std::string(what) +
                       ", more than the limit of " + number(limit));
    if (n > m_reader.remaining() / smallest_record)
        return corrupt("claims " + number(n) + " " + std::string(what) + ", but only " +
                       number(m_reader.remaining()) + " bytes follow");
    return n;
}

// Metadata ----------------------------------------------------------------------------------------

Result<void> GgufParser::read_key_values(std::uint64_t n) {
    m_file.m_metadata.reserve(n);
    m_file.m_key_index.reserve(n);
    for (std::uint64_t i = 0; i < n; ++i) {
        m_item_start = m_reader.position();
        m_item = "metadata entry " + number(i);
        ASSIGN_OR_RETURN(const auto key, read_text("key", GgufLimits::kKeyBytes));
        if (key.empty()) return corrupt("the key is empty");

        m_item = "key " + quoted(key);
        if (!m_file.m_key_index.emplace(key, i).second) return corrupt("the key is there twice");
        ASSIGN_OR_RETURN(const GgufType type, read_type());
        ASSIGN_OR_RETURN(auto value, read_value(type));
        m_file.m_metadata.push_back({key, std::move(value)});
    }
    return {};
}

Result<GgufType> GgufParser::read_type() {
    ASSIGN_OR_RETURN(const auto id, read<std::uint32_t>("type"));
    const auto type = gguf_type_from_id(id);
    if (!type) return corrupt("value type " + number(id) + " does not exist");
    return *type;
}

Result<GgufValue> GgufParser::read_value(GgufType type) {
    switch (type) {
        case GgufType::U8:
            return read_widened<std::uint8_t, std::uint64_t>();
        case GgufType::U16:
            return read_widened<std::uint16_t, std::uint64_t>();
        case GgufType::U32:
            return read_widened<std::uint32_t, std::uint64_t>();
        case GgufType::U64:
            return read_widened<std::uint64_t, std::uint64_t>();
        case GgufType::I8:
            return read_widened<std::int8_t, std::int64_t>();
        case GgufType::I16:
            return read_widened<std::int16_t, std::int64_t>();
        case GgufType::I32:
            return read_widened<std::int32_t, std::int64_t>();
        case GgufType::I64:
            return read_widened<std::int64_t, std::int64_t>();
        case GgufType::F32:
            return read_widened<float, double>();
        case GgufType::F64:
            return read_widened<double, double>();
        case GgufType::Bool:
            return read_bool();
        case GgufType::Array:
            return read_array();
        case GgufType::String:
            break;
    }
    ASSIGN_OR_RETURN(const auto text, read_text("text", GgufLimits::kStringBytes));
    return GgufValue(text);
}

Result<GgufValue> GgufParser::read_bool() {
    ASSIGN_OR_RETURN(const auto byte, read<std::uint8_t>("value"));
    if (byte > 1) return corrupt("a bool is " + number(byte) + ", neither 0 nor 1");
    return GgufValue(byte == 1);
}

Result<GgufValue> GgufParser::read_array() {
    ASSIGN_OR_RETURN(const GgufType type, read_type());
    ASSIGN_OR_RETURN(const auto n, read<std::uint64_t>("number of elements"));
    if (type == GgufType::Array) return corrupt("an array inside an array is not allowed");
    return type == GgufType::String ? read_strings(n) : read_numbers(type, n);
}

Result<GgufValue> GgufParser::read_numbers(GgufType type, std::uint64_t n) {
    if (n > m_reader.remaining() / size_bytes(type))
        return corrupt("the array claims " + number(n) + " elements of " +
                       std::string(to_string(type)) + ", but only " + number(m_reader.remaining()) +
                       " bytes follow");
    const auto bytes = m_reader.take(n * size_bytes(type));
    return GgufValue(GgufArray{static_cast<std::uint32_t>(type), *bytes, n});
}

Result<GgufValue> GgufParser::read_strings(std::uint64_t n) {
    if (n > GgufLimits::kStrings)
        return corrupt("the array claims " + number(n) + " texts, more than the limit of " +
                       number(GgufLimits::kStrings));
    if (n > m_reader.remaining() / sizeof(std::uint64_t))
        return corrupt("the array claims " + number(n) + " texts, but only " +
                       number(m_reader.remaining()) + " bytes follow");
    std::vector<std::string_view> texts;
    texts.reserve(n);
    for (std::uint64_t i = 0; i < n; ++i) {
        ASSIGN_OR_RETURN(const auto text, read_text("text", GgufLimits::kStringBytes));
        texts.push_back(text);
    }
    return GgufValue(std::move(texts));
}

// Tensor records ----------------------------------------------------------------------------------

Result<void> GgufParser::read_tensors(std::uint64_t n) {
    m_file.m_tensors.reserve(n);
    m_file.m_tensor_index.reserve(n);
    for (std::uint64_t i = 0; i < n; ++i) {
        m_item_start = m_reader.position();
        m_item = "tensor " + number(i);
        ASSIGN_OR_RETURN(auto tensor, read_tensor());
        if (!m_file.m_tensor_index.emplace(tensor.name, i).second)
            return corrupt("the tensor is there twice");
        m_file.m_tensors.push_back(tensor);
    }
    return {};
}

Result<GgufFile::Tensor> GgufParser::read_tensor() {
    GgufFile::Tensor tensor;
    ASSIGN_OR_RETURN(tensor.name, read_text("name", GgufLimits::kTensorNameBytes));
    if (tensor.name.empty()) return corrupt("the name is empty");
    m_item = "tensor " + quoted(tensor.name);
    ASSIGN_OR_RETURN(tensor.view.shape, read_shape());
    ASSIGN_OR_RETURN(tensor.view.dtype, read_dtype(tensor.view.shape));
    ASSIGN_OR_RETURN(tensor.file_offset, read_data_offset());  // place_tensor adds data_start
    return tensor;
}

Result<Shape> GgufParser::read_shape() {
    ASSIGN_OR_RETURN(const auto n_dims, read<std::uint32_t>("number of dimensions"));
    if (n_dims < 1 || n_dims > Shape::kMaxDims)
        return corrupt("it has " + number(n_dims) + " dimensions, not 1 to 4");

    std::array<std::uint64_t, Shape::kMaxDims> innermost_first{};
    std::uint64_t n_elements = 1;
    for (std::uint32_t i = 0; i < n_dims; ++i) {
        ASSIGN_OR_RETURN(const auto dim, read<std::uint64_t>("dimension"));
        if (dim < 1 || dim > GgufLimits::kDim)
            return corrupt("dimension " + number(i) + " is " + number(dim) + ", not 1 to 2^31");
        if (n_elements > std::numeric_limits<std::int64_t>::max() / dim)
            return corrupt("its dimensions multiply to more than 2^63 values");
        n_elements *= dim;
        innermost_first[i] = dim;
    }
    Shape shape;
    for (std::uint32_t i = n_dims; i-- > 0;)
        shape.append(static_cast<std::int64_t>(innermost_first[i]));
    return shape;
}

Result<DType> GgufParser::read_dtype(const Shape& shape) {
    ASSIGN_OR_RETURN(const auto id, read<std::uint32_t>("type"));
    const auto dtype = dtype_from_gguf_id(id);
    if (!dtype)
        return Error{ErrorCode::Unsupported,
                     m_file.m_name + ": " + m_item + " has type " + gguf_tensor_type_name(id) +
                         ", which this program cannot read; choose a Q4_K_M, Q8_0 or BF16 file"};
    const DTypeTraits& type = traits(*dtype);
    if (shape.cols() % type.block_elements != 0)
        return corrupt("rows of " + number(static_cast<std::uint64_t>(shape.cols())) +
                       " values cannot be divided into blocks of " + std::string(type.name));
    const auto n_blocks = static_cast<std::uint64_t>(shape.n_elements() / type.block_elements);
    if (n_blocks > m_file.m_bytes.size() / static_cast<std::uint64_t>(type.block_bytes))
        return corrupt("its shape " + to_string(shape) + " in " + std::string(type.name) +
                       " needs more bytes than the file has");
    return *dtype;
}

Result<std::uint64_t> GgufParser::read_data_offset() {
    ASSIGN_OR_RETURN(const auto offset, read<std::uint64_t>("data offset"));
    if (offset % m_alignment != 0)
        return corrupt("its data offset " + number(offset) +
                       " is not a multiple of the alignment " + number(m_alignment));
    return offset;
}

// The data section --------------------------------------------------------------------------------

Result<std::uint64_t> GgufParser::alignment() const {
    const GgufValue* value = m_file.find_or_null(kAlignmentKey);
    if (!value) return GgufLimits::kDefaultAlignment;
    const auto* alignment = std::get_if<std::uint64_t>(value);
    if (!alignment || !std::has_single_bit(*alignment) || *alignment > GgufLimits::kAlignment)
        return Error{ErrorCode::Corrupt, m_file.m_name + ": key " + quoted(kAlignmentKey) +
                                             " is not an unsigned power of two up to " +
                                             number(GgufLimits::kAlignment)};
    return *alignment;
}

Result<void> GgufParser::place_tensors() {
    // Both terms are far below 2^64: the header is capped and the alignment too.
    const std::uint64_t data_start =
        (m_reader.position() + m_alignment - 1) / m_alignment * m_alignment;
    if (m_file.m_tensors.empty()) return check_layout(m_reader.position());

    m_item = "the data section";
    m_item_start = data_start;
    if (data_start > m_file.m_bytes.size()) return corrupt("the file ends before it");
    for (GgufFile::Tensor& tensor : m_file.m_tensors) {
        RETURN_IF_ERROR(place_tensor(tensor, data_start));
    }
    return check_layout(data_start);
}

Result<void> GgufParser::place_tensor(GgufFile::Tensor& tensor, std::uint64_t data_start) {
    m_item = "tensor " + quoted(tensor.name);
    const std::uint64_t available = m_file.m_bytes.size() - data_start;
    const std::uint64_t offset = tensor.file_offset;
    const std::uint64_t size = tensor.view.size_bytes();  // read_dtype saw that it cannot wrap
    if (offset > available || size > available - offset)
        return corrupt_at(data_start, m_item + ": its " + number(size) + " bytes at data offset " +
                                          number(offset) + " reach past the end of the file");
    tensor.file_offset = data_start + offset;
    tensor.view.data = m_file.m_bytes.data() + tensor.file_offset;
    return {};
}

Result<void> GgufParser::check_layout(std::uint64_t data_start) const {
    std::vector<const GgufFile::Tensor*> by_offset;
    by_offset.reserve(m_file.m_tensors.size());
    for (const GgufFile::Tensor& tensor : m_file.m_tensors) by_offset.push_back(&tensor);
    std::sort(by_offset.begin(), by_offset.end(),
              [](const auto* a, const auto* b) { return a->file_offset < b->file_offset; });

    std::uint64_t end = data_start;
    std::string last = "the header";
    for (const GgufFile::Tensor* tensor : by_offset) {
        const std::string name = "tensor " + quoted(tensor->name);
        if (tensor->file_offset < end)
            return corrupt_at(tensor->file_offset, name + " overlaps " + last);
        if (tensor->file_offset - end >= m_alignment)
            return corrupt_at(end, number(tensor->file_offset - end) + " bytes between " + last +
                                       " and " + name + " belong to nothing");
        end = end_of(*tensor);
        last = name;
    }
    if (m_file.m_bytes.size() > end && m_file.m_bytes.size() - end > m_alignment)
        return corrupt_at(end, number(m_file.m_bytes.size() - end) + " bytes after " + last +
                                   " belong to nothing");
    return {};
}

// Reading and complaining -------------------------------------------------------------------------

template <class T>
Result<T> GgufParser::read(std::string_view what) {
    const auto value = m_reader.read<T>();
    if (!value) return cut_off(what);
    return *value;
}

template <class T, class Wide>
Result<GgufValue> GgufParser::read_widened() {
    ASSIGN_OR_RETURN(const T value, read<T>("value"));
    return GgufValue(static_cast<Wide>(value));
}

Result<std::string_view> GgufParser::read_text(std::string_view what, std::uint64_t limit) {
    const std::uint64_t start = m_reader.position();
    ASSIGN_OR_RETURN(const auto size, read<std::uint64_t>(what));
    if (size > limit)
        return corrupt_at(start, m_item + ": the " + std::string(what) + " claims " + number(size) +
                                     " bytes, more than the limit of " + number(limit));
    const auto bytes = m_reader.take(size);
    if (!bytes) return cut_off(what);
    return as_text(*bytes);
}

Error GgufParser::cut_off(std::string_view what) const {
    const bool capped = m_file.m_bytes.size() > GgufLimits::kHeaderBytes;
    return corrupt(capped ? "the header is longer than 100 MiB"
                          : "the file ends inside the " + std::string(what));
}

Error GgufParser::corrupt(std::string_view what) const {
    return corrupt_at(m_item_start, m_item + ": " + std::string(what));
}

Error GgufParser::corrupt_at(std::uint64_t offset, std::string_view what) const {
    return {ErrorCode::Corrupt,
            m_file.m_name + ": byte " + number(offset) + ": " + std::string(what)};
}

}  // namespace lares
