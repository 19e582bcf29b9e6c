#pragma once

#include <QString>

class QCoreApplication;

namespace lares::app {

/// What the command line asks for.
struct AppOptions {
    QString dataFolder;         ///< never empty
    QString model;              ///< empty: the last one, or the demo model
    QString script;             ///< answers come from this file instead of a model
    bool isQuick = false;       ///< a quick question instead of the window
    bool isBackground = false;  ///< no window where there is an icon in the tray
    QString language;           ///< for this start: a code or "system"; empty: as in Settings
    QString screenshots;  ///< pictures of the window go into this folder, then the program ends
};

/// What --language says, before anything else is read: "system" where it says nothing. --help is
/// in that language too.
[[nodiscard]] QString languageOption(int argc, const char* const* argv);

/// Ends the program for --help, --version and wrong usage, as command lines do.
[[nodiscard]] AppOptions readOptions(const QCoreApplication& application);

/// resources/ of the source tree for a program in build/bin, share/lares beside bin/ for an
/// installed one. Empty when there is neither.
[[nodiscard]] QString resourceFolder();

}  // namespace lares::app
