#include "app/personas/persona_import.h"
#include "app/personas/persona_text.h"
#include "tests/app/personas/sample_cards.h"
#include "tests/fuzz/fuzz_target.h"

#include <QJsonDocument>

#include <cstdlib>

using namespace lares::app;
using namespace lares::test;

namespace {

void check(bool holds) {
    if (!holds) std::abort();
}

/// With the checksums put right, so that damage goes on behind them.
QByteArray mended(const QByteArray& file) {
    QByteArray whole = file.left(8);
    for (qsizetype at = 8; file.size() - at >= 12;) {
        const qsizetype size = std::min(qsizetype{static_cast<std::uint8_t>(file[at + 2])} << 8 |
                                            qsizetype{static_cast<std::uint8_t>(file[at + 3])},
                                        file.size() - at - 12);
        whole += pngChunk(file.mid(at + 4, 4), file.mid(at + 8, size));
        at += size + 12;
    }
    return whole;
}

void import(const QByteArray& file) {
    const auto read = importPersona(file);
    if (!read) return check(!read.error().message.empty());
    // What is let through can be kept, and holds nothing that nobody sees.
    check(faultOf(read->persona).isEmpty() && tidied(read->persona) == read->persona);
}

}  // namespace

/// Any bytes as a persona's file, a card, a picture with a card, and a card in a picture.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const QByteArray bytes(reinterpret_cast<const char*>(data), static_cast<qsizetype>(size));
    import(bytes);
    import(mended(bytes));
    import(pngWith(pngChunk("tEXt", QByteArray("chara\0", 6) + bytes.toBase64())));
    return 0;
}

std::vector<std::string> lares::fuzz::seeds() {
    return {
        R"({"id": "a", "name": "A", "system": "x", "parameters": {"topK": 4, "thinking": true}})",
        R"({"id": "a", "name": "A", "system": "x", "lore": {"budget": 9, "isRecursive": true,
            "entries": [{"text": "y", "words": ["b"], "alsoWords": ["c"], "isOff": true, "name": "d",
                         "isAlways": true, "isCaseSensitive": true, "priority": -1}]}})",
        R"({"spec": "chara_card_v3", "data": {"name": "A", "character_book": {"token_budget": 9,
            "recursive_scanning": true, "entries": [{"keys": ["{{user}}", "/b/i"], "content":
            "@@depth 1\ny {{char}}", "secondary_keys": ["c"], "selective": true, "constant": true,
            "enabled": false, "insertion_order": 2, "priority": 1, "comment": "d", "use_regex": false,
            "extensions": {"selectiveLogic": 1, "probability": 50}}]}}})",
        R"({"spec": "chara_card_v2", "data": {"name": "A", "character_book": {"entries": {"0": {
            "key": "a, b", "keysecondary": [], "content": "x", "disable": false, "order": 1}}}}})",
        QJsonDocument(sampleCard()).toJson().toStdString(),
        pngCard(sampleCard()).toStdString(),
        pngWith(pngChunk("iTXt", QByteArray("ccv3\0\0\0en\0\0e30=", 15))).toStdString()};
}
