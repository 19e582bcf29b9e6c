#include "app/desktop/tray.h"

#include <QGuiApplication>
#include <QIcon>
#include <QMenu>
#include <QSystemTrayIcon>

#include <utility>

namespace lares::app {

Tray::Tray(QObject* parent) : QObject(parent), m_menu(std::make_unique<QMenu>()) {
    m_menu->addAction(tr("Show Lares"), this, &Tray::showRequested);
    m_menu->addAction(tr("New conversation"), this, &Tray::newRequested);
    m_menu->addAction(tr("New temporary conversation"), this, &Tray::newTemporaryRequested);
    m_menu->addAction(tr("Quick question"), this, &Tray::quickRequested);
    m_menu->addSeparator();
    m_menu->addAction(tr("Quit"), this, &Tray::quitRequested);
    connect(qGuiApp, &QGuiApplication::applicationStateChanged, this,
            [this](Qt::ApplicationState state) {
                if (state != Qt::ApplicationActive) return;
                m_hasNotice = false;  // whatever it said is seen now
                settle();
            });
}

Tray::~Tray() = default;

bool Tray::isAvailable() {
    return QSystemTrayIcon::isSystemTrayAvailable();
}

void Tray::make() {
    if (m_icon) return;
    m_icon = std::make_unique<QSystemTrayIcon>(QGuiApplication::windowIcon());
    m_icon->setToolTip(tr("Lares"));
    m_icon->setContextMenu(m_menu.get());
    connect(m_icon.get(), &QSystemTrayIcon::activated, this,
            [this](QSystemTrayIcon::ActivationReason reason) {
                if (reason == QSystemTrayIcon::Trigger || reason == QSystemTrayIcon::DoubleClick)
                    emit showRequested();
            });
    connect(m_icon.get(), &QSystemTrayIcon::messageClicked, this, [this] {
        m_hasNotice = false;
        const ConversationId id = std::exchange(m_noticed, 0);
        id != 0 ? emit conversationRequested(id) : emit showRequested();
        settle();
    });
}

void Tray::settle() {
    if (m_icon) m_icon->setVisible(m_isWanted || m_hasNotice);
}

void Tray::setShown(bool isShown) {
    m_isWanted = isShown && isAvailable();
    if (m_isWanted) make();
    settle();
}

void Tray::notify(const QString& title, const QString& text, ConversationId conversation) {
    if (!isAvailable() || !QSystemTrayIcon::supportsMessages()) return;
    make();
    m_hasNotice = true;
    m_noticed = conversation;
    settle();
    m_icon->showMessage(title, text, QGuiApplication::windowIcon());
}

}  // namespace lares::app
