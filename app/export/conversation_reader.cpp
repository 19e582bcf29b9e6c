#include "app/export/conversation_reader.h"

#include "app/export/chatgpt_conversation.h"
#include "app/export/conversation_json.h"
#include "app/export/lmstudio_conversation.h"
#include "app/personas/bounded_object.h"

namespace lares::app {

LeftOut& LeftOut::operator+=(const LeftOut& other) {
    pictures += other.pictures;
    toolSteps += other.toolSteps;
    instructions += other.instructions;
    return *this;
}

Result<ReadConversation> readConversation(ConversationOrigin origin, const QByteArray& json) {
    if (origin == ConversationOrigin::Lares) {
        ASSIGN_OR_RETURN(ConversationContent content, conversationFromJson(json));
        return ReadConversation{std::move(content), {}};
    }
    ASSIGN_OR_RETURN(const QJsonObject object, parseBoundedObject(json, kMaxConversationValues));
    return origin == ConversationOrigin::ChatGpt ? fromChatGpt(object) : fromLmStudio(object);
}

}  // namespace lares::app
