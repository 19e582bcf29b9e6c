#pragma once

#include "engine/formats/gguf_format.h"
#include "engine/tensor/dtype.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace lares::test {

/// Builds a GGUF file in memory, field by field (engine/formats/gguf_format.md), for tests that
/// need a file of their own. It writes what it is told: a damaged file is a good one with one call
/// changed. `bytes()` may be called any number of times.
///     GgufWriter().key("general.architecture", "nemotron_h").tensor({.name = "a"}).bytes()
class GgufWriter {
public:
    struct Tensor {
        std::string name;
        std::vector<std::uint64_t> ne{32};  ///< innermost first, as in the file
        std::uint32_t type = 0;             ///< GGUF number; F32
        std::string data = std::string(128, '\0');
        std::optional<std::uint64_t> offset = {};  ///< in the data section; else the next free one
    };

    GgufWriter& magic(std::string value);
    GgufWriter& version(std::uint32_t value);
    /// Pads with it and writes the key.
    GgufWriter& alignment(std::uint32_t value);
    /// What the header claims, when that is not what is there.
    GgufWriter& claimed_tensors(std::uint64_t n);
    GgufWriter& claimed_keys(std::uint64_t n);
    /// Bytes after the last tensor.
    GgufWriter& trailer(std::string bytes);

    template <class T>
    GgufWriter& key(std::string_view name, const T& value) {
        if constexpr (std::is_convertible_v<const T&, std::string_view>) {
            return raw_key(name, GgufType::String, text(value));
        } else {
            return raw_key(name, type_of<T>(), little_endian(value));
        }
    }
    template <class T>
    GgufWriter& array(std::string_view name, const std::vector<T>& values) {
        std::string elements;
        for (const T& value : values) elements += little_endian(value);
        return raw_array(name, type_of<T>(), values.size(), elements);
    }
    GgufWriter& texts(std::string_view name, const std::vector<std::string>& values);

    /// A key with any type number and any bytes as its value.
    GgufWriter& raw_key(std::string_view name, GgufType type, const std::string& value);
    GgufWriter& raw_array(std::string_view name,
                          GgufType element_type,
                          std::uint64_t claimed_elements,
                          const std::string& elements);

    GgufWriter& tensor(Tensor tensor);

    [[nodiscard]] std::string bytes() const;

    /// Encodings of single fields.
    template <class T>
    [[nodiscard]] static std::string little_endian(T value) {
        static_assert(std::is_arithmetic_v<T> || std::is_enum_v<T>);
        return {reinterpret_cast<const char*>(&value), sizeof value};
    }
    [[nodiscard]] static std::string text(std::string_view value);

private:
    template <class T>
    [[nodiscard]] static constexpr GgufType type_of() {
        if constexpr (std::is_same_v<T, bool>) return GgufType::Bool;
        if constexpr (std::is_same_v<T, float>) return GgufType::F32;
        if constexpr (std::is_same_v<T, double>) return GgufType::F64;
        constexpr bool kSigned = std::is_signed_v<T>;
        switch (sizeof(T)) {
            case 1:
                return kSigned ? GgufType::I8 : GgufType::U8;
            case 2:
                return kSigned ? GgufType::I16 : GgufType::U16;
            case 4:
                return kSigned ? GgufType::I32 : GgufType::U32;
            default:
                return kSigned ? GgufType::I64 : GgufType::U64;
        }
    }
    [[nodiscard]] std::uint64_t aligned(std::uint64_t position) const;

    std::string m_magic = "GGUF";
    std::uint32_t m_version = 3;
    std::uint64_t m_alignment = GgufLimits::kDefaultAlignment;
    std::optional<std::uint64_t> m_claimed_tensors;
    std::optional<std::uint64_t> m_claimed_keys;
    std::string m_keys;  // encoded records
    std::uint64_t m_n_keys = 0;
    std::vector<Tensor> m_tensors;
    std::string m_trailer;
};

}  // namespace lares::test
