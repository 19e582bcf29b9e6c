#include "app/chat/attachment.h"

#include <QCoreApplication>
#include <QJsonObject>
#include <QLocale>
#include <QStringList>

#include <algorithm>
#include <cstdint>
#include <string>

namespace lares::app {
namespace {

// Keys of Part::data.
constexpr const char* kAttachedName = "name";
constexpr const char* kAttachedBytes = "bytes";
constexpr const char* kAttachedTokens = "tokens";
constexpr const char* kAttachedIsPaste = "paste";
constexpr const char* kAttachedContents = "text";  // beside them in the settings

struct AttachmentText {
    Q_DECLARE_TR_FUNCTIONS(Attachment)
};

QJsonObject attachedDataOf(const Attachment& attachment) {
    QJsonObject data = {{kAttachedName, attachment.name},
                        {kAttachedBytes, attachment.bytes},
                        {kAttachedTokens, attachment.tokens}};
    if (attachment.isPaste) data[kAttachedIsPaste] = true;
    return data;
}

Attachment attachmentFrom(const QJsonObject& data, const QString& text) {
    Attachment attachment;
    attachment.name = data[kAttachedName].toString();
    attachment.text = text;
    attachment.bytes = data[kAttachedBytes].toInteger();
    attachment.tokens = data[kAttachedTokens].toInt();
    attachment.isPaste = data[kAttachedIsPaste].toBool();
    return attachment;
}

/// To two digits: a guess that names ones would be believed.
int roundedGuess(int tokens) {
    int step = 1;
    while (tokens / step >= 100) step *= 10;
    return (tokens + step / 2) / step * step;
}

}  // namespace

Attachment attachmentOf(const AttachedText& read) {
    Attachment attachment;
    attachment.name = QString::fromStdString(read.name);
    attachment.text = QString::fromStdString(read.text);
    attachment.bytes = static_cast<qint64>(read.sizeBytes);
    attachment.tokens = aboutTokens(read.text);
    return attachment;
}

Attachment pastedText(const QString& text) {
    const std::string utf8 = text.toStdString();
    Attachment attachment;
    attachment.name = AttachmentText::tr("Pasted text");
    attachment.text = text;
    attachment.bytes = static_cast<qint64>(utf8.size());
    attachment.tokens = aboutTokens(utf8);
    attachment.isPaste = true;
    return attachment;
}

Part partOf(const Attachment& attachment) {
    Part part;
    part.kind = Part::Kind::Attachment;
    part.text = attachment.text;
    part.data = attachedDataOf(attachment);
    return part;
}

Attachment attachmentOf(const Part& part) {
    return attachmentFrom(part.data, part.text);
}

Attachments attachmentsOf(const ChatMessage& message) {
    Attachments attachments;
    for (const Part& part : message.parts) {
        if (part.kind == Part::Kind::Attachment) attachments.push_back(attachmentOf(part));
    }
    return attachments;
}

AttachedText attachedTextOf(const Part& part) {
    AttachedText attached;
    attached.name = part.data[kAttachedName].toString().toStdString();
    attached.text = part.text.toStdString();
    attached.sizeBytes = attached.text.size();
    return attached;
}

QJsonArray toJson(const Attachments& attachments) {
    QJsonArray array;
    for (const Attachment& attachment : attachments) {
        QJsonObject object = attachedDataOf(attachment);
        object[kAttachedContents] = attachment.text;
        array.append(object);
    }
    return array;
}

Attachments attachmentsFromJson(const QJsonArray& array) {
    Attachments attachments;
    for (const QJsonValue value : array) {
        const QJsonObject object = value.toObject();
        const QString text = object[kAttachedContents].toString();
        if (!text.isEmpty()) attachments.push_back(attachmentFrom(object, text));
    }
    return attachments;
}

std::vector<Part> userParts(const QString& typed, const Attachments& attachments) {
    std::vector<Part> parts;
    for (const Attachment& attachment : attachments) parts.push_back(partOf(attachment));
    Part text;
    text.text = typed.trimmed();
    if (!text.text.isEmpty()) parts.push_back(std::move(text));
    return parts;
}

QString summaryOf(const ChatMessage& message) {
    const QString words = markdownOf(message);
    if (!words.isEmpty()) return words;
    QStringList names;
    for (const Attachment& attachment : attachmentsOf(message)) names << shownName(attachment);
    return names.join(QStringLiteral(", "));
}

QString shownName(const Attachment& attachment) {
    return QString::fromStdString(lares::shownName(attachment.name.toStdString()));
}

QString guessText(int tokens) {
    return AttachmentText::tr("about %Ln token(s)", nullptr, roundedGuess(tokens));
}

QString attachedSizeText(const Attachment& attachment) {
    const QString size = QLocale().formattedDataSize(
        attachment.bytes, attachment.bytes < 10'000 ? 1 : 0, QLocale::DataSizeSIFormat);
    return AttachmentText::tr("%1 · %2").arg(size, guessText(attachment.tokens));
}

int tokensOf(const Attachments& attachments) {
    std::int64_t tokens = 0;
    for (const Attachment& attachment : attachments) tokens += attachment.tokens;
    return static_cast<int>(std::min<std::int64_t>(tokens, 1'000'000'000));
}

Result<void> checkRoom(const Attachments& others, const Attachment& next, const ContextRoom& room) {
    std::uint64_t bytes = 0;
    for (const Attachment& other : others) bytes += static_cast<std::uint64_t>(other.bytes);
    RETURN_IF_ERROR(checkAttached(others.size(), bytes, next.name.toStdString(),
                                  static_cast<std::uint64_t>(next.bytes)));
    if (room.most <= 0) return {};
    const QLocale locale;
    const int attached = tokensOf(others);
    const int used = std::min(room.used, room.condensed.value_or(room.used));
    if (std::int64_t{used} + attached + next.tokens <= room.most) return {};
    QStringList sentences;
    const QString name = shownName(next);
    const QString most = locale.toString(room.most);
    sentences << (used > 0
                      ? AttachmentText::tr("“%1” is too long for this conversation: %2, and it "
                                           "holds %3, of which %4 are used.")
                            .arg(name, guessText(next.tokens), most, locale.toString(used))
                      : AttachmentText::tr(
                            "“%1” is too long for this conversation: %2, and it holds %3.")
                            .arg(name, guessText(next.tokens), most));
    if (attached > 0)
        sentences
            << AttachmentText::tr("What is attached already takes %1.").arg(guessText(attached));
    sentences << (used > room.most / 4
                      ? AttachmentText::tr(
                            "Attach the part that matters, or begin a new conversation.")
                      : AttachmentText::tr("Attach the part that matters."));
    return Error{ErrorCode::ContextFull, sentences.join(u' ').toStdString()};
}

}  // namespace lares::app
