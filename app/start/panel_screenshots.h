#pragma once

#include <functional>

namespace lares::app {

class ChatController;
class MainWindow;
class ScriptedTokenSource;

/// The states of the right panel, for screenshots.h. `save` takes a picture under a name;
/// `makeFiles` makes those that the script's "invoices" moves. False: one could not be written.
[[nodiscard]] bool takePanelScreenshots(MainWindow& window,
                                        ChatController& controller,
                                        ScriptedTokenSource& tokens,
                                        const std::function<void()>& makeFiles,
                                        const std::function<bool(const char* state)>& save);

}  // namespace lares::app
