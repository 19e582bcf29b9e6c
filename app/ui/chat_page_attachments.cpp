// The part of the page that is about what goes with a message.
#include "app/approval/approval_card.h"
#include "app/chat/conversation_model.h"
#include "app/ui/attachment_row.h"
#include "app/ui/chat_page.h"
#include "app/ui/composer.h"

#include <QFile>
#include <QFileInfo>
#include <QTimer>
#include <QtConcurrentRun>

#include <utility>

namespace lares::app {
namespace {

/// Below that nobody sees that a file is read.
constexpr int kUnseenReadingMs = 200;

struct FileToRead {
    QString path;
    std::stop_token stop;
};

std::vector<Result<Attachment>> readAll(const std::vector<FileToRead>& files,
                                        const DocumentReader& documents) {
    std::vector<Result<Attachment>> read;
    for (const FileToRead& file : files) {
        if (file.stop.stop_requested()) continue;
        const Result<AttachedText> text =
            readAttachedText(QFileInfo(file.path).filesystemFilePath(), documents, file.stop);
        if (file.stop.stop_requested()) continue;
        read.push_back(text ? Result<Attachment>(attachmentOf(*text)) : text.error());
    }
    return read;
}

}  // namespace

void ChatPage::connectAttachments() {
    m_reader.setMaxThreadCount(1);
    connect(m_composer, &Composer::attachRequested, this, &ChatPage::attachRequested);
    connect(m_composer, &Composer::filesPasted, this, &ChatPage::attachFiles);
    connect(m_composer, &Composer::longTextPasted, this, &ChatPage::attachPaste);
    connect(m_composer, &Composer::imagePasted, this, [this] {
        emit attachRefused(tr(
            "An image cannot be attached: this model reads text only. Documents with text, source "
            "code, Markdown, CSV, JSON, logs and other text files can be."));
    });
    connect(m_composer, &Composer::readingCancelled, this, &ChatPage::cancelReading);
    connect(m_composer, &Composer::attachmentsChanged, this, &ChatPage::saveAttachments);
    connect(m_controller, &ChatController::draftAttachmentsLoaded, this,
            &ChatPage::showDraftAttachments);
}

void ChatPage::attachFiles(const QStringList& paths) {
    if (paths.isEmpty()) return;
    ++m_nReading;
    const int batch = ++m_readings.lastBatch;
    // More than a message takes are not even read.
    const auto most = static_cast<qsizetype>(kMaxAttachments) + 1;
    std::vector<FileToRead> files;
    for (const QString& path : paths.mid(0, most)) {
        Reading reading;
        reading.conversation = m_controller->conversation()->info().id;
        reading.batch = batch;
        reading.id = ++m_readings.lastId;
        reading.name =
            QString::fromStdString(lares::shownName(QFileInfo(path).fileName().toStdString()));
        files.push_back({path, reading.stop.get_token()});
        m_readings.files.push_back(std::move(reading));
    }
    QTimer::singleShot(kUnseenReadingMs, this, &ChatPage::showReadings);
    QtConcurrent::run(&m_reader, readAll, files, m_documents)
        .then(this, [this, batch, id = m_controller->conversation()->info().id](
                        const std::vector<Result<Attachment>>& read) {
            --m_nReading;
            std::erase_if(m_readings.files, [&](const Reading& one) { return one.batch == batch; });
            showReadings();
            if (m_controller->conversation()->info().id != id) {
                return emit attachRefused(
                    tr("Nothing was attached: another conversation was opened meanwhile."));
            }
            takeRead(read);
        });
}

void ChatPage::showReadings() {
    std::vector<ReadingFile> shown;
    for (const Reading& one : m_readings.files) {
        if (one.isShown) shown.push_back({one.id, one.name});
    }
    m_composer->setReadings(shown);
}

void ChatPage::cancelReading(int id) {
    for (Reading& one : m_readings.files) {
        if (one.id != id) continue;
        one.stop.request_stop();
        one.isShown = false;
    }
    showReadings();
}

void ChatPage::cancelReadings() {
    for (Reading& one : m_readings.files) {
        one.stop.request_stop();
        one.isShown = false;
    }
    showReadings();
}

void ChatPage::cancelReadingsOfOthers() {
    const ConversationId shown = m_controller->conversation()->info().id;
    for (Reading& one : m_readings.files) {
        if (one.conversation == shown) continue;
        one.stop.request_stop();
        one.isShown = false;
    }
    showReadings();
}

void ChatPage::takeRead(const std::vector<Result<Attachment>>& files) {
    QStringList reasons;
    for (const Result<Attachment>& file : files) {
        const Result<void> done = file ? attach(*file) : Result<void>(file.error());
        if (!done) reasons << QString::fromStdString(done.error().message);
    }
    reasons.removeDuplicates();
    if (reasons.isEmpty()) emit attached();
    if (!reasons.isEmpty()) refuse(reasons);
    m_composer->focusText();
}

void ChatPage::refuse(const QStringList& reasons) {
    const auto others = static_cast<int>(reasons.size() - 1);
    emit attachRefused(
        others == 0
            ? reasons.first()
            : tr("%1 (%Ln more (was|were) not attached.)", nullptr, others).arg(reasons.first()));
}

void ChatPage::attachPaste(const QString& text) {
    const Result<void> done = attach(pastedText(text));
    if (done) return emit attached();
    refuse({QString::fromStdString(done.error().message)});
}

Result<void> ChatPage::attach(const Attachment& attachment) {
    RETURN_IF_ERROR(checkRoom(m_composer->attachments(), attachment, m_controller->contextRoom()));
    m_composer->attach(attachment);
    return {};
}

void ChatPage::showDraftAttachments() {
    m_composer->setDraftAttachments(m_controller->draftAttachments());
    countAttached();
}

void ChatPage::saveAttachments() {
    if (!m_composer->isEditing()) m_controller->saveDraftAttachments(m_composer->attachments());
    countAttached();
}

/// Beside what was written meanwhile, if anything was.
void ChatPage::giveBack(const QString& text, const Attachments& attachments) {
    if (m_composer->isEditing()) cancelEditing();
    const QString written = m_composer->text();
    m_composer->setText(written.trimmed().isEmpty() || text.isEmpty() ? text + written
                                                                      : text + "\n\n" + written);
    Attachments all = attachments;
    const Attachments& now = m_composer->attachments();
    all.insert(all.end(), now.begin(), now.end());
    m_composer->setDraftAttachments(all);
    m_controller->saveDraft(m_composer->text());
    saveAttachments();
}

void ChatPage::countAttached() {
    emit attachedTokensChanged(tokensOf(m_composer->attachments()));
}

}  // namespace lares::app
