#pragma once

#include "engine/base/error.h"

#include <QDate>
#include <QString>

#include <filesystem>
#include <system_error>

struct sqlite3;

namespace lares::app {

/// Every sentence about the store that a person reads is made here: what happened, where, and the
/// next step. Any thread.

/// A path as people read it.
[[nodiscard]] QString shownPath(const std::filesystem::path& path);

/// What SQLite said last on this connection; `code` is an extended result code.
[[nodiscard]] Error databaseError(sqlite3* connection, int code, const std::filesystem::path& file);

[[nodiscard]] Error folderError(const std::filesystem::path& folder, const std::error_code& why);
/// The file could be opened, but only for reading.
[[nodiscard]] Error readOnlyDatabase(const std::filesystem::path& file);
[[nodiscard]] Error newerDatabase(const std::filesystem::path& file, qint64 found, qint64 known);
/// A database of some other program.
[[nodiscard]] Error foreignDatabase(const std::filesystem::path& file);
/// A damaged database could not be renamed, so that nothing was changed.
[[nodiscard]] Error cannotSetAside(const std::filesystem::path& file, const std::error_code& why);
/// What was deleted for good is still in a copy of the database.
[[nodiscard]] Error cannotErase(const std::filesystem::path& copy, const std::error_code& why);
/// An exception of a library, where the store's thread caught it.
[[nodiscard]] Error unexpectedError(const char* what);

// Not errors: the damaged database is kept as `kept`, and another one has taken its place.

/// An empty one.
[[nodiscard]] QString damagedDatabaseKept(const std::filesystem::path& kept);
/// One with that many conversations in all, from the copy of a day, and so many newer messages from
/// the damaged one.
[[nodiscard]] QString recoveredFromBackup(const QDate& day,
                                          qint64 nConversations,
                                          qint64 nNewerMessages,
                                          const std::filesystem::path& kept);
/// One with what could still be read of the damaged one.
[[nodiscard]] QString recoveredFromRest(qint64 nConversations,
                                        qint64 nMessages,
                                        const std::filesystem::path& kept);
/// The title of a conversation of which only messages were found.
[[nodiscard]] QString recoveredTitle();
/// In the place of what a message said, where that was not found.
[[nodiscard]] QString lostTextSentence();

}  // namespace lares::app
