#pragma once

#include "engine/base/result.h"
#include "tools/journal/file_change.h"
#include "tools/sandbox/open_beneath.h"

#include <functional>
#include <string>

namespace lares {

/// What stands where a change was made.
enum class ChangeSight {
    Before,   ///< as it was before the change
    After,    ///< as the change left it
    Neither,  ///< somebody else changed it
    Away,     ///< its folder cannot be looked into: a disk that is not plugged in, say
};
/// Looks, and removes what an interrupted change left beside its place. Any thread.
[[nodiscard]] ChangeSight sight_of(const FileChange& change, OpenMethod method);

/// Makes one change undone, or says in a sentence for the user why it stays as it is.
/// `old_bytes` gives the bytes of `change.old_sha256`; asked for at most once. Any thread.
[[nodiscard]] Result<void> reverse(const FileChange& change,
                                   const std::function<Result<std::string>()>& old_bytes,
                                   OpenMethod method);

}  // namespace lares
