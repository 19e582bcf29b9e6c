#pragma once

#include "engine/backend/cuda/vram_plan.h"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace lares {

/// A graphics card of this machine.
struct CardSummary {
    int ordinal = 0;  ///< the N of cuda:N
    std::string name;
    int compute_major = 0;
    int compute_minor = 0;
    int n_multiprocessor = 0;
    std::size_t total_bytes = 0;
    std::size_t free_bytes = 0;  ///< with this program's context made
    std::string problem;         ///< why it cannot be used, one sentence; empty where it can
    /// cuBLAS is there for long prompts of models that are not quantised.
    bool has_library = false;
    /// Which, or one sentence why not; empty where there is a problem.
    std::string library = {};
};

/// What find_cards found.
struct CardList {
    std::vector<CardSummary> cards;
    std::string why_none;  ///< one sentence where there is nothing to compute on; empty otherwise
};

/// Asks the driver, and looks for cuBLAS without starting it, which may take a second; nothing of a
/// card stays taken. Never fails: why there is no card is the answer.
[[nodiscard]] CardList find_cards();

}  // namespace lares
