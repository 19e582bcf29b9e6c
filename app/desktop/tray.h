#pragma once

#include "app/chat/chat_message.h"

#include <QObject>

#include <memory>

class QMenu;
class QSystemTrayIcon;

namespace lares::app {

/// The icon beside the desktop's clock, and the notices that come from it. A desktop shows notices
/// for an icon alone, so where the user wants none it is there only until the notice is answered or
/// a window of Lares comes to the front. Does nothing where the desktop has no such place. UI
/// thread only.
class Tray : public QObject {
    Q_OBJECT

public:
    explicit Tray(QObject* parent = nullptr);
    ~Tray() override;

    [[nodiscard]] static bool isAvailable();
    void setShown(bool isShown);
    [[nodiscard]] bool isShown() const { return m_isWanted; }
    /// `conversation`: where a click leads; 0: to the window.
    void notify(const QString& title, const QString& text, ConversationId conversation);
    [[nodiscard]] QMenu* menu() const { return m_menu.get(); }

signals:
    void showRequested();
    void newRequested();
    void newTemporaryRequested();
    void quickRequested();
    void quitRequested();
    void conversationRequested(lares::app::ConversationId id);

private:
    void make();
    void settle();

    std::unique_ptr<QMenu> m_menu;
    std::unique_ptr<QSystemTrayIcon> m_icon;  ///< null until it is needed
    bool m_isWanted = false;
    bool m_hasNotice = false;
    ConversationId m_noticed = 0;
};

}  // namespace lares::app
