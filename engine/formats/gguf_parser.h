#pragma once

#include "engine/formats/byte_reader.h"
#include "engine/formats/gguf_format.h"
#include "engine/formats/gguf_reader.h"

#include <span>
#include <string>
#include <vector>

namespace lares {

/// Makes a GgufFile from bytes nobody has checked. The order is that of the file; everything is
/// checked before memory is reserved for it and before anything is multiplied or looped over.
/// One thread, one use: `GgufParser(bytes, name).parse()`.
class GgufParser {
public:
    GgufParser(std::span<const std::byte> bytes, std::string name);

    /// Errors: Corrupt or Unsupported; the message names file, byte and key or tensor.
    [[nodiscard]] Result<GgufFile> parse() &&;

private:
    // The header, in the file's order.
    [[nodiscard]] Result<void> read_magic();
    [[nodiscard]] Result<void> read_version();
    [[nodiscard]] Result<std::uint64_t> read_count(std::string_view what,
                                                   std::uint64_t limit,
                                                   std::uint64_t smallest_record);
    [[nodiscard]] Result<void> read_key_values(std::uint64_t n);
    [[nodiscard]] Result<void> read_tensors(std::uint64_t n);

    // One metadata value.
    [[nodiscard]] Result<GgufType> read_type();
    [[nodiscard]] Result<GgufValue> read_value(GgufType type);
    [[nodiscard]] Result<GgufValue> read_bool();
    [[nodiscard]] Result<GgufValue> read_array();
    [[nodiscard]] Result<GgufValue> read_numbers(GgufType type, std::uint64_t n);
    [[nodiscard]] Result<GgufValue> read_strings(std::uint64_t n);

    // One tensor record.
    [[nodiscard]] Result<GgufFile::Tensor> read_tensor();
    [[nodiscard]] Result<Shape> read_shape();
    [[nodiscard]] Result<DType> read_dtype(const Shape& shape);
    [[nodiscard]] Result<std::uint64_t> read_data_offset();

    // The data section.
    [[nodiscard]] Result<std::uint64_t> alignment() const;
    [[nodiscard]] Result<void> place_tensors();
    [[nodiscard]] Result<void> place_tensor(GgufFile::Tensor& tensor, std::uint64_t data_start);
    [[nodiscard]] Result<void> check_layout(std::uint64_t data_start) const;

    /// A number or a length-prefixed text; an error says that `what` is cut off.
    template <class T>
    [[nodiscard]] Result<T> read(std::string_view what);
    template <class T, class Wide>
    [[nodiscard]] Result<GgufValue> read_widened();
    [[nodiscard]] Result<std::string_view> read_text(std::string_view what, std::uint64_t limit);

    [[nodiscard]] Error cut_off(std::string_view what) const;
    /// About the current item; and about any byte.
    [[nodiscard]] Error corrupt(std::string_view what) const;
    [[nodiscard]] Error corrupt_at(std::uint64_t offset, std::string_view what) const;

    GgufFile m_file;
    ByteReader m_reader;
    std::string m_item = "the header";  // what is being read, for messages: "tensor 'x'"
    std::uint64_t m_item_start = 0;     // its first byte
    std::uint64_t m_alignment = GgufLimits::kDefaultAlignment;
};

/// A name from a file, fit for a message: quoted, cut at 80 bytes, all but printable ASCII escaped.
[[nodiscard]] std::string quoted(std::string_view untrusted);

}  // namespace lares
