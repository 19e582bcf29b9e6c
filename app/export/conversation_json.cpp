#include "app/export/conversation_json.h"

#include "app/chat/answer_parameters.h"
#include "app/chat/call_sources.h"
#include "app/chat/folder_name.h"
#include "app/export/json_fields.h"
#include "app/personas/bounded_object.h"
#include "app/personas/imported_persona.h"
#include "app/personas/persona_file.h"
#include "app/store/message_names.h"

#include <QHash>
#include <QJsonArray>

#include <algorithm>

namespace lares::app {
namespace {

constexpr int kMaxName = 200;  // of a tool, of a persona's id
constexpr int kMaxBranchSummary = 100'000;
constexpr std::size_t kMaxPersonasOfOne = 1'000;
constexpr qint64 kLongestMs = qint64{1000} * 60 * 60 * 24 * 365;

// --- out -----------------------------------------------------------------------------------------

QJsonObject partJson(const Part& part) {
    QJsonObject object = {{"kind", QString(storedName(part.kind))}};
    put(object, "text", part.text);
    put(object, "tool", part.toolName);
    put(object, "callState", QString(storedName(part.callState)));
    put(object, "summary", part.summary);
    put(object, "data", part.data);
    if (part.durationMs != 0) object["durationMs"] = part.durationMs;
    return object;
}

QJsonObject messageJson(const ChatMessage& message, int number, int parent) {
    QJsonObject object = {{"number", number},
                          {"parent", parent},
                          {"role", QString(storedName(message.role))},
                          {"state", QString(storedName(message.state))}};
    put(object, "persona", message.personaId);
    put(object, "createdAt", timeText(message.createdAt));
    put(object, "stats", message.stats);
    QJsonArray parts;
    for (const Part& part : message.parts) parts.append(partJson(part));
    object["parts"] = parts;
    if (message.summary) {
        object["readAs"] = QJsonObject{{"summary", message.summary->text},
                                       {"isLeavingOut", message.summary->isLeavingOut}};
    }
    return object;
}

// --- in ------------------------------------------------------------------------------------------

/// A name that this Lares knows; the stored enumerators read anything else as something.
template <class Enum>
Result<Enum> nameIn(const QJsonObject& object, const char* key, Enum (*parse)(const QString&)) {
    const QString name = object.value(QLatin1String(key)).toString();
    const Enum value = parse(name);
    if (storedName(value) == name) return value;
    return notWhole(ImportReason::tr("“%1” is “%2”, which this version of Lares does not know")
                        .arg(QLatin1String(key), name.left(40)));
}

Result<Part> partIn(const QJsonObject& object) {
    Part part;
    ASSIGN_OR_RETURN(part.kind, nameIn(object, "kind", partKindOf));
    ASSIGN_OR_RETURN(part.text, textIn(object, "text"));
    ASSIGN_OR_RETURN(part.toolName, shortTextIn(object, "tool", kMaxName));
    ASSIGN_OR_RETURN(part.callState, nameIn(object, "callState", callStateOf));
    ASSIGN_OR_RETURN(part.summary, textIn(object, "summary"));
    part.summary = shortened(part.summary, kMaxImportedSummary);
    part.durationMs = std::clamp<qint64>(object["durationMs"].toInteger(), 0, kLongestMs);
    part.data = object["data"].toObject();
    return part;
}

Result<ChatMessage> messageIn(const QJsonObject& object, int number) {
    ChatMessage message;
    message.id = number;
    message.parent = object["parent"].toInteger(-1);
    if (object["number"].toInteger() != number || message.parent < 0 || message.parent >= number) {
        return notWhole(ImportReason::tr("message %1 is not where it belongs").arg(number));
    }
    ASSIGN_OR_RETURN(message.role, nameIn(object, "role", roleOf));
    ASSIGN_OR_RETURN(message.state, nameIn(object, "state", stateOf));
    ASSIGN_OR_RETURN(message.personaId, shortTextIn(object, "persona", kMaxName));
    ASSIGN_OR_RETURN(message.createdAt, timeIn(object, "createdAt"));
    message.stats = object["stats"].toObject();
    const QJsonArray parts = object["parts"].toArray();
    if (parts.size() > kMaxMessageParts)
        return notWhole(ImportReason::tr("message %1 has too many parts").arg(number));
    for (const QJsonValue value : parts) {
        ASSIGN_OR_RETURN(Part part, partIn(value.toObject()));
        message.parts.push_back(std::move(part));
    }
    if (const QJsonObject readAs = object["readAs"].toObject(); !readAs.isEmpty()) {
        BranchSummary summary;
        ASSIGN_OR_RETURN(summary.text, shortTextIn(readAs, "summary", kMaxBranchSummary));
        summary.isLeavingOut = readAs["isLeavingOut"].toBool();
        message.summary = std::move(summary);
    }
    settle(message);
    for (Part& part : message.parts) forgetPastSources(part);
    return message;
}

Result<ConversationInfo> infoIn(const QJsonObject& object) {
    ConversationInfo info;
    ASSIGN_OR_RETURN(info.title, textIn(object, "title"));
    info.title = shortened(info.title.simplified(), kMaxImportedTitle);
    ASSIGN_OR_RETURN(info.preview, textIn(object, "preview"));
    info.preview = info.preview.left(kMaxImportedTitle);
    ASSIGN_OR_RETURN(info.folder, textIn(object, "folder"));
    info.folder = folderName(info.folder);
    ASSIGN_OR_RETURN(info.personaId, shortTextIn(object, "persona", kMaxName));
    ASSIGN_OR_RETURN(info.draft, textIn(object, "draft"));
    ASSIGN_OR_RETURN(info.createdAt, timeIn(object, "createdAt"));
    ASSIGN_OR_RETURN(info.updatedAt, timeIn(object, "updatedAt"));
    info.isPinned = object["isPinned"].toBool();
    info.activeLeaf = object["activeMessage"].toInteger();
    info.parameters = bounded(object["parameters"].toObject());
    return info;
}

}  // namespace

QJsonObject toJson(const ConversationContent& content) {
    QHash<MessageId, int> numbers;
    QJsonArray messages;
    for (const ChatMessage& message : content.messages) {
        ChatMessage settled = message;
        settle(settled);
        for (Part& part : settled.parts) forgetPastSources(part);
        const int number = static_cast<int>(messages.size()) + 1;
        // A parent is older; where it is not there, the message hangs below the beginning, which is
        // how it is shown.
        messages.append(messageJson(settled, number, numbers.value(message.parent, 0)));
        numbers.insert(message.id, number);
    }
    QJsonArray personas;
    for (const Persona& persona : content.personas) personas.append(toPersonaObject(persona));
    const ConversationInfo& info = content.info;
    QJsonObject object = {{"messages", messages}};
    put(object, "title", info.title);
    put(object, "preview", info.preview);
    put(object, "folder", info.folder);
    put(object, "persona", info.personaId);
    put(object, "draft", info.draft);
    put(object, "createdAt", timeText(info.createdAt));
    put(object, "updatedAt", timeText(info.updatedAt));
    put(object, "parameters", info.parameters);
    if (info.isPinned) object["isPinned"] = true;
    if (const int active = numbers.value(info.activeLeaf, 0)) object["activeMessage"] = active;
    if (!content.draftAttachments.empty())
        object["draftAttachments"] = toJson(content.draftAttachments);
    if (!personas.isEmpty()) object["personas"] = personas;
    return object;
}

Result<ConversationContent> conversationFromJson(const QByteArray& json) {
    ASSIGN_OR_RETURN(const QJsonObject object, parseBoundedObject(json, kMaxConversationValues));
    ConversationContent content;
    ASSIGN_OR_RETURN(content.info, infoIn(object));
    const QJsonArray messages = object["messages"].toArray();
    if (messages.isEmpty()) return notWhole(ImportReason::tr("it holds no message"));
    if (messages.size() > kMaxConversationMessages)
        return notWhole(ImportReason::tr("it has too many messages"));
    for (const QJsonValue value : messages) {
        const int number = static_cast<int>(content.messages.size()) + 1;
        ASSIGN_OR_RETURN(ChatMessage message, messageIn(value.toObject(), number));
        content.messages.push_back(std::move(message));
    }
    const auto count = static_cast<qint64>(content.messages.size());
    if (content.info.activeLeaf < 1 || content.info.activeLeaf > count)
        content.info.activeLeaf = 0;  // the newest branch
    content.draftAttachments = attachmentsFromJson(object["draftAttachments"].toArray());
    content.info.hasAttachedDraft = !content.draftAttachments.empty();
    for (const QJsonValue value : object["personas"].toArray()) {
        ASSIGN_OR_RETURN(ImportedPersona read, fromPersonaObject(value.toObject()));
        if (content.personas.size() >= kMaxPersonasOfOne) break;
        content.personas.push_back(std::move(read.persona));
    }
    return content;
}

}  // namespace lares::app
