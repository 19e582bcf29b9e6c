#pragma once

#include "engine/tensor/tensor_view.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace lares {

/// A tensor as a model file has it. Name and bytes borrow from the file's object.
struct FileTensor {
    std::string_view name;
    TensorView view;  ///< shape outermost first
    std::uint64_t file_offset = 0;
};

/// One of the files that make up a model.
struct FilePart {
    std::string name;
    std::uint64_t size_bytes = 0;
};

}  // namespace lares
