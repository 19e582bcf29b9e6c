#pragma once

#include "engine/base/new_file.h"
#include "engine/formats/gguf_reader.h"

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lares {

/// Writes GGUF version 3 (gguf_format.md): first what the header says, then the tensors' bytes, one
/// tensor after another, so that a file may be larger than memory. One thread at a time.
class GgufWriter {
public:
    /// A file of no model.
    GgufWriter() = default;
    explicit GgufWriter(std::string_view architecture);

    /// One key. Integers are written with 32 bits where they fit, else 64; floats as f32. Keys must
    /// differ.
    void add(std::string_view key, const GgufValue& value);
    void add(std::string_view key, std::span<const std::int32_t> values);
    void add(std::string_view key, std::span<const std::string> texts);

    /// The next tensor; `shape` outermost first. Precondition: its columns are whole blocks of a
    /// type that GGUF has.
    void add_tensor(std::string_view name, DType dtype, const Shape& shape);

    /// Of the whole file, for a look at the free space before the first byte.
    [[nodiscard]] std::uint64_t file_size_bytes() const;

    /// Writes exactly the bytes of tensor `i` (in the order of add_tensor).
    using WriteTensor = std::function<Result<void>(std::size_t i, NewFile& file)>;
    /// Header, then each tensor through `write_tensor`, then padding. Does not commit.
    /// Errors: those of NewFile and of `write_tensor`; Internal when that wrote another size.
    [[nodiscard]] Result<void> write(NewFile& file, const WriteTensor& write_tensor) const;

private:
    struct Tensor {
        std::string name;
        DType dtype;
        Shape shape;
        std::uint64_t offset;  // in the data section
        std::uint64_t size_bytes;
    };
    [[nodiscard]] std::string header() const;

    std::string m_key_values;
    std::uint64_t m_n_keys = 0;
    std::vector<Tensor> m_tensors;
    std::uint64_t m_data_size = 0;  // padded
};

}  // namespace lares
