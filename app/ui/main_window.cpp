#include "app/ui/main_window.h"

#include "app/approval/approval_card.h"
#include "app/chat/conversation_list_model.h"
#include "app/chat/conversation_model.h"
#include "app/panel/panel_host.h"
#include "app/panel/side_panel.h"
#include "app/transcript/visible_text.h"
#include "app/ui/appearance.h"
#include "app/ui/chat_page.h"
#include "app/ui/composer.h"
#include "app/ui/conversation_list.h"
#include "app/ui/download_bar.h"
#include "app/ui/first_run_page.h"
#include "app/ui/header_bar.h"
#include "app/ui/keys_page.h"
#include "app/ui/load_bar.h"
#include "app/ui/notes_page.h"
#include "app/ui/palette.h"
#include "app/ui/personas_page.h"
#include "app/ui/settings_page.h"
#include "app/ui/temporary_bar.h"
#include "app/ui/toast.h"

#include <QApplication>
#include <QCloseEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QJsonObject>
#include <QKeyEvent>
#include <QPainter>
#include <QSplitter>
#include <QStackedWidget>
#include <QTemporaryDir>
#include <QTimer>
#include <QVBoxLayout>

#include <algorithm>
#include <chrono>

namespace lares::app {
namespace {

using namespace std::chrono_literals;

constexpr QSize kDefaultSize(1280, 820);
constexpr QSize kSmallestSize(720, 480);
constexpr int kListWidth = 259;  // and the line beside it
constexpr int kListNarrowest = 200;
constexpr int kListWidest = 400;
constexpr PanelHost::Widths kPanelWidths{SidePanel::kWidth, SidePanel::kNarrowest,
                                         SidePanel::kWidest, 460};

}  // namespace

MainWindow::MainWindow(Appearance* appearance,
                       ChatController* controller,
                       const QString& dataFolder,
                       QWidget* parent)
    : QWidget(parent)
    , m_appearance(appearance)
    , m_controller(controller)
    , m_outer(new QStackedWidget(this))
    , m_splitter(new QSplitter(Qt::Horizontal))
    , m_list(new ConversationList(appearance, controller->conversations(), controller->finder()))
    , m_right(new QWidget)
    , m_header(new HeaderBar(appearance))
    , m_temporary(new TemporaryBar(appearance))
    , m_loadBar(new LoadBar(appearance))
    , m_downloadBar(new DownloadBar(appearance, controller->download()))
    , m_banner(new Banner(appearance))
    , m_pages(new QStackedWidget)
    , m_chat(new ChatPage(appearance, controller))
    , m_settings(new SettingsPage(appearance, controller, dataFolder))
    , m_personas(new PersonasPage(appearance, controller))
    , m_notes(new NotesPage(appearance, controller))
    , m_keys(new KeysPage(appearance))
    , m_firstRun(new FirstRunPage(appearance, controller->personas(), controller->download()))
    , m_panel(new SidePanel(appearance, controller))
    , m_panelHost(new PanelHost(appearance, m_pages, m_panel, kPanelWidths))
    , m_toast(new Toast(appearance, this))
    , m_palette(new Palette(appearance, controller->makeFinder(this), this)) {
    setWindowTitle(tr("Lares"));
    setMinimumSize(kSmallestSize);
    resize(kDefaultSize);
    applyTheme();
    layOut();
    connectList();
    connectHeader();
    connectPages();
    connectController();
    connectDownload();
    connectPanel();
    connectFolders();
    connectAttachments();
    connectExport();
    connectTemporary();
    connectEnding();
    connectNotes();
    addKeys();
    connect(appearance, &Appearance::changed, this, &MainWindow::applyTheme);
    QApplication::instance()->installEventFilter(this);
    showConversation();
    showModelState();
    showChat();

    auto* clock = new QTimer(this);  // the list's groups follow the day
    connect(clock, &QTimer::timeout, this,
            [this] { m_controller->conversations()->setToday(QDate::currentDate()); });
    clock->start(5min);
}

MainWindow::~MainWindow() = default;

void MainWindow::layOut() {
    m_pages->addWidget(m_chat);
    m_pages->addWidget(m_settings);
    m_pages->addWidget(m_personas);
    m_pages->addWidget(m_notes);
    m_pages->addWidget(m_keys);
    auto* right = new QVBoxLayout(m_right);
    right->setContentsMargins(0, 0, 0, 0);
    right->setSpacing(0);
    right->addWidget(m_header);
    right->addWidget(m_temporary);
    right->addWidget(m_loadBar);
    right->addWidget(m_downloadBar);
    right->addWidget(m_banner);
    right->addWidget(m_panelHost, 1);

    m_splitter->addWidget(m_list);
    m_splitter->addWidget(m_right);
    m_splitter->setHandleWidth(1);
    m_splitter->setChildrenCollapsible(false);
    m_splitter->setStretchFactor(0, 0);
    m_splitter->setStretchFactor(1, 1);
    m_list->setMinimumWidth(kListNarrowest);
    m_list->setMaximumWidth(kListWidest);
    m_splitter->setSizes({kListWidth, kDefaultSize.width() - kListWidth});

    m_outer->addWidget(m_splitter);
    m_outer->addWidget(m_firstRun);
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->addWidget(m_outer);
}

void MainWindow::connectList() {
    connect(m_list, &ConversationList::openRequested, this, &MainWindow::open);
    const auto openMessage = [this](ConversationId id, MessageId message, const QString& words) {
        m_chat->leave();
        m_controller->openMessage(id, message, words);
        showChat();
    };
    connect(m_list, &ConversationList::messageRequested, this, openMessage);
    connect(m_palette, &Palette::messageRequested, this, openMessage);
    connect(m_palette, &Palette::leftWithoutFocus, this, &MainWindow::focusPage);
    connect(m_list, &ConversationList::newRequested, this, &MainWindow::openNew);
    connect(m_list, &ConversationList::renameRequested, m_controller,
            &ChatController::renameConversation);
    connect(m_list, &ConversationList::pinRequested, m_controller,
            &ChatController::pinConversation);
    connect(m_list, &ConversationList::settingsRequested, this, &MainWindow::showSettings);
    connect(m_list, &ConversationList::modelsRequested, this,
            [this] { run(WindowCommand::ShowModels); });
    connect(m_splitter, &QSplitter::splitterMoved, this, &MainWindow::placeToast);
}

void MainWindow::connectHeader() {
    connect(m_header, &HeaderBar::titleEdited, this, [this](const QString& title) {
        m_controller->renameConversation(m_controller->conversation()->info().id, title);
    });
    connect(m_header, &HeaderBar::editingEnded, this, &MainWindow::showChat);
    connect(m_header, &HeaderBar::personaChosen, m_controller, &ChatController::setPersona);
    connect(m_header, &HeaderBar::editPersonasRequested, this, &MainWindow::showPersonas);
    connect(m_header, &HeaderBar::thinkingChosen, m_controller, &ChatController::setThinking);
    connect(m_header, &HeaderBar::demoExplained, this, &MainWindow::showDemoNote);
    connect(m_header, &HeaderBar::listRequested, this, [this] { setListShown(true); });
    connect(m_loadBar, &LoadBar::cancelled, m_controller, &ChatController::cancelLoading);
}

void MainWindow::connectPages() {
    connect(m_chat, &ChatPage::sendRefused, this, &MainWindow::refuseSend);
    connect(m_chat, &ChatPage::noted, this,
            [this](const QString& note) { m_toast->showNote(note); });
    connect(m_settings, &SettingsPage::closeRequested, this, &MainWindow::showChat);
    connect(m_settings, &SettingsPage::modelFileRequested, this, &MainWindow::chooseModelFile);
    connect(m_settings, &SettingsPage::personasRequested, this, &MainWindow::showPersonas);
    connect(m_personas, &PersonasPage::closeRequested, this, &MainWindow::showChat);
    connect(m_personas, &PersonasPage::noted, this,
            [this](const QString& note) { m_toast->showNote(note); });
    connect(m_personas, &PersonasPage::undoOffered, this,
            [this](const QString& note, const std::function<void()>& undo) {
                m_toast->showNote(note, tr("Undo"), [this, undo] {
                    showPersonas();
                    undo();
                });
            });
    connect(m_keys, &KeysPage::closeRequested, this, &MainWindow::showChat);
    connect(m_firstRun, &FirstRunPage::modelFileRequested, this, &MainWindow::chooseModelFile);
    connect(m_firstRun, &FirstRunPage::demoRequested, m_controller,
            [this] { m_controller->loadModel({}); });
    connect(m_firstRun, &FirstRunPage::personaChosen, m_controller, &ChatController::setPersona);
    connect(m_firstRun, &FirstRunPage::finished, this, &MainWindow::finishFirstRun);
}

void MainWindow::connectController() {
    using Controller = ChatController;
    connect(m_controller, &Controller::conversationChanged, this, &MainWindow::showConversation);
    connect(m_controller, &Controller::personaChanged, this, [this] {
        m_header->setPersonas(m_controller->personas(), m_controller->persona().id);
    });
    connect(m_controller, &Controller::personasChanged, this,
            [this] { m_firstRun->setPersonas(m_controller->personas()); });
    connect(m_controller, &Controller::personaRemoved, this, &MainWindow::offerPersonaBack);
    connect(m_controller, &Controller::modelStateChanged, this, &MainWindow::showModelState);
    connect(m_controller, &Controller::modelProgress, m_loadBar, &LoadBar::setShare);
    connect(m_controller, &Controller::modelFailed, this, &MainWindow::showModelFailure);
    connect(m_controller, &Controller::statsChanged, this,
            [this](double, double, int used, int most) { m_header->setContext(used, most); });
    const auto showCondensed = [this] { m_header->setCondensed(m_controller->summaryAt() != 0); };
    connect(m_controller, &Controller::summaryChanged, this, showCondensed);
    connect(m_controller, &Controller::conversationChanged, this, showCondensed);
    connect(m_controller, &Controller::conversationLoaded, this, showCondensed);
    connect(m_controller, &Controller::settingChanged, this, &MainWindow::applySetting);
    connect(m_controller, &Controller::problem, this,
            [this](const QString& sentence, const QString& details) {
                m_banner->showSentence(sentence, details);
            });
    connect(m_controller, &Controller::notSent, this, [this](const QString&) {
        m_toast->showNote(tr("The message could not be stored, so it was not sent."));
    });
    connect(m_controller, &Controller::changesMade, this,
            [this](MessageId answer, const QString& sentence) {
                // Only where the answer is in sight; elsewhere its own line has the button.
                if (m_controller->conversation()->rowOf(answer) < 0) return;
                m_toast->showNote(sentence, tr("Undo"),
                                  [this, answer] { m_controller->undoChanges(answer); });
            });
    connect(m_controller, &Controller::changesUndone, this,
            [this](const QString& sentence, const QString& details) {
                if (details.isEmpty()) return m_toast->showNote(sentence);
                m_banner->showSentence(sentence, details);
            });
    connect(m_controller, &Controller::deleted, this,
            [this](ConversationId id, const QString& title) {
                m_toast->showNote(tr("Deleted “%1”").arg(visibleText(title)), tr("Undo"),
                                  [this, id] { m_controller->restoreConversation(id); });
            });
}

void MainWindow::offerPersonaBack(const Persona& persona, bool wasOwn) {
    m_toast->showNote((wasOwn ? tr("Removed “%1”") : tr("“%1” is as it came")).arg(persona.name),
                      tr("Undo"), [this, persona] { m_controller->savePersona(persona); });
}

void MainWindow::applyTheme() {
    const Theme& theme = m_appearance->theme();
    setPalette(theme.palette());
    setFont(theme.bodyFont);
    setStyleSheet(theme.styleSheet());
    update();
}

void MainWindow::applySetting(const QString& key) {
    if (key == "theme") m_appearance->setChoice(m_controller->setting(key).toString("system"));
    if (key == "fontScale") m_appearance->setFontScale(m_controller->setting(key).toDouble(1.0));
    if (key == "thinking") m_header->setThinking(m_controller->isThinking());
    if (key == "enterSends")
        m_chat->composer()->setEnterSends(m_controller->setting(key).toBool(true));
}

void MainWindow::restore() {
    for (const char* key : {"theme", "fontScale", "thinking", "enterSends"}) applySetting(key);
    const QJsonObject layout = m_controller->setting("window").toObject();
    resize(std::max(kSmallestSize.width(), layout["width"].toInt(kDefaultSize.width())),
           std::max(kSmallestSize.height(), layout["height"].toInt(kDefaultSize.height())));
    const int list = std::clamp(layout["list"].toInt(kListWidth), kListNarrowest, kListWidest);
    m_splitter->setSizes({list, width() - list});
    setListShown(!layout["listHidden"].toBool(false));
    restorePanel();
    restoreFolded();
    if (layout["maximized"].toBool(false)) setWindowState(Qt::WindowMaximized);
}

void MainWindow::saveLayout() {
    QJsonObject layout = m_controller->setting("window").toObject();
    layout["maximized"] = isMaximized();
    if (!isMaximized()) {
        layout["width"] = width();
        layout["height"] = height();
    }
    layout["listHidden"] = m_list->isHidden();
    if (!m_list->isHidden()) layout["list"] = m_list->width();
    m_controller->setSetting("window", layout);
}

void MainWindow::showFirstRun() {
    m_outer->setCurrentWidget(m_firstRun);
    m_firstRun->showStep(0);  // then, as only what is shown can take the focus
}

void MainWindow::finishFirstRun() {
    m_controller->setSetting("firstRunDone", true);
    showChat();
    if (m_controller->modelState() == ChatController::ModelState::None &&
        m_controller->download()->state() != ModelDownload::State::Running)
        m_toast->showNote(tr("No model is loaded yet. Settings has every way to get one."));
}

void MainWindow::showChat() {
    m_outer->setCurrentWidget(m_splitter);
    m_pages->setCurrentWidget(m_chat);
    m_chat->composer()->focusText();
    placeToast();
}

/// Where the keyboard goes when what had it is gone.
void MainWindow::focusPage() {
    m_chat->isVisible() ? m_chat->composer()->focusText() : void(focusNextChild());
}

void MainWindow::showSettings() {
    m_chat->leave();
    m_pages->setCurrentWidget(m_settings);
    m_settings->focusFirst();
}

void MainWindow::showPersonas() {
    m_chat->leave();
    m_pages->setCurrentWidget(m_personas);
    m_personas->focusFirst();
    placeToast();
}

void MainWindow::showKeys() {
    m_chat->leave();
    m_pages->setCurrentWidget(m_keys);
    m_keys->focusFirst();
}

void MainWindow::showDemoNote() {
    m_toast->showNote(
        tr("Lares Mini is a demo of a few megabytes, trained on made-up dialogues. It "
           "shows how Lares works; do not trust what it says."),
        tr("Choose a model…"), [this] { chooseModelFile(); });
}

void MainWindow::showProblem(const QString& sentence) {
    m_banner->showSentence(sentence, sentence);
}

void MainWindow::showConversation() {
    ConversationModel* conversation = m_controller->conversation();
    disconnect(m_infoChanges);
    m_infoChanges =
        connect(conversation, &ConversationModel::infoChanged, this, &MainWindow::showTitle);
    m_list->setShown(conversation->info().id);
    m_header->setPersonas(m_controller->personas(), m_controller->persona().id);
    m_header->setContext(0, 0);
    showTitle();
}

void MainWindow::showTitle() {
    const ConversationInfo& info = m_controller->conversation()->info();
    const QString title = !info.title.isEmpty()     ? info.title
                          : !info.preview.isEmpty() ? info.preview
                          : info.isTemporary        ? tr("New temporary conversation")
                          : !info.folder.isEmpty()  ? tr("New conversation in %1").arg(info.folder)
                                                    : tr("New conversation");
    m_header->setTitle(visibleText(title), !info.title.isEmpty() || !info.preview.isEmpty());
    m_list->setShown(info.id);
}

void MainWindow::showModelState() {
    const auto state = m_controller->modelState();
    const bool isReady = state == ChatController::ModelState::Ready;
    // What was put away comes back without a fuss: the footer shows it.
    const bool isComingBack = m_controller->isComingBack();
    const bool isAway = isComingBack || state == ChatController::ModelState::PutAway;
    m_loadBar->setVisible(state == ChatController::ModelState::Loading && !isComingBack);
    if (state == ChatController::ModelState::Loading) m_loadBar->setModel({});
    // What else it says is not over because a model is there.
    if (isReady && m_banner->sentence() == m_modelSentence) m_banner->hide();
    m_header->setDemo((isReady || isAway) && m_controller->isDemoModel());
}

void MainWindow::showModelFailure(const QString& sentence) {
    m_modelSentence = sentence;
    m_banner->showSentence(sentence, sentence, waysToAModel());
}

void MainWindow::refuseSend(const QString& sentence) {
    const auto state = m_controller->modelState();
    const bool isModelMissing =
        state == ChatController::ModelState::None || state == ChatController::ModelState::Failed;
    if (!isModelMissing) return m_toast->showNote(sentence);
    m_modelSentence = sentence;
    m_banner->showSentence(sentence, {}, waysToAModel());
}

void MainWindow::open(ConversationId id) {
    m_chat->leave();
    m_controller->openConversation(id);
    showChat();
}

void MainWindow::openNew() {
    m_chat->leave();
    m_controller->newConversation();
    showChat();
}

void MainWindow::setListShown(bool isShown) {
    m_list->setVisible(isShown);
    m_header->setListHidden(!isShown);
    placeToast();
}

void MainWindow::chooseModelFile() {
    if (m_fileDialog != nullptr) return m_fileDialog->raise();
    m_fileDialog = new QFileDialog(this, tr("Choose a model file"), QString(),
                                   tr("Models (*.gguf);;All files (*)"));
    m_fileDialog->setAttribute(Qt::WA_DeleteOnClose);
    m_fileDialog->setFileMode(QFileDialog::ExistingFile);
    connect(m_fileDialog, &QFileDialog::fileSelected, this, [this](const QString& file) {
        m_controller->loadModel(file);
        if (m_outer->currentWidget() == m_firstRun) m_firstRun->showStep(2);
    });
    m_fileDialog->open();
}

void MainWindow::placeToast() {
    const QPoint top = m_chat->composer()->isVisible()
                           ? m_chat->lowerPart()->mapTo(this, QPoint(0, 0))
                           : QPoint(0, height() - 8);
    const int middle = m_pages->mapTo(this, QPoint(m_pages->width() / 2, 0)).x();
    m_toast->setBottomCentre(QPoint(middle, top.y() - 12));
}

void MainWindow::paintEvent(QPaintEvent*) {
    QPainter(this).fillRect(rect(), m_appearance->theme().window);
}

void MainWindow::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    QTimer::singleShot(0, this, &MainWindow::placeToast);
}

void MainWindow::keyPressEvent(QKeyEvent* event) {
    if (event->key() != Qt::Key_Escape) return QWidget::keyPressEvent(event);
    if (m_outer->currentWidget() == m_firstRun) return;
    if (m_pages->currentWidget() == m_chat) return m_chat->escape();
    showChat();
}

void MainWindow::closeEvent(QCloseEvent* event) {
    // With an icon in the tray Lares goes on without the window.
    if (QApplication::quitOnLastWindowClosed() && !mayEnd([this] { close(); }))
        return event->ignore();
    m_chat->leave();
    m_personas->flushDraft();
    m_notes->flushDraft();
    saveLayout();
    event->accept();
}

}  // namespace lares::app
