// The part of the window that takes conversations out, and makes another one of one.
#include "app/approval/approval_card.h"
#include "app/chat/conversation_list_model.h"
#include "app/ui/banner.h"
#include "app/ui/chat_page.h"
#include "app/ui/conversation_list.h"
#include "app/ui/main_window.h"
#include "app/ui/toast.h"

#include <QDesktopServices>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QUrl>

namespace lares::app {

void MainWindow::connectExport() {
    connect(m_list, &ConversationList::exportRequested, this, &MainWindow::chooseExport);
    connect(m_list, &ConversationList::printRequested, this, &MainWindow::printConversation);
    connect(m_list, &ConversationList::duplicateRequested, this, &MainWindow::duplicate);
}

/// One dialog: its filter is the format, and so is the ending that is typed.
void MainWindow::chooseExport(ConversationId id) {
    const ConversationListModel& list = *m_controller->conversations();
    const int row = list.rowOf(id);
    if (row < 0)
        return m_toast->showNote(tr("There is no message here yet that could be exported."));
    if (m_fileDialog != nullptr) return m_fileDialog->raise();
    m_chat->leave();  // what is in the message field goes along
    const QString name = safeFileName(list.index(row).data().toString(), tr("Conversation"));
    QStringList filters;
    for (const ExportChoice& choice : exportChoices()) filters << choice.filter;
    m_fileDialog = new QFileDialog(this, tr("Export the conversation"), QDir::homePath());
    QFileDialog* dialog = m_fileDialog;
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilters(filters);
    const auto follow = [dialog, name](const QString& filter) {
        const QString suffix = suffixOf(exportChoice({}, filter).format);
        dialog->setDefaultSuffix(suffix);
        dialog->selectFile(name + u'.' + suffix);
    };
    follow(filters.first());
    connect(dialog, &QFileDialog::filterSelected, this, follow);
    connect(dialog, &QFileDialog::fileSelected, this, [this, dialog, id](const QString& path) {
        exportTo(id, path, dialog->selectedNameFilter());
    });
    dialog->open();
}

void MainWindow::exportTo(ConversationId id, const QString& path, const QString& filter) {
    m_toast->showNote(tr("Writing %1…").arg(QFileInfo(path).fileName()));  // pages take seconds
    m_controller->exportConversation(id, path, exportChoice(path, filter))
        .then(this, [this, path](const Result<void>& written) {
            if (!written) {
                const QString sentence = QString::fromStdString(written.error().message);
                return m_banner->showSentence(sentence, sentence);
            }
            m_toast->showNote(
                tr("Written to %1").arg(QDir::toNativeSeparators(path)), tr("Show in folder"),
                [path] {
                    QDesktopServices::openUrl(QUrl::fromLocalFile(QFileInfo(path).absolutePath()));
                });
        });
}

/// The program that shows PDF files here prints them too. Printing ourselves would bring the print
/// system's network code into the process that holds the conversations.
void MainWindow::printConversation(ConversationId id) {
    const ConversationListModel& list = *m_controller->conversations();
    const int row = list.rowOf(id);
    if (row < 0)
        return m_toast->showNote(tr("There is no message here yet that could be printed."));
    m_chat->leave();
    if (!m_printed) {
        // In memory, where the system has such a folder; gone with the window.
        const QString runtime = QStandardPaths::writableLocation(QStandardPaths::RuntimeLocation);
        m_printed = std::make_unique<QTemporaryDir>(
            (runtime.isEmpty() ? QDir::tempPath() : runtime) + "/lares-print-XXXXXX");
    }
    if (!m_printed->isValid()) {
        const QString sentence =
            tr("There is no place for the pages, so nothing was printed: %1. Export the "
               "conversation as PDF and print that.")
                .arg(m_printed->errorString());
        m_printed.reset();
        return m_banner->showSentence(sentence, sentence);
    }
    const QString path = m_printed->filePath(
        safeFileName(list.index(row).data().toString(), tr("Conversation")) + ".pdf");
    m_toast->showNote(tr("Making the pages…"));
    m_controller->exportConversation(id, path, exportChoice(path, {}))
        .then(this, [this, path](const Result<void>& written) {
            QString sentence;
            if (!written) {
                sentence = QString::fromStdString(written.error().message);
            } else if (!QDesktopServices::openUrl(QUrl::fromLocalFile(path))) {
                sentence =
                    tr("Nothing on this computer shows PDF files, so nothing was printed. Install "
                       "a program that does, or export the conversation and print it elsewhere.");
            }
            if (!sentence.isEmpty()) return m_banner->showSentence(sentence, sentence);
            m_toast->showNote(tr("The pages are in your PDF viewer: print them from there"));
        });
}

void MainWindow::duplicate(ConversationId id) {
    m_chat->leave();
    m_controller->duplicateConversation(id).then(this, [this](const Result<ConversationId>& made) {
        if (made) return showChat();
        const QString sentence = tr("The conversation was not duplicated. %1")
                                     .arg(QString::fromStdString(made.error().message));
        m_banner->showSentence(sentence, sentence);
    });
}

}  // namespace lares::app
