#pragma once

#include <functional>

namespace lares::app {

class ChatController;
class MainWindow;

/// A persona's lore in its editor and below a message that brings some, for screenshots.h. `save`
/// takes a picture under a name. False: one could not be written. The script answers "pier".
[[nodiscard]] bool takeLoreScreenshots(MainWindow& window,
                                       ChatController& controller,
                                       const std::function<bool(const char* state)>& save);

}  // namespace lares::app
