// The part of the window that the desktop calls: tray, notices, a second start.
#include "app/ui/main_window.h"

namespace lares::app {

void MainWindow::comeForward() {
    if (isMinimized()) setWindowState(windowState() & ~Qt::WindowMinimized);
    show();
    raise();
    activateWindow();
}

void MainWindow::openConversation(ConversationId id) {
    comeForward();
    open(id);
}

void MainWindow::beginConversation() {
    comeForward();
    openNew();
}

void MainWindow::beginTemporaryConversation() {
    comeForward();
    openTemporary();
}

}  // namespace lares::app
