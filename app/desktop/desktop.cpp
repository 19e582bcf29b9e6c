#include "app/desktop/desktop.h"

#include "app/approval/approval_card.h"
#include "app/chat/chat_controller.h"
#include "app/desktop/answer_notices.h"
#include "app/desktop/tray.h"
#include "app/ui/main_window.h"
#include "app/ui/quick_window.h"

#include <QApplication>
#include <QEvent>

namespace lares::app {
namespace {

constexpr const char* kToldSetting = "trayTold";

}  // namespace

Desktop::Desktop(const Appearance* appearance,
                 ChatController* controller,
                 MainWindow* window,
                 const QString& wishes)
    : m_appearance(appearance)
    , m_controller(controller)
    , m_window(window)
    , m_tray(std::make_unique<Tray>())
    , m_notices(new AnswerNotices(controller, this)) {
    connectTray();
    connect(m_notices, &AnswerNotices::wanted, this,
            [this](const QString& title, const QString& text, ConversationId id) {
                QApplication::alert(m_window);
                m_tray->notify(title, text, id);
            });
    connect(controller, &ChatController::settingChanged, this, &Desktop::applySetting);
    window->installEventFilter(this);
    applySetting(kTraySetting);
    if (wishes.isEmpty()) return;
    auto* inbox = new Wishes(wishes, this);
    connect(inbox, &Wishes::came, this, &Desktop::grant);
}

Desktop::~Desktop() = default;

void Desktop::connectTray() {
    connect(m_tray.get(), &Tray::showRequested, m_window, &MainWindow::comeForward);
    connect(m_tray.get(), &Tray::newRequested, m_window, &MainWindow::beginConversation);
    connect(m_tray.get(), &Tray::newTemporaryRequested, m_window,
            &MainWindow::beginTemporaryConversation);
    connect(m_tray.get(), &Tray::quickRequested, this, &Desktop::showQuick);
    connect(m_tray.get(), &Tray::conversationRequested, this, &Desktop::openConversation);
    connect(m_tray.get(), &Tray::quitRequested, this, &Desktop::quit);
}

void Desktop::quit() {
    if (!m_window->mayEnd([this] { quit(); })) return;
    m_isQuitting = true;
    m_window->close();  // which saves what is written
    QApplication::quit();
}

void Desktop::applySetting(const QString& key) {
    if (key != kTraySetting) return;
    m_tray->setShown(m_controller->setting(key).toBool(false));
    // Without the icon nobody would find a window that is hidden.
    QApplication::setQuitOnLastWindowClosed(!m_tray->isShown());
}

void Desktop::grant(Wishes::Wish wish) {
    wish == Wishes::Wish::Quick ? showQuick() : m_window->comeForward();
}

void Desktop::showQuick() {
    if (!m_quick) {
        m_quick = std::make_unique<QuickWindow>(m_appearance, m_controller);
        connect(m_quick.get(), &QuickWindow::openRequested, this, &Desktop::openConversation);
    }
    m_quick->comeUp();
}

void Desktop::openConversation(ConversationId id) {
    m_window->openConversation(id);
}

bool Desktop::eventFilter(QObject* watched, QEvent* event) {
    if (watched == m_window && event->type() == QEvent::Close && m_tray->isShown() &&
        !m_isQuitting && !m_controller->setting(kToldSetting).toBool(false)) {
        m_controller->setSetting(kToldSetting, true);
        m_tray->notify(tr("Lares goes on here"),
                       tr("Its icon brings the window back; its menu has Quit."), 0);
    }
    return QObject::eventFilter(watched, event);
}

}  // namespace lares::app
