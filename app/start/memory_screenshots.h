#pragma once

#include <chrono>
#include <functional>

namespace lares::app {

class ChatController;
class ScriptedTokenSource;

/// Pictures of the footer while the model is on a card, put away, and on its way back. `pass` lets
/// the controller's time pass; `save` writes one picture under a name. False where one could not be
/// written. The model is there again afterwards.
[[nodiscard]] bool takeMemoryScreenshots(ChatController& controller,
                                         ScriptedTokenSource& tokens,
                                         const std::function<void(std::chrono::minutes)>& pass,
                                         const std::function<bool(const char* state)>& save);

}  // namespace lares::app
