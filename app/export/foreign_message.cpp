#include "app/export/foreign_message.h"

#include "app/chat/attachment.h"
#include "app/export/conversation_json.h"
#include "app/export/json_fields.h"

#include <cmath>

namespace lares::app {
namespace {

constexpr int kPreview = 80;
constexpr double kLatest = 253'402'214'400'000;  // the end of the year 9999, in every time zone

}  // namespace

QDateTime foreignTime(double milliseconds) {
    if (!std::isfinite(milliseconds) || milliseconds < 1 || milliseconds > kLatest) return {};
    return QDateTime::fromMSecsSinceEpoch(static_cast<qint64>(milliseconds));
}

void addText(std::vector<Part>& parts, Part::Kind kind, const QString& text) {
    if (text.trimmed().isEmpty()) return;
    if (!parts.empty() && parts.back().kind == kind) {
        parts.back().text += QStringLiteral("\n\n") + text;
        return;
    }
    Part part;
    part.kind = kind;
    part.text = text;
    parts.push_back(std::move(part));
}

Result<MessageId> addMessage(ConversationContent& content, ChatMessage message) {
    if (content.messages.size() >= kMaxConversationMessages)
        return notWhole(ImportReason::tr("it has too many messages"));
    message.id = static_cast<MessageId>(content.messages.size()) + 1;
    content.messages.push_back(std::move(message));
    return content.messages.back().id;
}

Result<void> complete(ConversationContent& content) {
    if (content.messages.empty()) return notWhole(ImportReason::tr("it holds no message"));
    ConversationInfo& info = content.info;
    info.title = info.title.simplified().left(kMaxImportedTitle);
    info.preview = summaryOf(content.messages.front()).simplified().left(kPreview);
    if (!info.createdAt.isValid()) info.createdAt = content.messages.front().createdAt;
    if (!info.updatedAt.isValid()) info.updatedAt = content.messages.back().createdAt;
    return {};
}

}  // namespace lares::app
