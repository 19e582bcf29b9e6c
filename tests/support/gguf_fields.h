#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace lares::test {

/// One field of a GGUF header: where it is and whose it is.
struct GgufField {
    enum class Kind {
        Magic,
        Version,
        TensorCount,
        KeyCount,
        KeyLength,
        Key,
        ValueType,
        Value,  ///< a number or bool
        TextLength,
        Text,
        ElementType,
        ElementCount,
        Elements,  ///< numbers of an array, all of them
        NameLength,
        Name,
        DimCount,
        Dim,
        TensorType,
        Offset,
    };
    Kind kind;
    std::uint64_t offset = 0;
    std::uint64_t size_bytes = 0;
    std::string owner;             ///< the key or tensor it belongs to; empty for counts
    std::uint32_t value_type = 0;  ///< of a Value or of Elements
};

[[nodiscard]] const char* to_string(GgufField::Kind kind);

/// Every field of a GGUF file's header, in order, read without any check: the file must be good.
/// Of an array of texts only the first and the last two are listed.
[[nodiscard]] std::vector<GgufField> gguf_fields(const std::string& file);

}  // namespace lares::test
