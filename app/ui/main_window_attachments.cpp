// The part of the window that is about files for a message.
#include "app/approval/approval_card.h"
#include "app/ui/chat_page.h"
#include "app/ui/composer.h"
#include "app/ui/file_drop.h"
#include "app/ui/header_bar.h"
#include "app/ui/main_window.h"

#include <QFileDialog>

#include <memory>

namespace lares::app {

void MainWindow::connectAttachments() {
    auto* drop = new FileDrop(m_appearance, this, m_chat);
    connect(drop, &FileDrop::dropped, m_chat, &ChatPage::attachFiles);
    connect(m_chat, &ChatPage::attachRequested, this, &MainWindow::chooseAttachments);
    const auto refused = std::make_shared<QString>();
    connect(m_chat, &ChatPage::attachRefused, this, [this, refused](const QString& sentence) {
        *refused = sentence;
        m_banner->showSentence(sentence, {});
    });
    connect(m_chat, &ChatPage::attached, this, [this, refused] {
        if (m_banner->sentence() == *refused) m_banner->hide();
    });
    const auto count = [this] {
        const int attached = tokensOf(m_chat->composer()->attachments());
        const ContextRoom room = m_controller->contextRoom();
        if (attached > 0 && room.most > 0) m_header->setContext(room.used, room.most);
        m_header->setAttached(attached);
    };
    connect(m_chat, &ChatPage::attachedTokensChanged, this, count);
    // After showConversation, which empties the meter, and when there is something to count with.
    connect(m_controller, &ChatController::conversationLoaded, this, count);
    connect(m_controller, &ChatController::modelStateChanged, this, count);
}

void MainWindow::chooseAttachments() {
    if (m_fileDialog != nullptr) return m_fileDialog->raise();
    showChat();
    m_fileDialog = new QFileDialog(
        this, tr("Attach files"), QString(),
        tr("All files (*);;Documents (*.pdf *.docx *.odt *.xlsx *.ods *.pptx *.odp *.epub *.rtf "
           "*.html *.htm);;Text (*.txt *.md *.csv *.tsv *.json *.log *.xml *.yaml *.yml *.ini "
           "*.tex)"));
    m_fileDialog->setAttribute(Qt::WA_DeleteOnClose);
    m_fileDialog->setFileMode(QFileDialog::ExistingFiles);
    connect(m_fileDialog, &QFileDialog::filesSelected, m_chat, &ChatPage::attachFiles);
    m_fileDialog->open();
}

}  // namespace lares::app
