#pragma once

#include <cstddef>

namespace lares {

/// Bytes that a model and one session of it need at most, by owner.
struct MemoryPlan {
    std::size_t weights = 0;  ///< of the model file; shared by all its sessions
    std::size_t state = 0;  ///< convolution and SSM states, and the copy that undoes a stopped step
    std::size_t kv = 0;     ///< keys and values of a full context; allocated as it fills
    std::size_t work = 0;   ///< activations of a step, scratch of the threads, logits, token ids

    /// What the session itself needs.
    [[nodiscard]] std::size_t session() const { return state + kv + work; }
    [[nodiscard]] std::size_t total() const { return weights + session(); }
};

}  // namespace lares
