#pragma once

#include "engine/session/engine.h"

#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace lares::app {

/// What the engine's thread is to do when nobody waits for it, in the order in which it is done.
/// A value: whoever shares it locks.
struct IdleWork {
    bool isAllForgotten = false;
    std::vector<std::string> forgotten;      ///< owners of conversations
    std::optional<bool> isKeeping;           ///< Engine::use_disk
    std::optional<GenerationRequest> ahead;  ///< Engine::read_ahead
    bool isMeasuring = false;                ///< Session::free_card_bytes, which whoever runs
                                             ///< this asks itself
    bool keep = false;                       ///< Engine::keep_snapshots

    void forget(const std::string& owner);
    void forgetAll();

    [[nodiscard]] bool isAny() const;
    /// The first of it, which is then no longer here: work for which an answer waits is short.
    [[nodiscard]] IdleWork takeNext();

    /// Does all of it. `engine` may be null: then only what is on the disk is forgotten. A stop
    /// ends reading ahead; whatever fails there fails again, and with a sentence, when it matters.
    void run(Engine* engine,
             const std::filesystem::path& folder,
             const std::stop_token& stop) const;
};

}  // namespace lares::app
