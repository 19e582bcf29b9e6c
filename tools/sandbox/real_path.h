#pragma once

#include "engine/base/result.h"

#include <string>

namespace lares {

/// Where a path leads, which has to exist: absolute, links followed, written as FolderHandle::path
/// writes it. Nothing in it is read. Any thread. Errors: NotFound, PermissionDenied,
/// InvalidArgument (a path that no file has, such as one of a device), Io.
[[nodiscard]] Result<std::string> real_path(const std::string& path);

}  // namespace lares
