#include "app/start/bundled_fonts.h"

#include <QDir>
#include <QFontDatabase>

namespace lares::app {

void addBundledFonts(const QString& folder) {
    // File by file: a folder in the system's font configuration would be remembered in the user's
    // cache under its path, and a mounted AppImage has another path each time.
    for (const QFileInfo& file : QDir(folder).entryInfoList({"*.otf", "*.ttf"}, QDir::Files))
        QFontDatabase::addApplicationFont(file.filePath());
}

}  // namespace lares::app
