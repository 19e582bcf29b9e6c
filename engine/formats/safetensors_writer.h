#pragma once

#include "engine/base/new_file.h"
#include "engine/tensor/dtype.h"
#include "engine/tensor/shape.h"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace lares {

/// Writes one safetensors file: a length, a JSON header, the tensors' bytes without gaps
/// (safetensors_format.md). One thread at a time.
class SafetensorsWriter {
public:
    /// The next tensor, of type F32, F16, BF16 or F8_E4M3. Wide types must come before narrow ones:
    /// there is no padding, and so each tensor is aligned to its element.
    void add_tensor(std::string_view name, DType dtype, const Shape& shape);

    [[nodiscard]] std::uint64_t data_size_bytes() const { return m_data_size; }

    /// Writes exactly the bytes of tensor `i` (in the order of add_tensor).
    using WriteTensor = std::function<Result<void>(std::size_t i, NewFile& file)>;
    /// Does not commit. Errors: those of NewFile and of `write_tensor`; Internal when that wrote
    /// another size.
    [[nodiscard]] Result<void> write(NewFile& file, const WriteTensor& write_tensor) const;

private:
    struct Tensor {
        std::string name;
        DType dtype;
        Shape shape;
        std::uint64_t size_bytes;
    };
    [[nodiscard]] std::string header() const;

    std::vector<Tensor> m_tensors;
    std::uint64_t m_data_size = 0;
};

}  // namespace lares
