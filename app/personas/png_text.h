#pragma once

#include "engine/base/result.h"

#include <QByteArray>
#include <QByteArrayView>

#include <initializer_list>

namespace lares::app {

[[nodiscard]] bool isPng(QByteArrayView file);

/// The text that a PNG file holds under the first of these keywords that is there, in a tEXt chunk
/// or an uncompressed iTXt chunk; of two with one keyword the first. Nothing is decompressed, and
/// the picture is not looked at. Every chunk up to IEND is checked: its length against the file,
/// its CRC (PNG specification, third edition, section 5). Errors are the reason alone, to end a
/// sentence with. Corrupt: no PNG file, damaged or cut off; Unsupported: only compressed text
/// there; NotFound: none. Any thread; linear.
[[nodiscard]] Result<QByteArray> readPngText(QByteArrayView file,
                                             std::initializer_list<QByteArrayView> keywords);

}  // namespace lares::app
