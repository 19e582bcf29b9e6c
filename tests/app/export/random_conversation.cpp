#include "tests/app/export/random_conversation.h"

#include "app/chat/answer_parameters.h"
#include "app/chat/call_changes.h"
#include "app/chat/call_sources.h"
#include "app/chat/folder_name.h"
#include "app/export/conversation_json.h"

#include <QJsonArray>

namespace lares::test {

using namespace lares::app;

namespace {

Part randomPart(Part::Kind kind, RandomTexts& texts) {
    Part part;
    part.kind = kind;
    part.text = texts.text();
    if (texts.oneIn(3)) part.durationMs = texts.below(100'000);
    if (texts.oneIn(3)) part.data["step"] = texts.below(5);
    return part;
}

Attachment randomAttachment(RandomTexts& texts) {
    return {texts.text(2), texts.text(), texts.below(1'000'000), texts.below(9'000),
            texts.oneIn(3)};
}

std::vector<Part> question(RandomTexts& texts) {
    std::vector<Part> parts;
    for (int n = texts.below(3) * texts.below(2); n > 0; --n)
        parts.push_back(partOf(randomAttachment(texts)));
    parts.push_back(randomPart(Part::Kind::Text, texts));
    for (int n = texts.below(4) / 2; n > 0; --n) {
        parts.push_back(randomPart(Part::Kind::Lore, texts));
        parts.back().data["title"] = texts.line();
    }
    return parts;
}

Part randomCall(RandomTexts& texts) {
    constexpr Part::CallState kStates[] = {Part::CallState::None,    Part::CallState::Waiting,
                                           Part::CallState::Running, Part::CallState::Done,
                                           Part::CallState::Failed,  Part::CallState::Denied};
    static const QStringList kTools = {
        "list_folder",      "write_file", "run_command", "remember", "search_conversations",
        "search_documents", "",           "zz"};
    Part call = randomPart(Part::Kind::ToolCall, texts);
    call.toolName = kTools[texts.below(int(kTools.size()))];
    call.callState = kStates[texts.below(6)];
    call.summary = texts.maybe().left(kMaxImportedSummary);
    if (texts.oneIn(2)) call.data["allowedBy"] = "once";
    if (texts.oneIn(3)) call.data["paths"] = QJsonArray{texts.text(1), "/home/a"};
    if (texts.oneIn(3)) call.data["change"] = texts.line();
    if (texts.oneIn(4)) call.data["layers"] = QJsonArray{"files", texts.line()};
    if (texts.oneIn(3)) addChange(call, texts.below(50));
    if (texts.oneIn(6)) setKeptNote(call, 1 + texts.below(9));
    if (texts.oneIn(6))
        call.data[kEditedNoteKey] = QJsonObject{{"text", texts.text()}, {"forAll", true}};
    if (texts.oneIn(3)) {
        std::vector<ToolSource> sources;
        sources.push_back({texts.text(1).toStdString(), "p. 3", {}});
        if (texts.oneIn(2))
            sources.push_back(
                {texts.text(1).toStdString(), {}, SourceMessage{7, 70, 1'780'000'000}});
        setSources(call, sources);
    }
    return call;
}

std::vector<Part> answer(RandomTexts& texts) {
    std::vector<Part> parts;
    for (int n = 1 + texts.below(3); n > 0; --n) {
        if (texts.oneIn(2)) parts.push_back(randomPart(Part::Kind::Thinking, texts));
        if (texts.oneIn(2)) {
            parts.push_back(randomCall(texts));
            if (!texts.oneIn(4)) parts.push_back(randomPart(Part::Kind::ToolResult, texts));
        }
        parts.push_back(randomPart(Part::Kind::Text, texts));
    }
    if (texts.oneIn(3)) parts.push_back(randomPart(Part::Kind::Notice, texts));
    return parts;
}

QDateTime randomTime(RandomTexts& texts) {
    return QDateTime::fromMSecsSinceEpoch(1'700'000'000'000 + texts.below(2'000'000'000) +
                                          qint64{1000} * texts.below(50'000'000));
}

ChatMessage randomMessage(RandomTexts& texts,
                          const ConversationContent& content,
                          const std::vector<Persona>& personas) {
    constexpr ChatMessage::State kStates[] = {
        ChatMessage::State::Complete, ChatMessage::State::Generating, ChatMessage::State::Stopped,
        ChatMessage::State::Failed};
    ChatMessage message;
    const int n = static_cast<int>(content.messages.size());
    message.id = n + 1;
    // Mostly the newest, so that branches are long.
    const int back = texts.oneIn(3) ? texts.below(n + 1) : 0;
    message.parent = n - back;
    const bool isAnswer =
        message.parent > 0 && content.messages[std::size_t(message.parent - 1)].role == Role::User;
    message.role = isAnswer ? Role::Assistant : Role::User;
    if (!texts.oneIn(8)) message.createdAt = randomTime(texts);
    message.parts = isAnswer ? answer(texts) : question(texts);
    if (isAnswer) {
        message.state = kStates[texts.below(4)];
        message.personaId = texts.oneIn(5)
                                ? QString("gone")
                                : personas[std::size_t(texts.below(int(personas.size())))].id;
        message.stats = {{"tokensPerSecond", 0.25 * texts.below(400)}, {"finishReason", "stop"}};
    }
    if (texts.oneIn(4)) message.summary = BranchSummary{texts.maybe(), texts.oneIn(2)};
    return message;
}

}  // namespace

ConversationContent randomConversation(RandomTexts& texts, const std::vector<Persona>& personas) {
    ConversationContent content;
    ConversationInfo& info = content.info;
    info.id = 1;
    for (int n = 1 + texts.below(9); n > 0; --n)
        content.messages.push_back(randomMessage(texts, content, personas));
    info.title = texts.maybe().simplified().left(kMaxImportedTitle).simplified();
    info.preview = texts.maybe().simplified().left(80);
    info.personaId = personas[std::size_t(texts.below(int(personas.size())))].id;
    info.createdAt = randomTime(texts);
    info.updatedAt = randomTime(texts);
    info.isPinned = texts.oneIn(4);
    info.activeLeaf = texts.below(int(content.messages.size()) + 1);
    if (texts.oneIn(3)) info.draft = texts.text();
    for (int n = texts.below(4) / 2; n > 0; --n)
        content.draftAttachments.push_back(randomAttachment(texts));
    info.hasAttachedDraft = !content.draftAttachments.empty();
    for (const ParameterBounds& one : answerParameters()) {
        if (texts.oneIn(8)) info.parameters[one.key] = bounded(one.key, one.least + one.step);
    }
    if (texts.oneIn(2))
        info.folder = texts.oneIn(2) ? QString("Work") : folderName(texts.line() + 'x');
    for (const Persona& persona : personas) {
        if (texts.oneIn(2)) content.personas.push_back(persona);
    }
    return content;
}

ConversationContent asHistory(ConversationContent content) {
    MessageId number = 0;
    renumber(content, 0, [&] { return ++number; });
    for (ChatMessage& message : content.messages) {
        settle(message);
        message.conversation = 0;
        for (Part& part : message.parts) forgetPastSources(part);
    }
    return content;
}

QString difference(const ConversationContent& a, const ConversationContent& b) {
    const auto differs = [](const char* what, const QString& one, const QString& other) {
        return QString("%1: %2 / %3").arg(what, one.left(300), other.left(300));
    };
    const ConversationInfo& x = a.info;
    const ConversationInfo& y = b.info;
    if (x.title != y.title) return differs("title", x.title, y.title);
    if (x.preview != y.preview) return differs("preview", x.preview, y.preview);
    if (x.folder != y.folder) return differs("folder", x.folder, y.folder);
    if (x.draft != y.draft) return differs("draft", x.draft, y.draft);
    if (x.personaId != y.personaId) return "persona";
    if (x.parameters != y.parameters) return "parameters";
    if (x.isPinned != y.isPinned) return "pinned";
    if (x.activeLeaf != y.activeLeaf) return "the end of what is shown";
    if (x.createdAt != y.createdAt || x.updatedAt != y.updatedAt) return "times";
    if (x != y) return "the rest of what the list knows";
    if (a.draftAttachments != b.draftAttachments) return "what is attached to the draft";
    if (a.personas.size() != b.personas.size()) return "how many personas";
    if (a.personas != b.personas) return "personas";
    if (a.messages.size() != b.messages.size()) return "how many messages";
    for (std::size_t i = 0; i < a.messages.size(); ++i) {
        const ChatMessage& one = a.messages[i];
        const ChatMessage& other = b.messages[i];
        const QString name = QString("message %1: ").arg(i + 1);
        if (one.parts.size() != other.parts.size()) return name + "how many parts";
        for (std::size_t p = 0; p < one.parts.size(); ++p) {
            if (one.parts[p].text != other.parts[p].text)
                return name + differs("text", one.parts[p].text, other.parts[p].text);
            if (one.parts[p].summary != other.parts[p].summary)
                return name + differs("summary", one.parts[p].summary, other.parts[p].summary);
            if (one.parts[p] != other.parts[p]) return name + QString("part %1").arg(p);
        }
        if (one.summary != other.summary) return name + "summary of the branch";
        if (one.createdAt != other.createdAt) return name + "time";
        if (one != other) return name + "the rest";
    }
    return {};
}

}  // namespace lares::test
