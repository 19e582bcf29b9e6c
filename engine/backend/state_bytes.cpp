#include "engine/backend/state_bytes.h"

#include "engine/state/kv_layout.h"

#include <algorithm>
#include <string>

namespace lares {

Result<void> check_sizes(const StateBytes& bytes,
                         std::size_t recurrent_bytes,
                         std::size_t block_bytes) {
    const bool fits = bytes.n_positions > 0 && bytes.recurrent.size() == recurrent_bytes &&
                      bytes.kv_blocks.size() == kv_blocks_of(bytes.n_positions) &&
                      std::ranges::all_of(bytes.kv_blocks, [&](const auto& block) {
                          return block.size() == block_bytes;
                      });
    if (fits) return {};
    return Error{ErrorCode::InvalidArgument,
                 "the kept state of " + std::to_string(bytes.n_positions) +
                     " tokens has not the size of this model's; it will be computed again"};
}

}  // namespace lares
