#include "app/export/lmstudio_conversation.h"

#include "app/export/conversation_json.h"
#include "app/export/foreign_message.h"

#include <QJsonArray>

#include <algorithm>

namespace lares::app {
namespace {

void addContent(ChatMessage& message,
                const QJsonArray& content,
                Part::Kind kind,
                LeftOut& leftOut) {
    QString text;
    for (const QJsonValue piece : content) {
        const QString type = piece["type"].toString();
        if (type == u"text")
            text += piece["text"].toString();  // an answer is written in pieces
        else if (type.startsWith(u"toolCall"))
            ++leftOut.toolSteps;
        else
            ++leftOut.pictures;
    }
    addText(message.parts, kind, text);
}

void addStep(ChatMessage& message, const QJsonValue& step, LeftOut& leftOut) {
    const QString type = step["type"].toString();
    if (type == u"contentBlock") {
        const bool isThinking = step["style"]["type"].toString() == u"thinking";
        addContent(message, step["content"].toArray(),
                   isThinking ? Part::Kind::Thinking : Part::Kind::Text, leftOut);
    } else if (type.startsWith(u"tool")) {
        ++leftOut.toolSteps;
    }  // the rest tells how it was made
}

ChatMessage versionOf(const QJsonValue& version, LeftOut& leftOut) {
    ChatMessage message;
    message.role = version["role"].toString() == u"assistant" ? Role::Assistant : Role::User;
    if (version["role"].toString() == u"system") {
        ++leftOut.instructions;
        return message;
    }
    addContent(message, version["content"].toArray(), Part::Kind::Text, leftOut);
    for (const QJsonValue step : version["steps"].toArray()) addStep(message, step, leftOut);
    return message;
}

}  // namespace

bool isLmStudio(const QJsonObject& object) {
    const QJsonValue messages = object["messages"];
    return messages.isArray() && (messages[0]["versions"].isArray() ||
                                  (messages.toArray().isEmpty() && object.contains("tokenCount")));
}

Result<ReadConversation> fromLmStudio(const QJsonObject& object) {
    ReadConversation read;
    ConversationInfo& info = read.content.info;
    info.title = object["name"].toString();
    info.isPinned = object["pinned"].toBool();
    info.createdAt = foreignTime(object["createdAt"].toDouble());
    info.updatedAt = foreignTime(std::max(object["userLastMessagedAt"].toDouble(),
                                          object["assistantLastMessagedAt"].toDouble()));
    info.draft = object["clientInput"].toString();
    if (!object["systemPrompt"].toString().trimmed().isEmpty()) ++read.leftOut.instructions;

    MessageId parent = 0;
    for (const QJsonValue slot : object["messages"].toArray()) {
        const QJsonArray versions = slot["versions"].toArray();
        if (versions.isEmpty()) continue;
        const qsizetype selected =
            std::clamp<qsizetype>(slot["currentlySelected"].toInt(), 0, versions.size() - 1);
        MessageId chosen = 0;
        for (qsizetype i = 0; i < versions.size(); ++i) {
            ChatMessage message = versionOf(versions[i], read.leftOut);
            if (message.parts.empty()) continue;  // a picture alone, or nothing
            message.parent = parent;
            message.createdAt = info.createdAt;
            ASSIGN_OR_RETURN(const MessageId made, addMessage(read.content, std::move(message)));
            if (chosen == 0 || i <= selected) chosen = made;
        }
        if (chosen != 0) parent = chosen;
    }
    info.activeLeaf = parent;
    RETURN_IF_ERROR(complete(read.content));
    return read;
}

}  // namespace lares::app
