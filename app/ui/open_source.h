#pragma once

#include "app/chat/chat_message.h"

#include <QString>
#include <QUrl>

#include <functional>

namespace lares::app {

class ChatController;

/// What the desktop is asked to open for a file that an answer has passages of: the file; the
/// folder it is in where opening it could run it as a program; nothing where it is gone. UI thread
/// only.
[[nodiscard]] QUrl openedForSource(const QString& path);

/// Asks the desktop. A sentence where nothing could be opened; empty: it was.
[[nodiscard]] QString openSource(const QString& path);

/// Shows the message in the window, after `leave`, which ends what the user was doing. A sentence
/// where its conversation is no longer listed; empty: it is shown, or soon.
[[nodiscard]] QString openSourceMessage(ChatController& controller,
                                        ConversationId conversation,
                                        MessageId message,
                                        const std::function<void()>& leave);

}  // namespace lares::app
