#pragma once

#include "engine/base/result.h"
#include "tools/sandbox/native_handle.h"

#include <string>
#include <windows.h>

namespace lares {

/// Opens what stands at a path that came from the user or was resolved for the user, links
/// followed. Only files of a drive: `\\server\x`, `\\?\…`, devices and paths without a drive are
/// refused before anything is opened. Errors: NotFound, PermissionDenied, InvalidArgument, Io.
[[nodiscard]] Result<UniqueNativeHandle> open_named(const std::string& path, DWORD access);

/// Where that is, as we write paths: "C:/a/b". InvalidArgument: on no drive of this computer, such
/// as a network folder; Io.
[[nodiscard]] Result<std::string> path_of(NativeHandle opened, const std::string& path);

}  // namespace lares
