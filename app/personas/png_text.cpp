#include "app/personas/png_text.h"

#include <QCoreApplication>
#include <QString>
#include <QtEndian>

#include <array>
#include <cstdint>
#include <optional>

namespace lares::app {
namespace {

constexpr QByteArrayView kSignature("\x89PNG\r\n\x1a\n", 8);
constexpr std::int64_t kChunkFrame = 12;  ///< length, type, CRC

constexpr std::array<std::uint32_t, 256> makeCrcTable() {
    std::array<std::uint32_t, 256> table{};
    for (std::uint32_t i = 0; i < 256; ++i) {
        std::uint32_t c = i;
        for (int bit = 0; bit < 8; ++bit) c = (c & 1) != 0 ? 0xedb88320U ^ (c >> 1) : c >> 1;
        table[i] = c;
    }
    return table;
}

std::uint32_t crcOf(QByteArrayView bytes) {
    static constexpr auto kTable = makeCrcTable();
    std::uint32_t crc = 0xffffffffU;
    for (const char byte : bytes)
        crc = kTable[(crc ^ static_cast<std::uint8_t>(byte)) & 0xff] ^ (crc >> 8);
    return ~crc;
}

struct PngFault {
    Q_DECLARE_TR_FUNCTIONS(Personas)
};

Error pngFault(ErrorCode code, const QString& sentence) {
    return {code, sentence.toStdString()};
}

struct Chunk {
    QByteArrayView type;
    QByteArrayView data;
    qsizetype size = 0;  ///< with its frame
};

Result<Chunk> readChunk(QByteArrayView rest) {
    const auto cutOff = [] {
        return pngFault(ErrorCode::Corrupt, PngFault::tr("the picture is cut off"));
    };
    if (rest.size() < kChunkFrame) return cutOff();
    const std::int64_t length = qFromBigEndian<quint32>(rest.data());
    if (length > rest.size() - kChunkFrame) return cutOff();
    const auto size = static_cast<qsizetype>(length);
    const Chunk chunk{rest.sliced(4, 4), rest.sliced(8, size), size + kChunkFrame};
    if (crcOf(rest.sliced(4, 4 + size)) != qFromBigEndian<quint32>(rest.data() + 8 + size))
        return pngFault(ErrorCode::Corrupt, PngFault::tr("the picture is damaged"));
    return chunk;
}

bool isType(const Chunk& chunk, const char* type) {
    return chunk.type == QByteArrayView(type, 4);
}

struct FoundText {
    QByteArrayView keyword;
    QByteArrayView text;
    bool isCompressed = false;
};

/// After the zero byte that ends what is before; nothing where there is none.
std::optional<QByteArrayView> afterZero(QByteArrayView bytes) {
    const qsizetype zero = bytes.indexOf('\0');
    if (zero < 0) return std::nullopt;
    return bytes.sliced(zero + 1);
}

/// What a chunk of text holds; nothing in any other chunk, and in one that is not well formed.
std::optional<FoundText> textIn(const Chunk& chunk) {
    const bool isPlain = isType(chunk, "tEXt");
    const bool isZipped = isType(chunk, "zTXt");
    if (!isPlain && !isZipped && !isType(chunk, "iTXt")) return std::nullopt;
    const auto rest = afterZero(chunk.data);
    if (!rest) return std::nullopt;
    const QByteArrayView keyword = chunk.data.first(chunk.data.size() - rest->size() - 1);
    if (isPlain) return FoundText{keyword, *rest};
    if (isZipped) return FoundText{keyword, {}, true};
    if (rest->size() < 2) return std::nullopt;
    if ((*rest)[0] != '\0') return FoundText{keyword, {}, true};
    const auto afterLanguage = afterZero(rest->sliced(2));
    const auto text = afterLanguage ? afterZero(*afterLanguage) : std::nullopt;
    return text ? std::optional(FoundText{keyword, *text}) : std::nullopt;
}

}  // namespace

bool isPng(QByteArrayView file) {
    return file.startsWith(kSignature);
}

Result<QByteArray> readPngText(QByteArrayView file,
                               std::initializer_list<QByteArrayView> keywords) {
    if (!isPng(file)) return pngFault(ErrorCode::Corrupt, PngFault::tr("it is no PNG picture"));
    const auto* best = keywords.end();
    QByteArrayView text;
    bool isOneCompressed = false;
    bool isFirst = true;
    for (QByteArrayView rest = file.sliced(kSignature.size());;) {
        ASSIGN_OR_RETURN(const Chunk chunk, readChunk(rest));
        if (isFirst && (!isType(chunk, "IHDR") || chunk.data.size() != 13))
            return pngFault(ErrorCode::Corrupt, PngFault::tr("the picture is damaged"));
        isFirst = false;
        if (isType(chunk, "IEND")) break;
        rest = rest.sliced(chunk.size);
        const auto found = textIn(chunk);
        if (!found) continue;
        for (const auto* keyword = keywords.begin(); keyword != keywords.end(); ++keyword) {
            if (found->keyword != *keyword) continue;
            isOneCompressed |= found->isCompressed;
            if (found->isCompressed || keyword >= best) continue;
            best = keyword;
            text = found->text;
        }
    }
    if (best != keywords.end()) return text.toByteArray();
    if (isOneCompressed) {
        return pngFault(
            ErrorCode::Unsupported,
            PngFault::tr(
                "its character is compressed, which Lares does not unpack: export the card "
                "again, as .json"));
    }
    return pngFault(ErrorCode::NotFound, PngFault::tr("the picture holds no character"));
}

}  // namespace lares::app
