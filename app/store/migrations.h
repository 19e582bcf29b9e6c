#pragma once

#include "app/store/database.h"
#include "app/store/store_format.h"

#include <span>

namespace lares::app {

/// A step from format version - 1 to version. Once released, a step never changes again.
struct Migration {
    int version;
    const char* sql;
};

/// All steps in order, from 1.
[[nodiscard]] std::span<const Migration> storeMigrations();

/// Brings the database up to the last step, each step in a transaction of its own. Unsupported,
/// without any change: another program's database, or one of a newer Lares.
[[nodiscard]] Result<void> migrate(Database& database, std::span<const Migration> steps);
/// Whether `migrate` would accept it; changes nothing.
[[nodiscard]] Result<void> checkOrigin(Database& database, std::span<const Migration> steps);

}  // namespace lares::app
