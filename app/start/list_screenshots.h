#pragma once

#include <functional>

namespace lares::app {

class ChatController;
class MainWindow;

/// The states of the conversation list: folders, one of them folded, one with the focus, one being
/// renamed, the menu of a row; and what was deleted. Leaves the list as it was. `save` takes one
/// picture; false when one could not be written.
[[nodiscard]] bool takeListScreenshots(MainWindow& window,
                                       ChatController& controller,
                                       const std::function<bool(const char* state)>& save);

}  // namespace lares::app
