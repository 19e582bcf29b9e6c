#include "app/cli/user_folders.h"

#include "app/store/store_format.h"

namespace lares::cli {

DataPlaces placesIn(const std::filesystem::path& dataFolder) {
    return {dataFolder / app::kStoreFile, dataFolder / "undo", dataFolder / "audit",
            dataFolder / "snapshots"};
}

std::filesystem::path undoFolder() {
    return placesIn(dataFolder()).undo;
}

std::filesystem::path auditFolder() {
    return placesIn(dataFolder()).audit;
}

}  // namespace lares::cli
