#pragma once

#include "app/personas/persona.h"
#include "app/store/database.h"

#include <QDateTime>

#include <vector>

namespace lares::app {

/// The user's personas as rows. On the store's thread. One that has a built-in one's id stands in
/// its place; which ids those are is not the store's business.

[[nodiscard]] Result<std::vector<Persona>> loadPersonas(Database& database);
/// Inserts or replaces. InvalidArgument, without any change: beyond the bounds (persona_text.h).
[[nodiscard]] Result<void> savePersona(Database& database,
                                       const Persona& persona,
                                       const QDateTime& updatedAt);
/// No error where there is none.
[[nodiscard]] Result<void> deletePersona(Database& database, const QString& id);

}  // namespace lares::app
