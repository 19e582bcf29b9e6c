#pragma once

#include "tools/policy/grant_list.h"

#include <filesystem>
#include <string>

namespace lares::cli {

/// Where "~" is: absolute, or empty where the system does not say.
[[nodiscard]] std::string homeFolder();

/// What the window keeps for this user: conversations, settings, grants. No tool may read it.
[[nodiscard]] ProtectedFolders protectedFolders();

/// Where the window keeps its own files.
[[nodiscard]] std::filesystem::path dataFolder();

/// Where the journal of changes is, the window's too: files that tools replaced are kept there.
[[nodiscard]] std::filesystem::path undoFolder();

/// Where the log of tool calls is, the window's too.
[[nodiscard]] std::filesystem::path auditFolder();

/// Where copies of folders lie that commands work in, the window's too.
[[nodiscard]] std::filesystem::path workFolder();

/// The list of tool servers, the window's too, and the folders of their own.
[[nodiscard]] std::filesystem::path serverBookFile();
[[nodiscard]] std::filesystem::path serversFolder();

/// The index of the document library, the window's too.
[[nodiscard]] std::filesystem::path libraryFile();

/// What the window keeps in such a folder; the names are its own (app/store/store_format.h).
struct DataPlaces {
    std::filesystem::path conversations;  ///< a file
    std::filesystem::path backups;        ///< folders
    std::filesystem::path undo;
    std::filesystem::path audit;
    std::filesystem::path snapshots;
    std::filesystem::path work;
    std::filesystem::path serverBook;  ///< a file
    std::filesystem::path servers;     ///< what tool servers keep
    std::filesystem::path library;     ///< a file
};
[[nodiscard]] DataPlaces placesIn(const std::filesystem::path& dataFolder);

}  // namespace lares::cli
