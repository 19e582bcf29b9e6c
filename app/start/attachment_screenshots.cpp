#include "app/start/attachment_screenshots.h"

#include "app/approval/approval_card.h"
#include "app/chat/conversation_model.h"
#include "app/start/wait_until.h"
#include "app/transcript/transcript_view.h"
#include "app/ui/attachment_row.h"
#include "app/ui/chat_page.h"
#include "app/ui/composer.h"
#include "app/ui/file_drop.h"
#include "app/ui/main_window.h"

#include <QApplication>
#include <QDropEvent>
#include <QMimeData>
#include <QUrl>

namespace lares::app {
namespace {

Attachment pictured(const char* name, const char* text, int times) {
    Attachment attachment;
    attachment.name = QString::fromUtf8(name);
    attachment.text = QString::fromUtf8(text).repeated(times);
    attachment.bytes = attachment.text.size();
    attachment.tokens = static_cast<int>(attachment.bytes / 3);
    return attachment;
}

Attachments picturedFew() {
    return {pictured("costs-2026.csv", "month,sum\nMay,12.50\nJune,3.10\n", 12),
            pictured("Minutes of the meeting about the roof, the garden and the neighbours.md",
                     "# Minutes\n\nThe roof waits.\n", 40),
            pastedText(QString("A long text that somebody pasted. ").repeated(60))};
}

/// Documents: being read, read, and the two that people meet which cannot be.
bool takeDocuments(MainWindow& window, const std::function<bool(const char* state)>& save) {
    bool isSaved = true;
    ChatPage& page = *window.chatPage();
    Composer& composer = *page.composer();
    composer.attach(pictured("Letter to the landlord.docx", "Dear Anna,\n\nthe roof waits.\n", 30));
    composer.setText("What do they agree about?");
    composer.setReadings({{1, QString("Lease of 2026, signed.pdf")}, {2, QString("costs.xlsx")}});
    isSaved &= save("document-reading");
    composer.setReadings({});
    composer.attach(pictured("Lease of 2026, signed.pdf", "The rent is due on the first.\n", 200));
    composer.attach(pictured("costs.xlsx", "Month\tCost\nMay\t12.50\n", 40));
    emit page.attachRefused(
        QString("“Minutes, scanned.pdf” holds pictures of pages, no text. A program for text "
                "recognition (OCR) can turn them into text."));
    isSaved &= save("document-scanned");
    emit page.attachRefused(QString(
        "“Salaries.pdf” is protected with a password. Save it without one, and attach that. "
        "(One more was not attached.)"));
    isSaved &= save("document-locked");
    emit page.attached();  // as after the next that goes well
    composer.clear();
    return isSaved;
}

void waitForAnswerTo(ChatController& controller) {
    waitUntil(
        [&] { return controller.conversation()->rowCount() >= 2 && !controller.isAnswering(); });
}

}  // namespace

bool takeAttachmentScreenshots(MainWindow& window,
                               ChatController& controller,
                               const std::function<bool(const char* state)>& save) {
    bool isSaved = true;
    Composer& composer = *window.chatPage()->composer();
    controller.newConversation();
    isSaved &= takeDocuments(window, save);
    for (const Attachment& attachment : picturedFew()) composer.attach(attachment);
    composer.setText("What were the costs of May?");
    isSaved &= save("attached");

    QMimeData files;
    files.setUrls({QUrl::fromLocalFile("/tmp/notes.md")});
    QDragEnterEvent drag(QPoint(10, 10), Qt::CopyAction, &files, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(&window, &drag);
    isSaved &= save("attached-drop");
    QDragLeaveEvent leave;
    QApplication::sendEvent(&window, &leave);

    for (int i = 0; i < 4; ++i) {
        for (const Attachment& attachment : picturedFew()) composer.attach(attachment);
    }
    composer.row()->buttons().front()->setFocus(Qt::TabFocusReason);
    isSaved &= save("attached-many");
    controller.setSetting("fontScale", 2.0);
    isSaved &= save("attached-large");
    controller.setSetting("fontScale", 0.8);
    isSaved &= save("attached-small");
    controller.setSetting("fontScale", 1.0);

    composer.clear();
    controller.saveDraftAttachments(picturedFew());
    emit window.chatPage()->attachedTokensChanged(0);
    controller.send("What were the costs of May?", picturedFew());
    waitForAnswerTo(controller);
    isSaved &= save("attached-sent");
    TranscriptView& transcript = *window.chatPage()->transcript();
    for (const TranscriptTarget& target : transcript.targets(0)) {
        if (target.kind != TranscriptTarget::Kind::Attachment) continue;
        transcript.activate(target);
        break;
    }
    transcript.scrollToMessage(controller.conversation()->messageAt(0).id);
    isSaved &= save("attached-open");
    controller.setSetting("fontScale", 2.0);
    isSaved &= save("attached-open-large");
    controller.setSetting("fontScale", 1.0);
    return isSaved;
}

}  // namespace lares::app
