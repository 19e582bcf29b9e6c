#pragma once

#include "tools/policy/grant_list.h"

#include <string>

namespace lares::cli {

/// Where "~" is: absolute, or empty where the system does not say.
[[nodiscard]] std::string homeFolder();

/// What the window keeps for this user: conversations, settings, grants. No tool may read it.
[[nodiscard]] ProtectedFolders protectedFolders();

}  // namespace lares::cli
