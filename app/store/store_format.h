#pragma once

namespace lares::app {

/// What marks the conversations' database, for whoever looks at it from outside of the store
/// (lares-cli). No Qt here.
constexpr const char* kStoreFile = "lares.db";
constexpr long long kApplicationId = 0x4C415245;  ///< "LARE": the file is ours
constexpr int kStoreVersion = 6;                  ///< of its tables, after the last migration

// What lies beside it, for the window and lares-cli alike.
constexpr const char* kBackupFolder = "backups";  ///< copies of it
constexpr const char* kUndoFolder = "undo";
constexpr const char* kToolLogFolder = "audit";
constexpr const char* kSnapshotFolder = "snapshots";
constexpr const char* kWorkFolder = "work";  ///< copies that commands work in
constexpr const char* kServersFile = "tool-servers.db";
constexpr const char* kServersFolder = "tool-servers";  ///< what tool servers keep
constexpr const char* kLibraryFile = "library.db";      ///< the index of the document library

}  // namespace lares::app
