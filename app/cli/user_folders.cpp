#include "app/cli/user_folders.h"

#include "app/store/store_format.h"

namespace lares::cli {

DataPlaces placesIn(const std::filesystem::path& dataFolder) {
    return {dataFolder / app::kStoreFile, dataFolder / app::kUndoFolder,
            dataFolder / app::kToolLogFolder, dataFolder / app::kSnapshotFolder,
            dataFolder / app::kWorkFolder};
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

}  // namespace lares::cli
