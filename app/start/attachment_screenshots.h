#pragma once

#include <functional>

namespace lares::app {

class ChatController;
class MainWindow;

/// The states of what goes with a message, for screenshots.h. `save` takes a picture under a name.
/// False: one could not be written. The script answers "costs".
[[nodiscard]] bool takeAttachmentScreenshots(MainWindow& window,
                                             ChatController& controller,
                                             const std::function<bool(const char* state)>& save);

}  // namespace lares::app
