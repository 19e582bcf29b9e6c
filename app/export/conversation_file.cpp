#include "app/export/conversation_file.h"

#include "app/export/conversation_json.h"
#include "app/export/json_fields.h"
#include "app/export/json_splitter.h"
#include "app/export/lmstudio_conversation.h"
#include "app/personas/bounded_object.h"
#include "app/personas/persona_file.h"

#include <QBuffer>
#include <QIODevice>
#include <QJsonDocument>

#include <optional>
#include <utility>

namespace lares::app {
namespace {

constexpr qint64 kChunk = 256 << 10;

// What the file has as lists.
constexpr const char* kConversations = "conversations";
constexpr const char* kPersonas = "personas";
constexpr const char* kNotes = "notes";

const QByteArray kFormat = QByteArray("\"") + kConversationFileFormat + '"';

/// Of the members before the conversations, which is where Lares writes them; of a list of
/// conversations the first one.
Result<ConversationOrigin> originOf(const JsonSplitter& splitter, const QByteArray& first) {
    if (splitter.isList() && first.contains("\"mapping\"")) return ConversationOrigin::ChatGpt;
    if (splitter.member("format") != kFormat)
        return notWhole(
            ImportReason::tr("it holds no conversations that Lares, ChatGPT or LM Studio wrote"));
    bool isNumber = false;
    const int version = splitter.member("version").toInt(&isNumber);
    if (!isNumber || version < 1)
        return notWhole(ImportReason::tr("it does not say in which version it was written"));
    if (version > kConversationFileVersion)
        return notWhole(ImportReason::tr("a newer version of Lares wrote it; update Lares first"));
    return ConversationOrigin::Lares;
}

/// Of the members of a file that Lares wrote.
QStringList unknownOf(const JsonSplitter& splitter) {
    QStringList unknown;
    for (const QByteArray& name : splitter.names()) {
        if (name != "format" && name != "version") unknown << QString::fromUtf8(name);
    }
    return unknown;
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

/// One of the user's personas or notes, of a file that Lares wrote.
void addText(const QByteArray& list, const QByteArray& json, ConversationScan& scan) {
    const auto take = [&](auto read, auto& texts) {
        if (!read) {
            ++scan.nBrokenTexts;
        } else if (texts.size() >= kMaxTextsOfFile) {
            ++scan.nBrokenTexts;
        } else {
            texts.push_back(std::move(*read));
        }
    };
    if (list == kNotes) {
        take(noteFromJson(json), scan.texts.notes);
    } else {
        take(parsePersona(json), scan.texts.personas);
    }
}

}  // namespace

ConversationFileWriter::ConversationFileWriter(QIODevice& device) : m_device(device) {
    m_device.write(QByteArray("{\n\"format\": \"") + kConversationFileFormat +
                   "\",\n\"version\": " + QByteArray::number(kConversationFileVersion) + ",\n\"" +
                   kConversations + "\": [");
}

void ConversationFileWriter::beginElement() {
    m_device.write(std::exchange(m_isFirst, false) ? "\n" : ",\n");
}

void ConversationFileWriter::add(const ConversationContent& content) {
    beginElement();
    m_device.write(QJsonDocument(toJson(content)).toJson(QJsonDocument::Compact));
}

void ConversationFileWriter::finish(const UserTexts& texts) {
    m_device.write("\n]");
    const auto addList = [this](const char* name, const auto& elements, const auto& objectOf) {
        if (elements.empty()) return;
        m_device.write(QByteArray(",\n\"") + name + "\": [");
        m_isFirst = true;
        for (const auto& element : elements) {
            beginElement();
            m_device.write(QJsonDocument(objectOf(element)).toJson(QJsonDocument::Compact));
        }
        m_device.write("\n]");
    };
    addList(kPersonas, texts.personas, toPersonaObject);
    addList(kNotes, texts.notes, [](const Note& note) { return toJson(note); });
    m_device.write("\n}\n");
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
    Result<ConversationOrigin> origin = notWhole({});
    ConversationScan scan;
    bool isChecked = false;
    bool isEnough = false;
    JsonSplitter* at = nullptr;
    JsonSplitter splitter({kConversations, kPersonas, kNotes}, kMaxConversationBytes,
                          [&](const QByteArray& list, const QByteArray& json) {
                              if (!std::exchange(isChecked, true)) origin = originOf(*at, json);
                              if (!origin) return false;
                              if (list == kPersonas || list == kNotes) {
                                  addText(list, json, scan);
                                  return true;
                              }
                              isEnough = !each(*origin, json);
                              return !isEnough;
                          });
    at = &splitter;
    for (;;) {
        const QByteArray chunk = file.read(kChunk);
        if (chunk.isEmpty() || !splitter.feed(chunk)) break;
    }
    if (!isChecked) origin = originOf(splitter, {});
    if (origin) {
        scan.isWhole = isEnough || splitter.isAtEnd();
        if (*origin == ConversationOrigin::Lares) scan.unknown = unknownOf(splitter);
        return scan;
    }
    if (splitter.isList() || splitter.member("format") == kFormat) return origin.error();
    const QByteArray json = file.seek(0) ? file.read(kMaxConversationBytes + 1) : QByteArray();
    const std::optional<ConversationOrigin> single = originOfOne(json);
    if (!single) return origin.error();
    each(*single, json);
    return ConversationScan{};
}

}  // namespace lares::app
