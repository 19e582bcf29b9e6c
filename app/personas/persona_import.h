#pragma once

#include "app/personas/imported_persona.h"
#include "engine/base/result.h"

#include <QByteArray>

namespace lares::app {

/// What can become a persona: our own file (persona_file.h), a character card (character_card.h),
/// or a PNG picture that holds a card. Files are untrusted; errors are the reason alone, to end a
/// sentence with. Any thread.

inline constexpr qint64 kMaxImportSize = 16 << 20;

/// The bytes of one such file, of whatever name.
[[nodiscard]] Result<ImportedPersona> importPersona(const QByteArray& file);
/// Reads a regular file only, and no more of it than one may have; waits for the disk.
[[nodiscard]] Result<ImportedPersona> importPersonaFile(const QString& path);

}  // namespace lares::app
