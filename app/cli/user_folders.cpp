#include "app/cli/user_folders.h"

#include "app/store/store_format.h"

namespace lares::cli {

DataPlaces placesIn(const std::filesystem::path& dataFolder) {
    return {dataFolder / app::kStoreFile,      dataFolder / app::kBackupFolder,
            dataFolder / app::kUndoFolder,     dataFolder / app::kToolLogFolder,
            dataFolder / app::kSnapshotFolder, dataFolder / app::kWorkFolder,
            dataFolder / app::kServersFile,    dataFolder / app::kServersFolder,
            dataFolder / app::kLibraryFile};
}

std::filesystem::path undoFolder() {
    return placesIn(dataFolder()).undo;
}

std::filesystem::path auditFolder() {
    return placesIn(dataFolder()).audit;
}

std::filesystem::path workFolder() {
    return placesIn(dataFolder()).work;
}

std::filesystem::path serverBookFile() {
    return placesIn(dataFolder()).serverBook;
}

std::filesystem::path serversFolder() {
    return placesIn(dataFolder()).servers;
}

std::filesystem::path libraryFile() {
    return placesIn(dataFolder()).library;
}

}  // namespace lares::cli
