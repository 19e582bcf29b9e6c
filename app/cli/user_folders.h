#pragma once

#include "tools/policy/grant_list.h"

#include <filesystem>
#include <string>

namespace lares::cli {

/// Where "~" is: absolute, or empty where the system does not say.
[[nodiscard]] std::string homeFolder();

/// What the window keeps for this user: conversations, settings, grants. No tool may read it.
[[nodiscard]] ProtectedFolders protectedFolders();

/// Where the journal of changes is, the window's too: files that tools replaced are kept there.
[[nodiscard]] std::filesystem::path undoFolder();

}  // namespace lares::cli
