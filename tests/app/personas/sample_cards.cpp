#include "tests/app/personas/sample_cards.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QtEndian>

namespace lares::test {
namespace {

QByteArray bigEndian(quint32 number) {
    QByteArray bytes(4, '\0');
    qToBigEndian(number, bytes.data());
    return bytes;
}

/// Bit by bit, as the specification says it.
quint32 slowCrc(const QByteArray& bytes) {
    quint32 crc = 0xffffffff;
    for (const char byte : bytes) {
        crc ^= static_cast<quint8>(byte);
        for (int bit = 0; bit < 8; ++bit) crc = (crc & 1) != 0 ? 0xedb88320 ^ (crc >> 1) : crc >> 1;
    }
    return ~crc;
}

}  // namespace

QJsonObject sampleCard() {
    const QJsonObject entry{{"keys", QJsonArray{"sea"}}, {"content", "The sea is grey."}};
    const QJsonObject data{
        {"name", "Ada"},
        {"description", "{{char}} counts the waves for {{user}}."},
        {"personality", "patient, exact"},
        {"scenario", "A pier. {{user}} sits down beside {{char}}."},
        {"first_mes", "*{{char}} looks up.* There is {{user}}'s chair. Sit, {{user}}!"},
        {"mes_example", "<START>\n{{user}}: How many?\n{{char}}: Nine.\n<START>\n{{char}}: Ten."},
        {"creator_notes", "Best with rain."},
        {"system_prompt", "Write as {{char}}.{{original}}"},
        {"post_history_instructions", "Never guess."},
        {"alternate_greetings", QJsonArray{"Good evening.", "You again?"}},
        {"character_book", QJsonObject{{"entries", QJsonArray{entry, entry}}}},
        {"tags", QJsonArray{"sea"}},
        {"creator", "somebody"},
        {"character_version", "1"},
        {"extensions", QJsonObject{{"other", QJsonObject{{"depth_prompt", "x"}}}}}};
    return {{"spec", "chara_card_v2"}, {"spec_version", "2.0"}, {"data", data}};
}

QByteArray pngChunk(const QByteArray& type, const QByteArray& data) {
    return bigEndian(static_cast<quint32>(data.size())) + type + data +
           bigEndian(slowCrc(type + data));
}

QByteArray pngWith(const QByteArray& chunks) {
    // One black pixel in grey; the bytes of IDAT are not looked at.
    const QByteArray header = bigEndian(1) + bigEndian(1) + QByteArray("\x08\0\0\0\0", 5);
    return QByteArray("\x89PNG\r\n\x1a\n", 8) + pngChunk("IHDR", header) + chunks +
           pngChunk("IDAT", QByteArray::fromHex("789c6360000000020001")) + pngChunk("IEND", {});
}

QByteArray pngCard(const QJsonObject& card, const QByteArray& keyword) {
    const QByteArray json = QJsonDocument(card).toJson(QJsonDocument::Compact);
    return pngWith(pngChunk("tEXt", keyword + '\0' + json.toBase64()));
}

}  // namespace lares::test
