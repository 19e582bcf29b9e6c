#include "app/start/find_screenshots.h"

#include "app/chat/chat_controller.h"
#include "app/start/sample_conversations.h"
#include "app/start/wait_until.h"
#include "app/transcript/transcript_view.h"
#include "app/ui/chat_page.h"
#include "app/ui/find_bar.h"
#include "app/ui/main_window.h"
#include "app/ui/palette.h"

#include <QApplication>
#include <QLabel>
#include <QLineEdit>
#include <QListView>

namespace lares::app {
bool takeFindScreenshots(MainWindow& window,
                         ChatController& controller,
                         const std::function<bool(const char* state)>& save) {
    bool isSaved = true;
    const QSize size = window.size();
    const QJsonValue theme = controller.setting("theme");
    FindBar& bar = *window.chatPage()->findBar();
    TranscriptView& transcript = *window.chatPage()->transcript();
    controller.openConversation(kLongSample);
    waitUntil([&] { return !controller.isConversationLoading(); });

    window.run(WindowCommand::FindHere);
    bar.field()->setText("invoices");
    isSaved &= save("find");
    transcript.scrollToMessage(11);
    bar.field()->setText("which");
    isSaved &= save("find-first");  // under the bar, where there is no room for both
    bar.field()->setText("sort by vendor");
    isSaved &= save("find-in-thinking");
    controller.setSetting("theme", "high-contrast");
    bar.field()->setText("doc");
    isSaved &= save("find-contrast");
    controller.setSetting("theme", theme);
    bar.field()->setText("a word that is nowhere");
    isSaved &= save("find-nothing");
    bar.field()->setText("file");
    window.resize(window.minimumSize());
    isSaved &= save("find-small-window");
    controller.setSetting("fontScale", 2.0);
    isSaved &= save("find-small-window-large-text");
    window.resize(size);
    isSaved &= save("find-large-text");
    controller.setSetting("fontScale", 0.8);
    isSaved &= save("find-small-text");
    bar.endFind();

    Palette& palette = *window.commandPalette();
    window.run(WindowCommand::Palette);
    isSaved &= save("palette-small-text");
    palette.dismiss();
    controller.setSetting("fontScale", 1.0);
    window.run(WindowCommand::Palette);
    isSaved &= save("palette");
    palette.field()->setText("in");
    waitUntil([&] {
        const QAbstractItemModel& rows = *palette.list()->model();
        return rows.rowCount() > 0 && !rows.index(rows.rowCount() - 1, 0)
                                           .data(PaletteModel::LineRole)
                                           .toString()
                                           .isEmpty();
    });
    isSaved &= save("palette-found");
    palette.field()->setText("nothing like it");
    waitUntil([&] {
        return palette.findChild<QLabel*>()->text().startsWith(
            Palette::tr("Nothing holds “%1”.").section(u'%', 0, 0));
    });
    isSaved &= save("palette-nothing");
    palette.dismiss();
    controller.setSetting("theme", "high-contrast");
    window.run(WindowCommand::Palette);
    isSaved &= save("palette-contrast");
    palette.dismiss();
    controller.setSetting("theme", theme);
    controller.setSetting("fontScale", 2.0);
    window.resize(window.minimumSize());
    window.run(WindowCommand::Palette);
    isSaved &= save("palette-small-window-large-text");
    palette.dismiss();
    controller.setSetting("fontScale", 1.0);
    window.resize(size);
    return isSaved;
}

}  // namespace lares::app
