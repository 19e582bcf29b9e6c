#pragma once

#include "engine/base/result.h"
#include "tools/sandbox/folder_handle.h"

#include <span>
#include <string>
#include <vector>

namespace lares {

/// A folder that a confined thread may still use, with everything below it.
struct ConfinedFolder {
    const FolderHandle* folder = nullptr;
    bool is_for_changes = false;  ///< else it is read
};

/// Gives up, for this thread and for good, what a file tool does not need: on Linux every file
/// outside these folders (Landlock), programs, sockets, other processes, mounts and the like
/// (seccomp). So a fault in how a path is resolved opens nothing either. What is open stays usable.
/// The names of the layers in force, "landlock" and "seccomp"; none where the system has none of
/// them, or where its Landlock is too old to let files move between folders.
/// An error when a layer that the system has could not be put in place: the thread must not go on.
///
/// Another thread, and memory, are not kept from this one: it is no process of its own.
[[nodiscard]] Result<std::vector<std::string>> confine_this_thread(
    std::span<const ConfinedFolder> folders);

}  // namespace lares
