#pragma once

#include "engine/base/result.h"

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

namespace lares {

/// What a BackendSnapshot holds, as bytes in host memory in the backend's own order, for keeping on
/// a disk: only a backend of the same kind, model and type of keys and values can read them.
struct StateBytes {
    int n_positions = 0;
    std::span<const std::byte> recurrent;  ///< convolution and SSM states of all layers
    /// Keys and values of all attention layers in blocks of kKvBlock positions, in order; all of
    /// one size, the last one with positions that nobody wrote.
    std::vector<std::span<const std::byte>> kv_blocks;
    std::shared_ptr<const void> owner;  ///< keeps the bytes
};

/// InvalidArgument unless there is at least one position, and everything has the size that it must.
[[nodiscard]] Result<void> check_sizes(const StateBytes& bytes,
                                       std::size_t recurrent_bytes,
                                       std::size_t block_bytes);

}  // namespace lares
