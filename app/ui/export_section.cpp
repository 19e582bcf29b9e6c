#include "app/ui/export_section.h"

#include "app/chat/conversation_list_model.h"
#include "app/ui/button.h"
#include "app/ui/file_drop.h"
#include "app/ui/flow_layout.h"
#include "app/ui/painting.h"
#include "app/ui/text_label.h"

#include <QDate>
#include <QDir>
#include <QDragEnterEvent>
#include <QFileDialog>
#include <QLocale>
#include <QVBoxLayout>

namespace lares::app {

ExportSection::ExportSection(const Appearance* appearance,
                             ChatController* controller,
                             QWidget* parent)
    : QWidget(parent)
    , m_controller(controller)
    , m_text(
          new TextLabel(appearance,
                        TextLabel::Kind::Secondary,
                        tr("Everything that you wrote as one file, to keep or to take to another "
                           "computer: all conversations, with every version, what is attached, "
                           "folders and pins, your personas and what is remembered. "
                           "Importing adds what is not here yet; it changes and deletes nothing, "
                           "and brings no permissions. It also takes conversations.json out of an "
                           "export of ChatGPT, and conversations of LM Studio. A single "
                           "conversation is exported from "
                           "its menu in the list, to read as Markdown, web page, PDF or text."),
                        this))
    , m_copies(new TextLabel(appearance,
                             TextLabel::Kind::Secondary,
                             tr("Besides, Lares keeps a copy of your conversations of each of the "
                                "last days on which you used it, six at most. Should the disk "
                                "damage them, it puts them together again from there. What you "
                                "delete for good is in no copy."),
                             this))
    , m_export(new Button(appearance, Button::Kind::Plain, tr("Export everything…"), this))
    , m_import(new Button(appearance, Button::Kind::Plain, tr("Import…"), this))
    , m_result(new TextLabel(appearance, TextLabel::Kind::Secondary, QString(), this)) {
    m_export->setAccessibleName(tr("Export everything"));
    m_import->setAccessibleName(tr("Import conversations"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(6);
    layout->addWidget(m_text);
    layout->addWidget(makeFlowRow(this, 2, {m_export, m_import}));
    layout->addWidget(m_result);
    layout->addWidget(m_copies);
    m_copies->setVisible(controller->keepsConversations());
    for (TextLabel* label : {m_text, m_copies, m_result})
        label->setContentsMargins(kFocusRingRoom, 0, kFocusRingRoom, 0);
    setAcceptDrops(true);
    connect(m_export, &Button::clicked, this, &ExportSection::chooseExport);
    connect(m_import, &Button::clicked, this, &ExportSection::chooseImport);
    end({});
}

void ExportSection::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    if (!m_isBusy) end({});
}

void ExportSection::begin(const QString& sentence) {
    m_isBusy = true;
    m_export->setEnabled(false);
    m_import->setEnabled(false);
    m_result->setText(sentence);
    m_result->show();
}

void ExportSection::end(const QString& sentence) {
    m_isBusy = false;
    m_export->setEnabled(m_controller->keepsConversations() ||
                         m_controller->conversations()->rowCount() > 0);
    m_import->setEnabled(m_controller->keepsConversations());
    m_result->setText(sentence);
    m_result->setVisible(!sentence.isEmpty());
}

QFileDialog* ExportSection::makeDialog(const QString& title, const QString& files) {
    m_dialog = new QFileDialog(this, title, QDir::homePath(), files);
    m_dialog->setAttribute(Qt::WA_DeleteOnClose);
    return m_dialog;
}

void ExportSection::chooseExport() {
    if (m_dialog) return m_dialog->raise();
    QFileDialog* dialog =
        makeDialog(tr("Export everything"), tr("Conversations of Lares (*.json)"));
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix("json");
    dialog->selectFile(QStringLiteral("lares-conversations-%1.json")
                           .arg(QDate::currentDate().toString(Qt::ISODate)));
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& path) {
        begin(tr("Exporting…"));
        m_controller->exportAll(path).then(this, [this, path](const Result<qint64>& written) {
            const QString file = QDir::toNativeSeparators(path);
            end(!written        ? QString::fromStdString(written.error().message)
                : *written == 0 ? tr("Your personas and notes were written to %1").arg(file)
                                : tr("%Ln conversation(s) (was|were) written to %1", nullptr,
                                     static_cast<int>(*written))
                                      .arg(file));
        });
    });
    dialog->open();
}

void ExportSection::chooseImport() {
    if (m_dialog) return m_dialog->raise();
    QFileDialog* dialog = makeDialog(tr("Import conversations"),
                                     tr("Conversations of Lares, ChatGPT and LM Studio (*.json)"));
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, this, &ExportSection::importFile);
    dialog->open();
}

void ExportSection::importFile(const QString& path) {
    begin(tr("Importing…"));
    m_controller->importConversations(path).then(this, [this](const Result<ImportReport>& report) {
        end(report ? sentenceOf(*report) : QString::fromStdString(report.error().message));
    });
}

void ExportSection::dragEnterEvent(QDragEnterEvent* event) {
    const QStringList files = localFiles(event->mimeData());
    const bool isTaken = m_import->isEnabled() && files.size() == 1 &&
                         files.front().endsWith(".json", Qt::CaseInsensitive);
    if (isTaken) event->acceptProposedAction();
}

void ExportSection::dropEvent(QDropEvent* event) {
    const QStringList files = localFiles(event->mimeData());
    if (!m_import->isEnabled() || files.size() != 1) return;
    event->setDropAction(Qt::CopyAction);
    event->accept();
    importFile(files.front());
}

}  // namespace lares::app
