#pragma once

#include <filesystem>
#include <functional>

namespace lares::app {

class ChatController;
class MainWindow;

/// Puts three tool servers into a data folder: one that is on, one that says something else now,
/// one that was never reached.
void makeSampleServers(const std::filesystem::path& dataFolder);

/// Pictures of the tool servers in Settings, of adding one, and of the question before a call.
/// `save` writes one picture under a name. False where one could not be written. The chat is shown
/// afterwards.
[[nodiscard]] bool takeServerScreenshots(MainWindow& window,
                                         ChatController& controller,
                                         const std::function<bool(const char* state)>& save);

}  // namespace lares::app
