#pragma once

#include <functional>

namespace lares::app {

class ChatController;
class MainWindow;

/// The states of formulas, for screenshots.h. `save` takes a picture under a name.
bool takeFormulaScreenshots(MainWindow& window,
                            ChatController& controller,
                            const std::function<bool(const char* state)>& save);

}  // namespace lares::app
