#include "tests/support/gguf_fields.h"

#include "engine/formats/gguf_format.h"

#include <array>
#include <cstring>

namespace lares::test {
namespace {

using Kind = GgufField::Kind;

class Walker {
public:
    explicit Walker(const std::string& file) : m_file(file) {}

    std::vector<GgufField> walk() {
        field(Kind::Magic, 4);
        field(Kind::Version, 4);
        const auto n_tensors = number<std::uint64_t>(Kind::TensorCount);
        const auto n_keys = number<std::uint64_t>(Kind::KeyCount);
        for (std::uint64_t i = 0; i < n_keys; ++i) key_value();
        for (std::uint64_t i = 0; i < n_tensors; ++i) tensor();
        return std::move(m_fields);
    }

private:
    void field(Kind kind, std::uint64_t size, std::uint32_t value_type = 0) {
        if (!m_skip) m_fields.push_back({kind, m_position, size, m_owner, value_type});
        m_position += size;
    }

    template <class T>
    T number(Kind kind) {
        T value;
        std::memcpy(&value, m_file.data() + m_position, sizeof value);
        field(kind, sizeof value);
        return value;
    }

    void text(Kind length_kind, Kind kind) {
        const auto size = number<std::uint64_t>(length_kind);
        field(kind, size);
    }

    /// The owner's own name comes first, so it is set before the fields are written down.
    void begin() {
        std::uint64_t size = 0;
        std::memcpy(&size, m_file.data() + m_position, sizeof size);
        m_owner = m_file.substr(m_position + sizeof size, size);
    }

    void key_value() {
        begin();
        text(Kind::KeyLength, Kind::Key);
        value(number<std::uint32_t>(Kind::ValueType));
    }

    void value(std::uint32_t type) {
        switch (static_cast<GgufType>(type)) {
            case GgufType::String:
                text(Kind::TextLength, Kind::Text);
                return;
            case GgufType::Array:
                array();
                return;
            default:
                field(Kind::Value, size_bytes(static_cast<GgufType>(type)), type);
        }
    }

    void array() {
        const auto type = number<std::uint32_t>(Kind::ElementType);
        const auto n = number<std::uint64_t>(Kind::ElementCount);
        if (static_cast<GgufType>(type) != GgufType::String) {
            field(Kind::Elements, n * size_bytes(static_cast<GgufType>(type)), type);
            return;
        }
        for (std::uint64_t i = 0; i < n; ++i) {
            m_skip = i != 0 && i + 2 < n;
            text(Kind::TextLength, Kind::Text);
        }
        m_skip = false;
    }

    void tensor() {
        begin();
        text(Kind::NameLength, Kind::Name);
        const auto n_dims = number<std::uint32_t>(Kind::DimCount);
        for (std::uint32_t i = 0; i < n_dims; ++i) number<std::uint64_t>(Kind::Dim);
        field(Kind::TensorType, 4);
        field(Kind::Offset, 8);
    }

    const std::string& m_file;
    std::uint64_t m_position = 0;
    std::string m_owner;
    bool m_skip = false;
    std::vector<GgufField> m_fields;
};

}  // namespace

const char* to_string(GgufField::Kind kind) {
    static constexpr std::array kNames{
        "magic",        "version",       "tensor count", "key count",   "key length",
        "key",          "value type",    "value",        "text length", "text",
        "element type", "element count", "elements",     "name length", "name",
        "dim count",    "dim",           "tensor type",  "offset"};
    return kNames[static_cast<std::size_t>(kind)];
}

std::vector<GgufField> gguf_fields(const std::string& file) {
    return Walker(file).walk();
}

}  // namespace lares::test
