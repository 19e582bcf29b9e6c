#include "app/cli/serve/resting_engine.h"

#include <utility>

namespace lares::cli {

RestingEngine::RestingEngine(Engine engine, Load load)
    : m_engine(std::move(engine)), m_load(std::move(load)) {}

Result<Engine*> RestingEngine::wake(std::stop_token stop) {
    if (!m_engine) {
        ASSIGN_OR_RETURN(Engine loaded, m_load(std::move(stop)));
        m_engine.emplace(std::move(loaded));
        m_isLoaded = true;
    }
    return &*m_engine;
}

void RestingEngine::rest() {
    if (!m_engine) return;
    m_isLoaded = false;
    Engine::unload(std::move(*m_engine));
    m_engine.reset();
}

}  // namespace lares::cli
