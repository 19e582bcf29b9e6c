#pragma once

#include <functional>

namespace lares::app {

class ChatController;
class MainWindow;

/// The states of finding and of the palette, for screenshots.h. `save` takes a picture under a
/// name. False: one could not be written.
[[nodiscard]] bool takeFindScreenshots(MainWindow& window,
                                       ChatController& controller,
                                       const std::function<bool(const char* state)>& save);

}  // namespace lares::app
