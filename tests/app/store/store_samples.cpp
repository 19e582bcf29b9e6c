#include "tests/app/store/store_samples.h"

#include <QFile>
#include <QJsonArray>
#include <QTest>

namespace lares::test {

using namespace lares::app;

namespace {

QDateTime timeOf(qint64 id) {
    return QDateTime::fromMSecsSinceEpoch(1'780'000'000'123 + id * 60'000);
}

}  // namespace

std::filesystem::path StoreFolder::path() const {
    return std::filesystem::path(m_folder.path().toStdString()) / "data";
}

std::filesystem::path StoreFolder::database() const {
    return path() / "lares.db";
}

std::vector<std::filesystem::path> StoreFolder::kept() const {
    std::vector<std::filesystem::path> kept;
    for (const auto& entry : std::filesystem::directory_iterator(path())) {
        const std::string name = entry.path().filename().string();
        if (name.starts_with("lares-damaged-") && name.ends_with(".db")) kept.push_back(entry);
    }
    return kept;
}

QByteArray bytesOf(const std::filesystem::path& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

void writeFile(const std::filesystem::path& path, const QByteArray& bytes) {
    std::filesystem::create_directories(path.parent_path());
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(bytes), bytes.size());
}

std::unique_ptr<ConversationStore> openStore(const std::filesystem::path& path) {
    auto opened = ConversationStore::open(path);
    if (opened) return std::move(*opened);
    QTest::qFail(opened.error().message.c_str(), __FILE__, __LINE__);
    return nullptr;
}

Part part(Part::Kind kind, const QString& text) {
    Part made;
    made.kind = kind;
    made.text = text;
    return made;
}

ConversationInfo sampleConversation(ConversationId id) {
    ConversationInfo info;
    info.id = id;
    info.title = QStringLiteral("Conversation %1").arg(id);
    info.preview = "What is in my Documents?";
    info.personaId = "lares";
    info.createdAt = timeOf(id);
    info.updatedAt = timeOf(id + 1);
    return info;
}

ChatMessage userMessage(MessageId id,
                        ConversationId conversation,
                        MessageId parent,
                        const QString& text) {
    ChatMessage message;
    message.id = id;
    message.conversation = conversation;
    message.parent = parent;
    message.createdAt = timeOf(id);
    message.parts.push_back(part(Part::Kind::Text, text));
    return message;
}

Attachment sampleAttachment(const QString& name) {
    Attachment attachment;
    attachment.name = name;
    attachment.text = "month,sum\nMay,12.50\n";
    attachment.bytes = 21;
    attachment.tokens = 14;
    return attachment;
}

ChatMessage fullAnswer(MessageId id, ConversationId conversation, MessageId parent) {
    ChatMessage message = userMessage(id, conversation, parent, {});
    message.role = Role::Assistant;
    message.state = ChatMessage::State::Stopped;
    message.personaId = "clerk";
    message.stats = {{"tokensPerSecond", 71.5}, {"finishReason", "stop"}};
    Part thinking = part(Part::Kind::Thinking, "The user asks.");
    thinking.durationMs = 1200;
    Part call = part(Part::Kind::ToolCall, R"({"path": "Documents"})");
    call.toolName = "list_folder";
    call.callState = Part::CallState::Done;
    call.summary = "List the folder Documents";
    call.durationMs = 15;
    call.data = {{"allowedBy", "once"}, {"list", QJsonArray{1, "two"}}};
    message.parts = {thinking,
                     part(Part::Kind::Text, "Let me look."),
                     call,
                     part(Part::Kind::ToolResult, "letter.txt"),
                     part(Part::Kind::Text, "There is **letter.txt**."),
                     part(Part::Kind::Notice, "You stopped this answer.")};
    return message;
}

}  // namespace lares::test
