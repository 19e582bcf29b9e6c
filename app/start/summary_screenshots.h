#pragma once

#include <functional>

namespace lares::app {

class ChatController;
class MainWindow;

/// Pictures of a conversation whose beginning is read as a summary: `save` takes one.
/// The conversation is as before afterwards.
[[nodiscard]] bool takeSummaryScreenshots(MainWindow& window,
                                          ChatController& controller,
                                          const std::function<bool(const char* state)>& save);

}  // namespace lares::app
