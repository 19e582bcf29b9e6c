#pragma once

#include "engine/base/mapped_file.h"
#include "engine/base/result.h"
#include "engine/formats/file_tensor.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

namespace lares {

/// A GGUF metadata array of numbers or bools, still in the file's bytes.
struct GgufArray {
    std::uint32_t element_type = 0;    ///< GGUF value type, never string or array
    std::span<const std::byte> bytes;  ///< n_elements × element size, any alignment
    std::uint64_t n_elements = 0;
};

/// Integers widen to 64 bits, f32 to f64; strings are views into the mapped file.
using GgufValue = std::variant<std::uint64_t,  // u8 u16 u32 u64
                               std::int64_t,   // i8 i16 i32 i64
                               double,         // f32 f64
                               bool,
                               std::string_view,
                               GgufArray,
                               std::vector<std::string_view>>;  // array of strings

/// The header of a GGUF v2/v3 file, checked completely before anything of it is used: the file is
/// untrusted input. Layout in gguf_format.md; the list of checks is the one of design/security 3.8.
/// Immutable and thread safe after `open`. Owns the mapping: views it hands out live as long as any
/// copy of this object.
class GgufFile {
public:
    /// Maps and parses `path`. Errors: those of MappedFile::open; Corrupt or Unsupported with file,
    /// offset and, where it applies, key or tensor in the message. A file without tensors (a
    /// vocabulary) is valid.
    /// A part of a split file opens all parts: see gguf_split.h.
    [[nodiscard]] static Result<GgufFile> open(const std::filesystem::path& path);
    /// The file alone, even when it is a part.
    [[nodiscard]] static Result<GgufFile> open_one(const std::filesystem::path& path);

    /// The same over bytes in memory, which must outlive the result (tests, fuzzing). `name` stands
    /// in messages where the file's name would.
    [[nodiscard]] static Result<GgufFile> parse(std::span<const std::byte> bytes, std::string name);

    [[nodiscard]] const std::string& name() const noexcept { return m_name; }
    [[nodiscard]] std::uint32_t version() const noexcept { return m_version; }
    [[nodiscard]] std::uint64_t file_size_bytes() const noexcept { return m_bytes.size(); }
    /// The files this model lies in: itself, or all parts of a split one.
    [[nodiscard]] std::span<const FilePart> parts() const noexcept { return m_parts; }

    /// All metadata, in the file's order.
    struct KeyValue {
        std::string_view key;
        GgufValue value;
    };
    [[nodiscard]] std::span<const KeyValue> metadata() const noexcept { return m_metadata; }

    /// Metadata by key, nullptr if absent.
    [[nodiscard]] const GgufValue* find_or_null(std::string_view key) const;

    /// Typed access. NotFound when the key is absent, Corrupt when it has another type or does not
    /// fit; the message names file and key. Unsigned and signed integers convert when in range.
    [[nodiscard]] Result<std::uint32_t> get_u32(std::string_view key) const;
    [[nodiscard]] Result<float> get_f32(std::string_view key) const;
    [[nodiscard]] Result<bool> get_bool(std::string_view key) const;
    [[nodiscard]] Result<std::string_view> get_string(std::string_view key) const;
    [[nodiscard]] Result<std::span<const std::string_view>> get_strings(std::string_view key) const;
    /// An array of integers of any width, or a single integer as an array of one.
    [[nodiscard]] Result<std::vector<std::int64_t>> get_integers(std::string_view key) const;

    using Tensor = FileTensor;
    /// All tensors, in the file's order.
    [[nodiscard]] std::span<const Tensor> tensors() const noexcept { return m_tensors; }
    [[nodiscard]] const Tensor* find_tensor_or_null(std::string_view name) const;

private:
    friend class GgufParser;
    GgufFile() = default;

    [[nodiscard]] Result<const GgufValue*> find(std::string_view key) const;
    [[nodiscard]] Error wrong_type(std::string_view key, std::string_view wanted) const;

    std::string m_name;
    std::uint32_t m_version = 0;
    std::span<const std::byte> m_bytes;
    std::vector<FilePart> m_parts;
    std::vector<KeyValue> m_metadata;
    std::vector<Tensor> m_tensors;
    std::unordered_map<std::string_view, std::size_t> m_key_index;
    std::unordered_map<std::string_view, std::size_t> m_tensor_index;
    std::shared_ptr<const MappedFile> m_mapping;  // null after parse()
};

}  // namespace lares
