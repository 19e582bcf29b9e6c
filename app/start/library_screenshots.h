#pragma once

#include <QString>

#include <functional>

namespace lares::app {

class ChatController;
class MainWindow;

/// Pictures of the document library in Settings, with a folder of samples in `home`, which is taken
/// out again. `save` writes one picture under a name. False where one could not be written. The
/// chat is shown afterwards.
[[nodiscard]] bool takeLibraryScreenshots(MainWindow& window,
                                          ChatController& controller,
                                          const QString& home,
                                          const std::function<bool(const char* state)>& save);

}  // namespace lares::app
