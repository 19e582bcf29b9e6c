#include "app/export/conversation_file.h"

#include "app/export/conversation_json.h"
#include "app/export/json_splitter.h"

#include <QBuffer>
#include <QCoreApplication>
#include <QIODevice>
#include <QJsonDocument>

#include <utility>

namespace lares::app {
namespace {

constexpr qint64 kChunk = 256 << 10;

QString fileReason(const char* text) {
    return QCoreApplication::translate("Import", text);
}

Error noConversations(const QString& why) {
    return {ErrorCode::Corrupt, why.toStdString()};
}

/// Of the members before the conversations, which is where Lares writes them.
Result<void> checkOrigin(const JsonSplitter& splitter) {
    if (splitter.member("format") != QByteArray("\"") + kConversationFileFormat + '"')
        return noConversations(fileReason("it is no file of conversations that Lares wrote"));
    bool isNumber = false;
    const int version = splitter.member("version").toInt(&isNumber);
    if (!isNumber || version < 1)
        return noConversations(fileReason("it does not say in which version it was written"));
    if (version > kConversationFileVersion)
        return noConversations(fileReason("a newer version of Lares wrote it; update Lares first"));
    return {};
}

}  // namespace

ConversationFileWriter::ConversationFileWriter(QIODevice& device) : m_device(device) {
    m_device.write(QByteArray("{\n\"format\": \"") + kConversationFileFormat +
                   "\",\n\"version\": " + QByteArray::number(kConversationFileVersion) +
                   ",\n\"conversations\": [");
}

void ConversationFileWriter::add(const ConversationContent& content) {
    m_device.write(std::exchange(m_isFirst, false) ? "\n" : ",\n");
    m_device.write(QJsonDocument(toJson(content)).toJson(QJsonDocument::Compact));
}

void ConversationFileWriter::finish() {
    m_device.write("\n]\n}\n");
}

QByteArray toConversationFile(const ConversationContent& content) {
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    ConversationFileWriter writer(buffer);
    writer.add(content);
    writer.finish();
    return bytes;
}

Result<ConversationScan> scanConversationFile(
    QIODevice& file, const std::function<bool(const QByteArray& json)>& each) {
    Result<void> origin;
    bool isChecked = false;
    bool isEnough = false;
    JsonSplitter* at = nullptr;
    JsonSplitter splitter("conversations", kMaxConversationBytes, [&](const QByteArray& json) {
        if (!std::exchange(isChecked, true)) origin = checkOrigin(*at);
        if (!origin) return false;
        isEnough = !each(json);
        return !isEnough;
    });
    at = &splitter;
    for (;;) {
        const QByteArray chunk = file.read(kChunk);
        if (chunk.isEmpty() || !splitter.feed(chunk)) break;
    }
    if (!isChecked) origin = checkOrigin(splitter);
    if (!origin) return origin.error();
    return ConversationScan{isEnough || splitter.isAtEnd()};
}

}  // namespace lares::app
