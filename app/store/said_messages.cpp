#include "app/store/said_messages.h"

#include "app/store/message_names.h"

#include <limits>

namespace lares::app {
namespace {

constexpr qsizetype kMaxPageText = 1'000'000;  // UTF-16 units, two bytes each

enum SaidColumn { Id, Conversation, RoleName, CreatedAt, Title, Preview, Kind, Data, Text };

SaidMessage begunMessage(const Statement& row) {
    SaidMessage message;
    message.id = row.integer(SaidColumn::Id);
    message.conversation = row.integer(SaidColumn::Conversation);
    message.role = roleOf(row.text(SaidColumn::RoleName));
    if (!row.isNull(SaidColumn::CreatedAt))
        message.when = QDateTime::fromMSecsSinceEpoch(row.integer(SaidColumn::CreatedAt), Qt::UTC);
    message.title = row.text(SaidColumn::Title);
    if (message.title.trimmed().isEmpty()) message.title = row.text(SaidColumn::Preview);
    return message;
}

}  // namespace

Result<MessageId> walkSaid(Database& database,
                           MessageId before,
                           ConversationId without,
                           WithAttachments attachments,
                           const std::function<void(const SaidMessage&)>& take) {
    ASSIGN_OR_RETURN(
        Statement row,
        database.prepare("SELECT m.id, m.conversation, m.role, m.created_at, c.title, c.preview, "
                         "p.kind, p.data, p.text FROM messages m JOIN parts p ON p.message = m.id "
                         "JOIN conversations c ON c.id = m.conversation WHERE m.id < ? AND "
                         "m.conversation != ? AND p.kind IN (?, ?) AND c.deleted_at IS NULL "
                         "ORDER BY m.id DESC, p.position"));
    const QString said = storedName(Part::Kind::Text);
    const QString attached = storedName(Part::Kind::Attachment);
    row.bind(before > 0 ? before : std::numeric_limits<MessageId>::max()).bind(without);
    row.bind(said).bind(attachments == WithAttachments::Yes ? attached : said);
    SaidMessage message;
    qsizetype looked = 0;
    for (;;) {
        ASSIGN_OR_RETURN(const bool hasRow, row.step());
        const bool isNext = !hasRow || row.integer(SaidColumn::Id) != message.id;
        if (isNext && message.id != 0) take(message);
        if (!hasRow) return MessageId{0};
        // Before this message: the one that was given last is the oldest so far.
        if (isNext && looked > kMaxPageText) return message.id;
        if (isNext) message = begunMessage(row);
        Part part;
        part.kind = partKindOf(row.text(SaidColumn::Kind));
        part.data = row.object(SaidColumn::Data);
        part.text = row.text(SaidColumn::Text);
        looked += part.text.size();
        message.parts.push_back(std::move(part));
    }
}

}  // namespace lares::app
