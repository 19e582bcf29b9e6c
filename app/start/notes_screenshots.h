#pragma once

#include <functional>

namespace lares::app {

class ChatController;
class MainWindow;

/// What the assistant remembers: the page, the editor, and the line about a note that was
/// forgotten. Leaves no notes. `save` takes one picture; false when one could not be written.
[[nodiscard]] bool takeNotesScreenshots(MainWindow& window,
                                        ChatController& controller,
                                        const std::function<bool(const char* state)>& save);

}  // namespace lares::app
