#include "app/export/conversation_content.h"

#include "app/chat/call_changes.h"

#include <QCoreApplication>
#include <QHash>

namespace lares::app {

QString exportTitle(const ConversationInfo& info) {
    if (QString title = info.title.simplified(); !title.isEmpty()) return title;
    if (QString preview = info.preview.simplified(); !preview.isEmpty()) return preview;
    return QCoreApplication::translate("Export", "Conversation");
}

void settle(ChatMessage& message) {
    if (message.state == ChatMessage::State::Generating)
        message.state = ChatMessage::State::Stopped;
    for (Part& part : message.parts) {
        if (part.callState == Part::CallState::Waiting ||
            part.callState == Part::CallState::Running)
            part.callState = Part::CallState::Failed;
        forgetChanges(part);
    }
}

void renumber(ConversationContent& content,
              ConversationId id,
              const std::function<MessageId()>& next) {
    QHash<MessageId, MessageId> fresh;
    for (ChatMessage& message : content.messages) {
        const MessageId made = next();
        fresh.insert(message.id, made);
        message.id = made;
        message.conversation = id;
        message.parent = fresh.value(message.parent, 0);
    }
    content.info.id = id;
    content.info.activeLeaf = fresh.value(content.info.activeLeaf, 0);
}

}  // namespace lares::app
