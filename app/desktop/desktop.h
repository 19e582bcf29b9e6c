#pragma once

#include "app/chat/chat_message.h"
#include "app/desktop/wishes.h"

#include <QObject>

#include <memory>

namespace lares::app {

class Appearance;
class AnswerNotices;
class ChatController;
class MainWindow;
class QuickWindow;
class Tray;

/// What the desktop sees of Lares beside its window: the icon in the tray, notices, the quick
/// window, and what a second start asks for. UI thread only.
class Desktop : public QObject {
    Q_OBJECT

public:
    static constexpr const char* kTraySetting = "tray";

    /// All outlive it. `wishes`: the folder in which a second start leaves its wish; empty: this
    /// Lares is not the first with its data.
    Desktop(const Appearance* appearance,
            ChatController* controller,
            MainWindow* window,
            const QString& wishes);
    ~Desktop() override;

    void showQuick();

    [[nodiscard]] Tray* tray() const { return m_tray.get(); }
    [[nodiscard]] QuickWindow* quick() const { return m_quick.get(); }  ///< null: not yet needed

    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void connectTray();
    void applySetting(const QString& key);
    void grant(Wishes::Wish wish);
    void openConversation(ConversationId id);
    void quit();

    const Appearance* m_appearance;
    ChatController* m_controller;
    MainWindow* m_window;
    std::unique_ptr<Tray> m_tray;
    AnswerNotices* m_notices;
    std::unique_ptr<QuickWindow> m_quick;
    bool m_isQuitting = false;
};

}  // namespace lares::app
