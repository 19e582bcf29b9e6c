#include "app/ui/tool_log_section.h"

#include "app/ui/button.h"
#include "app/ui/flow_layout.h"
#include "app/ui/painting.h"
#include "app/ui/text_label.h"

#include <QDir>
#include <QFileDialog>
#include <QLocale>
#include <QVBoxLayout>

#include <utility>

namespace lares::app {

ToolLogSection::ToolLogSection(const Appearance* appearance,
                               ChatController* controller,
                               QWidget* parent)
    : QWidget(parent)
    , m_controller(controller)
    , m_text(new TextLabel(appearance, TextLabel::Kind::Secondary, {}, this))
    , m_result(new TextLabel(appearance, TextLabel::Kind::Secondary, {}, this))
    , m_check(new Button(appearance, Button::Kind::Plain, tr("Check"), this))
    , m_export(new Button(appearance, Button::Kind::Plain, tr("Export…"), this))
    , m_delete(new Button(appearance, Button::Kind::Plain, tr("Delete…"), this))
    , m_confirm(new Button(appearance, Button::Kind::Plain, tr("Delete the tool log"), this))
    , m_keep(new Button(appearance, Button::Kind::Plain, tr("Keep it"), this)) {
    m_check->setAccessibleName(tr("Check the tool log"));
    m_export->setAccessibleName(tr("Export the tool log"));
    m_delete->setAccessibleName(tr("Delete the tool log, after a question"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(6);
    layout->addWidget(m_text);
    layout->addWidget(makeFlowRow(this, 2, {m_check, m_export, m_delete, m_confirm, m_keep}));
    layout->addWidget(m_result);
    for (TextLabel* label : {m_text, m_result})
        label->setContentsMargins(kFocusRingRoom, 0, kFocusRingRoom, 0);
    m_result->hide();

    connect(m_check, &Button::clicked, this, &ToolLogSection::check);
    connect(m_export, &Button::clicked, this, &ToolLogSection::chooseFile);
    connect(m_delete, &Button::clicked, this, [this] { setAsking(true); });
    connect(m_keep, &Button::clicked, this, [this] {
        setAsking(false);
        m_result->hide();
    });
    connect(m_confirm, &Button::clicked, this, &ToolLogSection::erase);
    setAsking(false);
    showState(ToolLogState{}, {});
}

void ToolLogSection::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    look();
}

void ToolLogSection::look() {
    m_result->hide();
    setAsking(false);
    if (m_controller->keepsToolLog()) take(m_controller->toolLog(), {});
}

void ToolLogSection::setAsking(bool isAsking) {
    const bool hadFocus = m_delete->hasFocus() || m_keep->hasFocus() || m_confirm->hasFocus();
    for (Button* button : {m_check, m_export, m_delete}) button->setVisible(!isAsking);
    for (Button* button : {m_confirm, m_keep}) button->setVisible(isAsking);
    if (hadFocus) (isAsking ? m_keep : m_delete)->setFocus();
    if (!isAsking) return;
    m_result->setText(
        tr("All entries are deleted, and cannot be brought back. What the tools did "
           "can still be undone. The new log begins by saying that this one was "
           "deleted."));
    m_result->show();
}

void ToolLogSection::setBusy(bool isBusy) {
    for (Button* button : {m_check, m_export, m_delete}) button->setEnabled(!isBusy && !m_isEmpty);
}

void ToolLogSection::check() {
    m_result->setText(tr("Checking…"));
    m_result->show();
    take(m_controller->checkToolLog(), tr("Every entry is as it was written."));
}

void ToolLogSection::erase() {
    setAsking(false);
    m_result->hide();
    take(m_controller->deleteToolLog(), tr("The log was deleted."));
}

void ToolLogSection::take(ChatController::ToolLogReply reply, const QString& whenDone) {
    setBusy(true);
    reply.then(this,
               [this, whenDone](const Result<ToolLogState>& state) { showState(state, whenDone); });
}

void ToolLogSection::showState(const Result<ToolLogState>& state, const QString& more) {
    m_isEmpty = state && state->entries == 0;  // one that cannot be opened can be deleted
    QString text =
        tr("Every tool call is written down: what was asked for, who allowed or refused "
           "it, and how it ended. Lares cannot change an entry later, and notices if "
           "another program does. An entry stays for a year; a conversation that is "
           "deleted for good takes with it what its calls were about.");
    if (!m_controller->keepsToolLog()) {
        text = tr("Nothing is kept in this session.");
    } else if (state && m_isEmpty) {
        text += QStringLiteral("\n") + tr("There is no entry yet.");
    } else if (state) {
        const QString since = QLocale().toString(state->since.date(), QLocale::LongFormat);
        text +=
            QStringLiteral("\n") +
            tr("%Ln entr(y|ies) since %1.", nullptr, static_cast<int>(state->entries)).arg(since);
    }
    m_text->setText(text);
    const QString result = !state ? QString::fromStdString(state.error().message)
                           : !state->problem.isEmpty() ? state->problem
                                                       : more;
    m_result->setText(result);
    m_result->setVisible(!result.isEmpty());
    setBusy(false);
}

void ToolLogSection::chooseFile() {
    if (m_dialog) return m_dialog->raise();
    m_dialog = new QFileDialog(this, tr("Export the tool log"), QDir::homePath(),
                               tr("JSON lines (*.jsonl)"));
    m_dialog->setAttribute(Qt::WA_DeleteOnClose);
    m_dialog->setAcceptMode(QFileDialog::AcceptSave);
    m_dialog->setDefaultSuffix("jsonl");
    m_dialog->selectFile("lares-tool-log.jsonl");
    connect(m_dialog, &QFileDialog::fileSelected, this, [this](const QString& path) {
        setBusy(true);
        m_controller->exportToolLog(path).then(this, [this, path](const Result<qint64>& written) {
            m_result->setText(written ? tr("Written to %1").arg(QDir::toNativeSeparators(path))
                                      : QString::fromStdString(written.error().message));
            m_result->show();
            setBusy(false);
        });
    });
    m_dialog->open();
}

}  // namespace lares::app
