// The part of the window that is about its right panel.
#include "app/approval/approval_card.h"
#include "app/chat/conversation_model.h"
#include "app/panel/panel_host.h"
#include "app/panel/side_panel.h"
#include "app/transcript/transcript_view.h"
#include "app/ui/chat_page.h"
#include "app/ui/composer.h"
#include "app/ui/header_bar.h"
#include "app/ui/main_window.h"
#include "app/ui/personas_page.h"
#include "app/ui/toast.h"

#include <QApplication>
#include <QJsonObject>
#include <QStackedWidget>

namespace lares::app {
namespace {

constexpr const char* kPanelSetting = "panel";

}  // namespace

void MainWindow::connectPanel() {
    connect(m_header, &HeaderBar::panelRequested, this, &MainWindow::setPanelOpen);
    connect(m_panel, &SidePanel::left, this, &MainWindow::leavePanel);
    connect(m_panel, &SidePanel::tabChanged, this, &MainWindow::savePanel);
    connect(m_panel, &SidePanel::noted, this,
            [this](const QString& note) { m_toast->showNote(note); });
    connect(m_panel, &SidePanel::messageRequested, m_chat->transcript(),
            &TranscriptView::scrollToMessage);
    connect(m_panel, &SidePanel::editPersonaRequested, this, [this](const QString& id) {
        showPersonas();
        m_personas->edit(id);
    });
    const auto showThinking = [this] { m_header->setThinking(m_controller->isThinking()); };
    connect(m_controller, &ChatController::parametersChanged, this, showThinking);
    connect(m_controller, &ChatController::conversationChanged, this, showThinking);
    connect(m_controller, &ChatController::personaChanged, this, showThinking);
    connect(m_panelHost, &PanelHost::panelWidthChanged, this, &MainWindow::savePanel);
    connect(m_panelHost, &PanelHost::arranged, this, &MainWindow::placeToast);
    connect(m_pages, &QStackedWidget::currentChanged, this, &MainWindow::showPanel);
    connect(m_chat->transcript(), &TranscriptView::promptRequested, this, &MainWindow::showPrompt);
}

void MainWindow::restorePanel() {
    const QJsonObject panel = m_controller->setting(kPanelSetting).toObject();
    m_isPanelOpen = panel["open"].toBool(false);  // first: a new tab is saved, with all the rest
    m_panelHost->setPanelWidth(panel["width"].toInt(SidePanel::kWidth));
    m_panel->showTab(panel["tab"].toString());
    showPanel();
}

void MainWindow::savePanel() {
    m_controller->setSetting(kPanelSetting, QJsonObject{{"open", m_isPanelOpen},
                                                        {"width", m_panelHost->panelWidth()},
                                                        {"tab", m_panel->tabName()}});
}

/// It is about the conversation, so it is there while that is.
void MainWindow::showPanel() {
    m_panelHost->setPanelShown(m_isPanelOpen && m_pages->currentWidget() == m_chat);
    m_header->setPanelOpen(m_panelHost->isPanelShown());
}

void MainWindow::setPanelOpen(bool isOpen) {
    const QWidget* focus = QApplication::focusWidget();
    const bool hadFocus =
        focus != nullptr && m_panelHost->isAncestorOf(focus) && !m_pages->isAncestorOf(focus);
    m_isPanelOpen = isOpen;
    if (isOpen && m_pages->currentWidget() != m_chat) showChat();
    showPanel();
    savePanel();
    if (isOpen) m_panel->focusFirst();
    if (!isOpen && hadFocus) m_chat->composer()->focusText();
}

/// Over the text it would be in the way of whoever goes on writing.
void MainWindow::leavePanel() {
    if (m_panelHost->isOverlaid()) return setPanelOpen(false);
    m_chat->composer()->focusText();
}

void MainWindow::showPrompt(MessageId answer) {
    if (!m_panelHost->isPanelShown()) setPanelOpen(true);
    m_panel->showPrompt(answer);
}

}  // namespace lares::app
