#pragma once

#include "app/chat/chat_message.h"

#include <QObject>

namespace lares::app {

class ChatController;

/// Decides when the desktop should say that Lares has something: a long answer ended, or one waits
/// for a permission, and no window of Lares is in front. A notice has the conversation's title and
/// nothing that the model wrote: desktops keep notices and show them to whoever stands there, also
/// while the screen is locked. UI thread only.
class AnswerNotices : public QObject {
    Q_OBJECT

public:
    static constexpr qint64 kLongMs = 10'000;  ///< whoever waits for less has stayed
    static constexpr const char* kSetting = "notices";

    explicit AnswerNotices(ChatController* controller, QObject* parent = nullptr);

    [[nodiscard]] static bool isOn(const ChatController& controller);

signals:
    void wanted(const QString& title, const QString& text, lares::app::ConversationId id);

private:
    void want(ConversationId id, const QString& text);

    ChatController* m_controller;
};

}  // namespace lares::app
