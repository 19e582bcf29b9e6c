#include "app/cli/user_folders.h"

#include <cstdlib>
#include <pwd.h>
#include <unistd.h>
#include <utility>

namespace lares::cli {
namespace {

std::string variableOr(const char* name, std::string fallback) {
    const char* value = std::getenv(name);
    return value && value[0] == '/' ? std::string(value) : std::move(fallback);
}

}  // namespace

std::string homeFolder() {
    const passwd* user = ::getpwuid(::getuid());
    return variableOr("HOME", user && user->pw_dir ? user->pw_dir : "");
}

ProtectedFolders protectedFolders() {
    const std::string home = homeFolder();
    ProtectedFolders folders{home, {}};
    for (const auto& [variable, below] :
         {std::pair{"XDG_DATA_HOME", "/.local/share"}, std::pair{"XDG_CONFIG_HOME", "/.config"},
          std::pair{"XDG_CACHE_HOME", "/.cache"}}) {
        folders.app_data.push_back(variableOr(variable, home + below) + "/lares");
    }
    return folders;
}

std::filesystem::path dataFolder() {
    return protectedFolders().app_data.front();
}

}  // namespace lares::cli
