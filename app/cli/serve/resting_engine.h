#pragma once

#include "engine/session/engine.h"

#include <atomic>
#include <functional>
#include <optional>
#include <stop_token>

namespace lares::cli {

/// An engine that gives its memory back while nobody asks, and is loaded again for who asks next.
/// One thread at a time, but for `isLoaded`.
class RestingEngine {
public:
    using Load = std::function<Result<Engine>(std::stop_token stop)>;
    /// `load` makes another one like `engine`.
    RestingEngine(Engine engine, Load load);

    /// The engine, loaded first where it rests; valid until `rest`. Errors: those of `load`, and
    /// Cancelled where `stop` came meanwhile; then it rests still.
    [[nodiscard]] Result<Engine*> wake(std::stop_token stop);
    void rest();
    [[nodiscard]] bool isLoaded() const { return m_isLoaded; }

private:
    std::optional<Engine> m_engine;
    Load m_load;
    std::atomic<bool> m_isLoaded = true;
};

}  // namespace lares::cli
