#pragma once

#include <QByteArray>
#include <QJsonObject>

namespace lares::test {

/// A V2 card with every field set.
[[nodiscard]] QJsonObject sampleCard();

/// One chunk of a PNG file: its length, its type of four letters, its data, its CRC.
[[nodiscard]] QByteArray pngChunk(const QByteArray& type, const QByteArray& data);
/// A picture of one pixel that holds this text chunk, or several.
[[nodiscard]] QByteArray pngWith(const QByteArray& chunks);
/// The same with the card under this keyword, as other programs write it.
[[nodiscard]] QByteArray pngCard(const QJsonObject& card, const QByteArray& keyword = "chara");

}  // namespace lares::test
