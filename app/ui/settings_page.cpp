#include "app/ui/settings_page.h"

#include "app/desktop/desktop_section.h"
#include "app/language/languages.h"
#include "app/ui/appearance.h"
#include "app/ui/button.h"
#include "app/ui/commands_section.h"
#include "app/ui/download_panel.h"
#include "app/ui/export_section.h"
#include "app/ui/flow_layout.h"
#include "app/ui/library_section.h"
#include "app/ui/memory_section.h"
#include "app/ui/network_proof.h"
#include "app/ui/path_text.h"
#include "app/ui/readings_section.h"
#include "app/ui/servers_section.h"
#include "app/ui/tool_log_section.h"
#include "app/ui/trash_section.h"
#include "tools/sandbox/open_beneath.h"

#include <QCoreApplication>
#include <QHBoxLayout>
#include <QScrollBar>
#include <QVBoxLayout>

#include <array>
#include <cmath>
#include <utility>

namespace lares::app {
namespace {

constexpr std::array kThemeNames = {"system", "light", "dark", "high-contrast"};
constexpr double kScaleStep = 0.1;
constexpr int kAboveHeading = 24;

Button* makeChoice(const Appearance* appearance, const QString& text, QWidget* parent) {
    auto* button = new Button(appearance, Button::Kind::Choice, text, parent);
    button->setCheckable(true);
    return button;
}

}  // namespace

SettingsPage::SettingsPage(Appearance* appearance,
                           ChatController* controller,
                           const QString& dataFolder,
                           QWidget* parent)
    : Page(appearance, tr("Settings"), parent), m_changed(appearance), m_controller(controller) {
    addText(TextLabel::Kind::Title, tr("Settings"));
    buildGeneral();
    buildDesktop();
    buildPersonas();
    buildNotes();
    buildModel();
    buildLibrary();
    buildPermissions();
    buildCommands();
    buildServers();
    buildToolLog();
    buildReadings();
    buildFiles();
    buildTrash();
    buildAbout(dataFolder);
    addSpace(20);
    auto* back =
        new Button(appearance, Button::Kind::Plain, tr("Back to the conversation"), column());
    back->setKeyHint(tr("Esc"));
    connect(back, &Button::clicked, this, &SettingsPage::closeRequested);
    addRow({back});

    connect(appearance, &Appearance::changed, this, &SettingsPage::showChoices);
    connect(controller, &ChatController::settingChanged, this, &SettingsPage::showChoices);
    connect(controller, &ChatController::modelStateChanged, this, &SettingsPage::showModel);
    connect(controller, &ChatController::grantsChanged, this, &SettingsPage::showGrants);
    connect(controller, &ChatController::settingChanged, this, &SettingsPage::showPastGrant);
    showChoices();
    showModel();
    showGrants();
    showPastGrant();
}

void SettingsPage::addSetting(const QString& name, QWidget* control) {
    addText(TextLabel::Kind::Secondary, name);
    addWidget(control);
    addSpace(6);
}

void SettingsPage::buildGeneral() {
    addSpace(16);
    addText(TextLabel::Kind::Heading, tr("General"));
    addSetting(tr("Colours"), makeThemeChoices());
    addSetting(tr("Language, from the next start on"), makeLanguageChoices());
    addSetting(tr("Size of the text (Ctrl + and Ctrl −)"), makeScaleChoices());
    addSetting(tr("In the message field"), makeSendChoices());
}

QWidget* SettingsPage::makeThemeChoices() {
    QWidget* row = makeFlowRow(column(), 2);
    const QStringList texts = {tr("As the system"), tr("Light"), tr("Dark"), tr("High contrast")};
    for (std::size_t i = 0; i < kThemeNames.size(); ++i) {
        const QString name = kThemeNames[i];
        Button* choice = makeChoice(appearance(), texts[static_cast<qsizetype>(i)], row);
        connect(choice, &Button::clicked, this, [this, name] {
            m_controller->setSetting("theme", name);
            showChoices();
        });
        row->layout()->addWidget(choice);
        m_themes.push_back(choice);
    }
    return row;
}

QWidget* SettingsPage::makeLanguageChoices() {
    QWidget* row = makeFlowRow(column(), 2);
    const QString system = nameOfLanguage(languageFor(kSystemLanguage));
    m_languages = {{kSystemLanguage, makeChoice(appearance(), tr("System (%1)").arg(system), row)}};
    for (const Language& one : languages())
        m_languages.emplace_back(one.code, makeChoice(appearance(), one.name, row));
    for (const auto& [choice, button] : m_languages) {
        connect(button, &Button::clicked, this, [this, chosen = choice] {
            m_controller->setSetting(kLanguageSetting, chosen);
            showChoices();
        });
        row->layout()->addWidget(button);
    }
    return row;
}

QWidget* SettingsPage::makeScaleChoices() {
    QWidget* row = makeFlowRow(column(), 2);
    m_smaller = new Button(appearance(), Button::Kind::Small, {}, row);
    m_smaller->setSymbol(Icon::Minus);
    m_smaller->setAccessibleName(tr("Smaller text"));
    m_scale = new Button(appearance(), Button::Kind::Plain, {}, row);
    m_scale->setToolTip(tr("Back to 100 % (Ctrl+0)"));
    m_larger = new Button(appearance(), Button::Kind::Small, {}, row);
    m_larger->setSymbol(Icon::Plus);
    m_larger->setAccessibleName(tr("Larger text"));
    const auto step = [this](double by) {
        m_controller->setSetting("fontScale", std::round((m_changed->fontScale() + by) * 10) / 10);
    };
    connect(m_smaller, &Button::clicked, this, [step] { step(-kScaleStep); });
    connect(m_larger, &Button::clicked, this, [step] { step(kScaleStep); });
    connect(m_scale, &Button::clicked, this,
            [this] { m_controller->setSetting("fontScale", 1.0); });
    for (Button* button : {m_smaller, m_scale, m_larger}) row->layout()->addWidget(button);
    return row;
}

QWidget* SettingsPage::makeSendChoices() {
    QWidget* row = makeFlowRow(column(), 2);
    m_enterSends = makeChoice(appearance(), tr("Enter sends"), row);
    m_controlSends = makeChoice(appearance(), tr("Ctrl+Enter sends"), row);
    for (const auto& [button, isEnter] :
         {std::pair{m_enterSends, true}, std::pair{m_controlSends, false}}) {
        connect(button, &Button::clicked, this, [this, enter = isEnter] {
            m_controller->setSetting("enterSends", enter);
            showChoices();
        });
        row->layout()->addWidget(button);
    }
    return row;
}

void SettingsPage::buildDesktop() {
    addSpace(16);
    addText(TextLabel::Kind::Heading, tr("Desktop"));
    addWidget(new DesktopSection(appearance(), m_controller, column()));
}

void SettingsPage::buildPersonas() {
    addSpace(16);
    addText(TextLabel::Kind::Heading, tr("Personas"));
    addText(TextLabel::Kind::Secondary, tr("Who answers, and what the model reads first."));
    auto* edit = new Button(appearance(), Button::Kind::Plain, tr("Edit personas…"), column());
    connect(edit, &Button::clicked, this, &SettingsPage::personasRequested);
    addRow({edit});
}

void SettingsPage::buildNotes() {
    addSpace(16);
    addText(TextLabel::Kind::Heading, tr("Memory"));
    addText(TextLabel::Kind::Secondary,
            tr("Short notes of yours that new conversations begin with. They stay on this "
               "computer, and what you forget is gone."));
    auto* edit = new Button(appearance(), Button::Kind::Plain, tr("Edit memory…"), column());
    connect(edit, &Button::clicked, this, &SettingsPage::notesRequested);
    addRow({edit});
}

void SettingsPage::buildModel() {
    addSpace(16);
    m_modelHeading = addText(TextLabel::Kind::Heading, tr("Model"));
    m_model = addText(TextLabel::Kind::Secondary, {});
    auto* choose = new Button(appearance(), Button::Kind::Plain, tr("Choose a file…"), column());
    auto* demo = new Button(appearance(), Button::Kind::Plain, tr("Use the demo model"), column());
    connect(choose, &Button::clicked, this, &SettingsPage::modelFileRequested);
    connect(demo, &Button::clicked, this, [this] { m_controller->loadModel({}); });
    addRow({choose, demo});
    addSpace(4);
    addWidget(new MemorySection(appearance(), m_controller, column()));
    addDownload();
}

void SettingsPage::addDownload() {
    ModelDownload* download = m_controller->download();
    const CatalogueEntry& entry = download->entry();
    if (download->state() == ModelDownload::State::Unavailable) {
        if (entry.page.isEmpty()) return;
        addText(TextLabel::Kind::Secondary, tr("%1 for your browser:").arg(entry.name));
        addText(TextLabel::Kind::Note, entry.page)
            ->setTextInteractionFlags(Qt::TextSelectableByMouse);
        return;
    }
    addSpace(4);
    m_download = new DownloadPanel(appearance(), download, column());
    connect(m_download, &DownloadPanel::useRequested, m_controller, &ChatController::loadDownload);
    addWidget(m_download);
    addText(TextLabel::Kind::Secondary,
            tr("A helper, lares-download, connects to %1 and the file servers behind it, and ends "
               "with the download; nothing else of Lares uses the network. The model has a licence "
               "of its own, the %2.")
                .arg(entry.url.host(), entry.licence));
}

void SettingsPage::buildPermissions() {
    addSpace(16);
    addText(TextLabel::Kind::Heading, tr("Permissions"));
    addText(
        TextLabel::Kind::Secondary,
        has_file_sandbox()
            ? tr("Folders that the assistant may read, or read and change, without asking. What "
                 "it changed can be undone for 30 days.")
            : tr("There are no tools for files on this system yet."));
    auto* list = new QWidget(column());
    m_grants = new QVBoxLayout(list);
    m_grants->setContentsMargins(0, 4, 0, 0);
    m_grants->setSpacing(4);
    addWidget(list);
    m_pastGrant = new QWidget(column());
    auto* row = new QHBoxLayout(m_pastGrant);
    row->setContentsMargins(3, 4, 0, 0);
    row->setSpacing(12);
    auto* what = new TextLabel(appearance(), TextLabel::Kind::Secondary,
                               tr("What was said in earlier conversations: search, from Settings → "
                                  "Memory."),
                               m_pastGrant);
    row->addWidget(what, 1);
    auto* revoke = new Button(appearance(), Button::Kind::Plain, tr("Revoke"), m_pastGrant);
    revoke->setAccessibleName(tr("Revoke searching of earlier conversations"));
    connect(revoke, &Button::clicked, this, [this] { m_controller->setMaySearchPast(false); });
    row->addWidget(revoke);
    addWidget(m_pastGrant);
}

void SettingsPage::buildCommands() {
    addSpace(16);
    addText(TextLabel::Kind::Heading, tr("Commands"));
    addWidget(new CommandsSection(appearance(), m_controller, column()));
}

void SettingsPage::buildLibrary() {
    addSpace(16);
    addText(TextLabel::Kind::Heading, tr("Documents"));
    addWidget(new LibrarySection(appearance(), m_controller->library(), column()));
}

void SettingsPage::buildServers() {
    addSpace(16);
    addText(TextLabel::Kind::Heading, tr("Tool servers"));
    addWidget(new ServersSection(appearance(), m_controller, column()));
}

void SettingsPage::buildToolLog() {
    addSpace(16);
    addText(TextLabel::Kind::Heading, tr("Tool log"));
    addWidget(new ToolLogSection(appearance(), m_controller, column()));
}

void SettingsPage::buildReadings() {
    addSpace(16);
    addText(TextLabel::Kind::Heading, tr("What the model has read"));
    addWidget(new ReadingsSection(appearance(), m_controller, column()));
}

void SettingsPage::buildFiles() {
    addSpace(16);
    addText(TextLabel::Kind::Heading, tr("Conversations as files"));
    addWidget(new ExportSection(appearance(), m_controller, column()));
}

void SettingsPage::buildTrash() {
    addSpace(16);
    addText(TextLabel::Kind::Heading, tr("Recently deleted"));
    addWidget(new TrashSection(appearance(), m_controller, column()));
}

void SettingsPage::buildAbout(const QString& dataFolder) {
    addSpace(16);
    addText(TextLabel::Kind::Heading, tr("About"));
    addText(TextLabel::Kind::Secondary,
            tr("Lares %1. Everything happens on this computer: no account, no server, no network "
               "code in this program.")
                .arg(QCoreApplication::applicationVersion()));
    if (dataFolder.isEmpty()) {
        addText(TextLabel::Kind::Secondary,
                tr("Conversations are not being kept in this session."));
    } else {
        addText(TextLabel::Kind::Secondary, tr("Conversations, settings and permissions are in"));
        addWidget(new PathText(appearance(), dataFolder, column()));
    }
    auto* prove = new Button(appearance(), Button::Kind::Plain, tr("Show me the proof"), column());
    addRow({prove});
    TextLabel* proof = addText(TextLabel::Kind::Secondary, {});
    proof->hide();
    connect(prove, &Button::clicked, this, [proof] {
        proof->setText(describeSockets(countOpenSockets()));
        proof->show();
    });
}

void SettingsPage::showChoices() {
    const QString theme = m_controller->setting("theme").toString("system");
    for (std::size_t i = 0; i < m_themes.size(); ++i)
        m_themes[i]->setChecked(theme == kThemeNames[i]);
    // One that there is not is English at the next start; so it is here.
    QString language = languageChoice(m_controller->setting(kLanguageSetting));
    if (language != kSystemLanguage) language = languageFor(language);
    for (const auto& [choice, button] : m_languages) button->setChecked(choice == language);
    const bool isEnter = m_controller->setting("enterSends").toBool(true);
    m_enterSends->setChecked(isEnter);
    m_controlSends->setChecked(!isEnter);
    m_scale->setText(tr("%1 %").arg(std::lround(m_changed->fontScale() * 100)));
    m_scale->setAccessibleName(tr("Size of the text: %1").arg(m_scale->text()));
    m_scale->updateGeometry();
    m_smaller->setEnabled(m_changed->fontScale() > Appearance::kMinScale + 0.01);
    m_larger->setEnabled(m_changed->fontScale() < Appearance::kMaxScale - 0.01);
}

void SettingsPage::showModel() {
    if (m_download != nullptr) m_download->setInUse(m_controller->usesDownload());
    switch (m_controller->modelState()) {
        case ChatController::ModelState::None:
            m_model->setText(tr("No model is loaded."));
            break;
        case ChatController::ModelState::Loading:
            m_model->setText(tr("A model is being loaded."));
            break;
        case ChatController::ModelState::Failed:
            m_model->setText(tr("The chosen model could not be loaded."));
            break;
        case ChatController::ModelState::PutAway:
        case ChatController::ModelState::Ready:
            m_model->setText(
                m_controller->isDemoModel()
                    ? tr("%1, the demo model: a few megabytes, trained on made-up dialogues. It "
                         "shows how Lares works; its answers are a toy's.")
                          .arg(m_controller->modelName())
                    : m_controller->modelName());
            break;
    }
}

void SettingsPage::showGrants() {
    clearLayout(m_grants);
    const std::vector<GrantInfo> grants = m_controller->grants();
    if (grants.empty()) {
        m_grants->addWidget(new TextLabel(
            appearance(), TextLabel::Kind::Secondary,
            tr("None. The assistant asks before it reads or changes a file."), column()));
        m_grants->itemAt(0)->widget()->setContentsMargins(3, 0, 3, 0);
        return;
    }
    for (const GrantInfo& grant : grants) {
        auto* line = new QWidget(column());
        auto* row = new QHBoxLayout(line);
        row->setContentsMargins(0, 0, 0, 0);
        row->setSpacing(12);
        row->addWidget(new PathText(appearance(), grant.folder, line), 1);
        const QString access = grant.isForChanges ? tr("Read and change") : tr("Read");
        auto* duration = new TextLabel(appearance(), TextLabel::Kind::Caption,
                                       QStringLiteral("%1 · %2").arg(access, grant.duration), line);
        duration->setWordWrap(false);
        row->addWidget(duration);
        auto* revoke = new Button(appearance(), Button::Kind::Plain, tr("Revoke"), line);
        revoke->setAccessibleName(
            (grant.isForChanges ? tr("Revoke changing of %1") : tr("Revoke reading of %1"))
                .arg(grant.folder));
        connect(revoke, &Button::clicked, this,
                [this, grant] { m_controller->revokeGrant(grant); });
        row->addWidget(revoke);
        m_grants->addWidget(line);
    }
}

void SettingsPage::showPastGrant() {
    m_pastGrant->setVisible(m_controller->maySearchPast());
}

void SettingsPage::showModelSection() {
    verticalScrollBar()->setValue(m_modelHeading->mapTo(widget(), QPoint()).y() - kAboveHeading);
}

}  // namespace lares::app
