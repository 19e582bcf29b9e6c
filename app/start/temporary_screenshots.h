#pragma once

#include <functional>

namespace lares::app {

class ChatController;
class MainWindow;

/// A temporary conversation, empty, with an answer, and the question before it is gone.
[[nodiscard]] bool takeTemporaryScreenshots(MainWindow& window,
                                            ChatController& controller,
                                            const std::function<bool(const char* state)>& save);

}  // namespace lares::app
