#pragma once

#include "engine/tensor/dtype.h"

#include <cstddef>
#include <string>
#include <vector>

namespace lares::test {

/// Blocks of one type and the values that they stand for, from tests/data/golden/blocks.json.
struct GoldenBlocks {
    std::string type;        ///< as to_string(DType) has it
    int block_elements = 0;  ///< values of a block
    int block_bytes = 0;
    std::vector<std::byte> blocks;
    std::vector<float> values;
};

/// All of the file, by name; ends the test program with a message when it cannot be read.
[[nodiscard]] const std::vector<GoldenBlocks>& golden_blocks();
/// Those of one type; ends the test program when there are none.
[[nodiscard]] const GoldenBlocks& golden_blocks_of(DType dtype);

}  // namespace lares::test
