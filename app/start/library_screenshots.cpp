#include "app/start/library_screenshots.h"

#include "app/chat/chat_controller.h"
#include "app/chat/document_library.h"
#include "app/start/wait_until.h"
#include "app/ui/library_row.h"
#include "app/ui/library_section.h"
#include "app/ui/main_window.h"

#include <QAbstractButton>
#include <QApplication>
#include <QDir>
#include <QFile>
#include <QScrollArea>
#include <QScrollBar>

namespace lares::app {
namespace {

void writeSample(const QString& path, const QByteArray& bytes) {
    QFile file(path);
    if (file.open(QIODevice::WriteOnly)) file.write(bytes);
}

QString makeSamplePapers(const QString& home) {
    const QString folder = home + "/Papers";
    QDir().mkpath(folder);
    writeSample(
        folder + "/lease.md",
        "# Lease\n\n## Rent\nThe rent is 900 a month.\n\n## Ending it\nThe notice period is "
        "seven weeks.\n");
    for (int i = 1; i <= 12; ++i)
        writeSample(folder + QStringLiteral("/letter-%1.txt").arg(i),
                    "Dear Ada,\n\nall is well.\n");
    writeSample(folder + "/old-contract.odt", "PK\x03\x04 half of a file");
    return folder;
}

}  // namespace

bool takeLibraryScreenshots(MainWindow& window,
                            ChatController& controller,
                            const QString& home,
                            const std::function<bool(const char* state)>& save) {
    DocumentLibrary* library = controller.library();
    const QString folder = makeSamplePapers(home);
    window.showSettings();
    auto* section = window.findChild<LibrarySection*>();
    section->add(folder);
    waitUntil([&] { return !library->folders().empty() && !library->isBusy(); });
    for (auto* button : section->findChildren<QAbstractButton*>()) {
        if (button->accessibleName() ==
            LibraryRow::tr("Files of %1 that could not be read").arg(QDir(folder).canonicalPath()))
            button->click();
    }
    QApplication::processEvents();  // the rows are shown
    for (auto* area : window.findChildren<QScrollArea*>()) {
        if (!area->isAncestorOf(section)) continue;
        const int top = section->mapTo(area->widget(), QPoint()).y();
        area->verticalScrollBar()->setValue(top - 48);
    }
    const bool isSaved = save("settings-documents");
    library->remove(QDir(folder).canonicalPath());
    waitUntil([&] { return !library->isBusy(); });
    window.showChat();
    return isSaved;
}

}  // namespace lares::app
