#include "app/cli/user_folders.h"
#include "engine/base/path_text.h"
#include "engine/base/wide_text.h"

#include <shlobj.h>

namespace lares::cli {
namespace {

std::string knownFolder(const KNOWNFOLDERID& id) {
    wchar_t* path = nullptr;
    std::string folder;
    if (SUCCEEDED(::SHGetKnownFolderPath(id, KF_FLAG_DEFAULT, nullptr, &path)))
        folder = utf8_from_wide(path);
    ::CoTaskMemFree(path);  // also after a failure; null is fine
    return folder;
}

}  // namespace

std::string homeFolder() {
    return knownFolder(FOLDERID_Profile);
}

ProtectedFolders protectedFolders() {
    return {homeFolder(),
            {knownFolder(FOLDERID_LocalAppData) + "\\lares",
             knownFolder(FOLDERID_RoamingAppData) + "\\lares"}};
}

std::filesystem::path dataFolder() {
    return path_from_utf8(protectedFolders().app_data.front());
}

}  // namespace lares::cli
