#include "app/ui/server_form.h"

#include "app/ui/button.h"
#include "app/ui/composer.h"
#include "app/ui/field_frame.h"
#include "app/ui/flow_layout.h"
#include "app/ui/painting.h"
#include "app/ui/text_label.h"

#include <QDir>
#include <QKeyEvent>
#include <QLineEdit>
#include <QVBoxLayout>

namespace lares::app {
namespace {

constexpr int kMostFolderLines = 6;

QStringList linesOf(const ComposerText* text) {
    QStringList lines;
    for (const QString& line : text->toPlainText().split('\n')) {
        if (const QString trimmed = line.trimmed(); !trimmed.isEmpty()) lines << trimmed;
    }
    return lines;
}

}  // namespace

ServerForm::ServerForm(const Appearance* appearance, QWidget* parent)
    : QWidget(parent)
    , m_appearance(appearance)
    , m_name(new QLineEdit)
    , m_command(new QLineEdit)
    , m_folders(new ComposerText)
    , m_variables(new ComposerText)
    , m_problem(new TextLabel(appearance, TextLabel::Kind::Note, {}, this))
    , m_add(new Button(appearance, Button::Kind::Primary, tr("Add and look at its tools"), this))
    , m_leave(new Button(appearance, Button::Kind::Plain, tr("Cancel"), this)) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 4, 0, 4);
    column->setSpacing(5);
    m_name->setAccessibleName(tr("Name of the tool server"));
    m_name->setPlaceholderText(tr("notes"));
    m_command->setAccessibleName(tr("Command line of the tool server"));
    m_command->setPlaceholderText(tr("/home/me/notes-server/bin/notes-server --quiet"));
    m_folders->setAccessibleName(tr("Folders that it may read"));
    m_variables->setAccessibleName(tr("Variables of its environment"));
    for (ComposerText* text : {m_folders, m_variables}) {
        text->setEnterSends(false);
        connect(text, &ComposerText::sendPressed, this, &ServerForm::add);
        connect(text, &ComposerText::escapePressed, this, &ServerForm::leaveRequested);
    }
    addText(tr("Name: small letters, digits and -"));
    column->addWidget(new FieldFrame(appearance, m_name, this));
    addText(
        tr("Command line: the program, as it is installed on this computer, and its arguments"));
    column->addWidget(new FieldFrame(appearance, m_command, this));
    addText(
        tr("Folders that it may read, one a line: the program's own, and what it is about. "
           "What it writes goes to a folder of its own, which it sees as /server-data."));
    column->addWidget(new FieldFrame(appearance, m_folders, 2, kMostFolderLines, this));
    addText(tr("Variables, one a line: NAME=value"));
    column->addWidget(new FieldFrame(appearance, m_variables, 1, kMostFolderLines, this));
    m_problem->setContentsMargins(kFocusRingRoom, 0, kFocusRingRoom, 0);
    column->addWidget(m_problem);
    m_leave->setKeyHint(tr("Esc"));
    column->addWidget(makeFlowRow(this, 4, {m_add, m_leave}));
    connect(m_command, &QLineEdit::textChanged, this, &ServerForm::fillFolders);
    for (QLineEdit* field : {m_name, m_command})
        connect(field, &QLineEdit::returnPressed, this, &ServerForm::add);
    connect(m_add, &Button::clicked, this, &ServerForm::add);
    connect(m_leave, &Button::clicked, this, &ServerForm::leaveRequested);
    m_problem->hide();
}

TextLabel* ServerForm::addText(const QString& text) {
    auto* label = new TextLabel(m_appearance, TextLabel::Kind::Secondary, text, this);
    label->setContentsMargins(kFocusRingRoom, 2, kFocusRingRoom, 0);
    layout()->addWidget(label);
    return label;
}

void ServerForm::begin() {
    for (QLineEdit* field : {m_name, m_command}) field->clear();
    m_filled.clear();
    for (ComposerText* text : {m_folders, m_variables}) text->setPlainText({});
    m_problem->hide();
    m_name->setFocus(Qt::OtherFocusReason);
}

void ServerForm::showProblem(const QString& sentence) {
    m_problem->setText(sentence);
    m_problem->setVisible(!sentence.isEmpty());
    if (!sentence.isEmpty()) m_name->setFocus(Qt::OtherFocusReason);
}

void ServerForm::fillFolders() {
    if (m_folders->toPlainText() != m_filled) return;
    const auto words = words_of_line(m_command->text().toStdString());
    if (!words) return;
    QStringList folders;
    for (const std::string& folder : folders_of(*words)) folders << QString::fromStdString(folder);
    m_filled = folders.join('\n');
    m_folders->setPlainText(m_filled);
}

void ServerForm::add() {
    const auto words = words_of_line(m_command->text().toStdString());
    if (!words) return showProblem(QString::fromStdString(words.error().message));
    McpServerConfig config;
    config.name = m_name->text().trimmed().toStdString();
    config.words = *words;
    for (QString folder : linesOf(m_folders)) {
        if (folder.startsWith("~/")) folder.replace(0, 1, QDir::homePath());
        config.folders.push_back(QDir::cleanPath(folder).toStdString());
    }
    for (const QString& line : linesOf(m_variables)) {
        const qsizetype equals = line.indexOf('=');
        if (equals <= 0)
            return showProblem(tr("A variable is written as NAME=value: %1").arg(line));
        config.environment.emplace_back(line.left(equals).toStdString(),
                                        line.mid(equals + 1).toStdString());
    }
    if (const Result<void> checked = check_server_config(config); !checked)
        return showProblem(QString::fromStdString(checked.error().message));
    m_problem->hide();
    emit addRequested(config);
}

void ServerForm::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Escape) return emit leaveRequested();
    QWidget::keyPressEvent(event);
}

}  // namespace lares::app
