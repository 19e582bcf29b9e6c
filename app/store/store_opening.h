#pragma once

#include "app/store/database.h"

#include <optional>

namespace lares::app {

/// The store's database, ready for use.
struct OpenedDatabase {
    Database database;
    /// The last session did not end properly, or met damage: check the file before it is used.
    bool mustCheck = false;
    /// A sentence about a file that was no database any more and was set aside.
    std::optional<QString> replaced;
};

/// Makes the folder (0700) and the database (0600), or brings an older one up to date, of which
/// there is a copy then. Else quick: the file is not read as a whole.
[[nodiscard]] Result<OpenedDatabase> openStoreDatabase(const std::filesystem::path& folder);

/// Closes a damaged database, puts another one together from the newest copy and what can still be
/// read (store_recovery.h), and keeps the damaged one beside under a name with the time, its log
/// too. `replaced` says so. With an error, as on a full disk, it is where it was.
[[nodiscard]] Result<OpenedDatabase> replaceDamaged(Database damaged);

/// Asks the next start to check the file, whatever happens until then.
void requestCheck(const std::filesystem::path& file);
/// The file was checked and is sound.
void forgetCheck(const std::filesystem::path& file);

}  // namespace lares::app
