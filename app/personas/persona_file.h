#pragma once

#include "app/personas/imported_persona.h"
#include "engine/base/result.h"

#include <QByteArray>

namespace lares::app {

/// A persona as a JSON file: an object with the texts "id", "name", "system" and "greeting", and
/// with "parameters" and "lore" where it has some (resources/personas, and what users export and
/// hand on). Whatever else it holds is not read. Files are untrusted; errors are the reason alone,
/// to end a sentence with: "it is no JSON object". Any thread; functions with a path wait for the
/// disk.

inline constexpr qint64 kMaxPersonaFileSize = 2 << 20;

/// Tidied (persona_text.h) and within the bounds, the id too. Corrupt where it is not.
[[nodiscard]] Result<Persona> parsePersona(const QByteArray& json);
/// The same, with what was not read.
[[nodiscard]] Result<ImportedPersona> fromPersonaObject(const QJsonObject& object);
[[nodiscard]] QJsonObject toPersonaObject(const Persona& persona);

/// Reads a regular file only, and no more of it than a persona may take.
[[nodiscard]] Result<Persona> readPersonaFile(const QString& path);
/// A regular file, of which no more than `most` bytes and one are read.
[[nodiscard]] Result<QByteArray> readWholeFile(const QString& path, qint64 most);

enum class PersonaFormat { Lares, CharacterCard };
/// All of it or nothing; replaces what is there.
[[nodiscard]] Result<void> writePersonaFile(const QString& path,
                                            const Persona& persona,
                                            PersonaFormat format = PersonaFormat::Lares);

}  // namespace lares::app
