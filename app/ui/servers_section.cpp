#include "app/ui/servers_section.h"

#include "app/ui/button.h"
#include "app/ui/flow_layout.h"
#include "app/ui/page.h"
#include "app/ui/painting.h"
#include "app/ui/server_form.h"
#include "app/ui/server_row.h"
#include "app/ui/text_label.h"

#include <QDir>
#include <QFileDialog>
#include <QVBoxLayout>

#include <algorithm>

namespace lares::app {

ServersSection::ServersSection(const Appearance* appearance,
                               ChatController* controller,
                               QWidget* parent)
    : QWidget(parent)
    , m_appearance(appearance)
    , m_controller(controller)
    , m_form(new ServerForm(appearance, this))
    , m_add(new Button(appearance, Button::Kind::Plain, tr("Add a tool server…"), this))
    , m_import(new Button(appearance, Button::Kind::Plain, tr("Import…"), this))
    , m_result(new TextLabel(appearance, TextLabel::Kind::Note, {}, this)) {
    auto* text = new TextLabel(
        appearance, TextLabel::Kind::Secondary,
        controller->keepsToolServers()
            ? tr("Programs of yours that offer the assistant more tools, over the Model Context "
                 "Protocol (MCP). Each runs in the sandbox: no network, it reads the folders that "
                 "you name, and writes to a folder of its own and nowhere else. You see what it "
                 "offers before you turn it on; the assistant asks before each call, unless you "
                 "let a tool run without asking.")
            : tr("There is no sandbox for tool servers on this system yet."),
        this);
    m_import->setAccessibleName(tr("Import tool servers from another program's settings"));
    auto* list = new QWidget(this);
    m_list = new QVBoxLayout(list);
    m_list->setContentsMargins(0, 0, 0, 0);
    m_list->setSpacing(8);
    m_choices = makeFlowRow(this, 2, {m_add, m_import});
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(6);
    layout->addWidget(text);
    layout->addWidget(list);
    layout->addWidget(m_form);
    layout->addWidget(m_choices);
    layout->addWidget(m_result);
    for (TextLabel* label : {text, m_result})
        label->setContentsMargins(kFocusRingRoom, 0, kFocusRingRoom, 0);
    m_choices->setVisible(controller->keepsToolServers());
    m_result->hide();
    connect(m_add, &Button::clicked, this, [this] { setAdding(true); });
    connect(m_import, &Button::clicked, this, &ServersSection::chooseImport);
    connect(m_form, &ServerForm::addRequested, this, &ServersSection::add);
    connect(m_form, &ServerForm::leaveRequested, this, [this] {
        setAdding(false);
        m_add->setFocus(Qt::OtherFocusReason);
    });
    connect(controller, &ChatController::toolServersChanged, this, &ServersSection::showServers);
    m_form->hide();
    showServers();
}

/// What an answer on a card allowed, and which of them run, is news by now.
void ServersSection::showEvent(QShowEvent* event) {
    showServers();
    QWidget::showEvent(event);
}

void ServersSection::setAdding(bool isAdding) {
    m_form->setVisible(isAdding);
    m_choices->setVisible(!isAdding);
    say({});
    if (isAdding) m_form->begin();
}

void ServersSection::showServers() {
    // The buttons are new ones: whoever was at one of them stays there, also where it does not work
    // for a while.
    for (int i = 0; i < m_list->count(); ++i) {
        for (const Button* button : m_list->itemAt(i)->widget()->findChildren<Button*>())
            if (button->hasFocus()) m_focused = button->accessibleName();
    }
    clearLayout(m_list);
    const bool isBusy = m_controller->isBusyWithServers();
    m_add->setEnabled(!isBusy);
    m_import->setEnabled(!isBusy);
    for (const ServerInfo& info : m_controller->toolServers()) {
        const QString name = QString::fromStdString(info.config.name);
        const ServerRow::State state{m_unfolded.contains(name), m_askingToRemove == name, isBusy};
        auto* row = new ServerRow(m_appearance, info, state, this);
        connect(row, &ServerRow::turnRequested, this, [this](const QString& server, bool isOn) {
            follow(m_controller->setToolServerOn(server, isOn));
        });
        connect(row, &ServerRow::lookRequested, this,
                [this](const QString& server) { follow(m_controller->lookAtToolServer(server)); });
        connect(row, &ServerRow::acceptRequested, this,
                [this](const QString& server, const std::string& changesSha256) {
                    follow(m_controller->acceptToolServer(server, changesSha256));
                });
        connect(row, &ServerRow::removeRequested, this, [this](const QString& server) {
            m_askingToRemove.clear();
            follow(m_controller->removeToolServer(server));
        });
        connect(row, &ServerRow::allowRequested, this,
                [this](const QString& server, const QString& tool, bool isAllowed) {
                    follow(m_controller->setToolAllowed(server, tool, isAllowed));
                });
        connect(row, &ServerRow::stateRequested, this,
                [this](const QString& server, bool isUnfolded, bool isAsking) {
                    if (isUnfolded) {
                        m_unfolded.insert(server);
                    } else {
                        m_unfolded.remove(server);
                    }
                    m_askingToRemove = isAsking ? server : QString();
                    showServers();
                });
        m_list->addWidget(row);
    }
    if (m_focused.isEmpty() || isBusy) return;
    for (int i = 0; i < m_list->count(); ++i) {
        for (Button* button : m_list->itemAt(i)->widget()->findChildren<Button*>())
            if (button->accessibleName() == m_focused) button->setFocus(Qt::OtherFocusReason);
    }
    m_focused.clear();
}

void ServersSection::add(const McpServerConfig& config) {
    const auto isThere = [this, name = config.name] {
        const std::vector<ServerInfo> servers = m_controller->toolServers();
        return std::any_of(servers.begin(), servers.end(),
                           [&](const ServerInfo& info) { return info.config.name == name; });
    };
    const bool wasThere = isThere();
    m_form->setEnabled(false);
    say(tr("Starting %1…").arg(QString::fromStdString(config.name)));
    m_controller->addToolServer(config).then(
        this, [this, name = config.name, isThere, wasThere](const Result<void>& added) {
            m_form->setEnabled(true);
            say({});
            if (!added && (wasThere || !isThere()))
                return m_form->showProblem(QString::fromStdString(added.error().message));
            // Why it does not work stands in its row.
            setAdding(false);
            m_unfolded.insert(QString::fromStdString(name));
            showServers();
        });
}

void ServersSection::chooseImport() {
    auto* dialog = new QFileDialog(this, tr("Import tool servers"), QDir::homePath(),
                                   tr("Settings of another program (*.json);;All files (*)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, this, &ServersSection::importFrom);
    dialog->open();
}

void ServersSection::importFrom(const QString& path) {
    follow(m_controller->importToolServers(path));
}

void ServersSection::follow(ChatController::ServerReply reply) {
    say({});
    reply.then(this, [this](const Result<void>& result) {
        if (!result) say(QString::fromStdString(result.error().message));
    });
}

void ServersSection::say(const QString& sentence) {
    m_result->setText(sentence);
    m_result->setVisible(!sentence.isEmpty());
}

}  // namespace lares::app
