#include "app/export/conversation_file.h"

#include "app/export/conversation_json.h"
#include "app/export/json_splitter.h"
#include "app/export/lmstudio_conversation.h"
#include "app/personas/bounded_object.h"

#include <QBuffer>
#include <QCoreApplication>
#include <QIODevice>
#include <QJsonDocument>

#include <optional>
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

const QByteArray kFormat = QByteArray("\"") + kConversationFileFormat + '"';

/// Of the members before the conversations, which is where Lares writes them; of a list of
/// conversations the first one.
Result<ConversationOrigin> originOf(const JsonSplitter& splitter, const QByteArray& first) {
    if (splitter.isList() && first.contains("\"mapping\"")) return ConversationOrigin::ChatGpt;
    if (splitter.member("format") != kFormat)
        return noConversations(
            fileReason("it holds no conversations that Lares, ChatGPT or LM Studio wrote"));
    bool isNumber = false;
    const int version = splitter.member("version").toInt(&isNumber);
    if (!isNumber || version < 1)
        return noConversations(fileReason("it does not say in which version it was written"));
    if (version > kConversationFileVersion)
        return noConversations(fileReason("a newer version of Lares wrote it; update Lares first"));
    return ConversationOrigin::Lares;
}

/// Of a file that is one conversation.
std::optional<ConversationOrigin> originOfOne(const QByteArray& json) {
    if (json.size() > kMaxConversationBytes) return std::nullopt;
    const auto object = parseBoundedObject(json, kMaxConversationValues);
    if (!object) return std::nullopt;
    if (isLmStudio(*object)) return ConversationOrigin::LmStudio;
    if (object->value("mapping").isObject()) return ConversationOrigin::ChatGpt;
    return std::nullopt;
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

Result<ConversationScan> scanConversationFile(QIODevice& file, const EachConversation& each) {
    Result<ConversationOrigin> origin = noConversations({});
    bool isChecked = false;
    bool isEnough = false;
    JsonSplitter* at = nullptr;
    JsonSplitter splitter("conversations", kMaxConversationBytes, [&](const QByteArray& json) {
        if (!std::exchange(isChecked, true)) origin = originOf(*at, json);
        if (!origin) return false;
        isEnough = !each(*origin, json);
        return !isEnough;
    });
    at = &splitter;
    for (;;) {
        const QByteArray chunk = file.read(kChunk);
        if (chunk.isEmpty() || !splitter.feed(chunk)) break;
    }
    if (!isChecked) origin = originOf(splitter, {});
    if (origin) return ConversationScan{isEnough || splitter.isAtEnd()};
    if (splitter.isList() || splitter.member("format") == kFormat) return origin.error();
    const QByteArray json = file.seek(0) ? file.read(kMaxConversationBytes + 1) : QByteArray();
    const std::optional<ConversationOrigin> single = originOfOne(json);
    if (!single) return origin.error();
    each(*single, json);
    return ConversationScan{};
}

}  // namespace lares::app
