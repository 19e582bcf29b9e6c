#pragma once

#include "engine/base/result.h"
#include "tools/journal/file_change.h"

#include <string_view>

namespace lares {

/// Where a tool writes down what it is about to change, so that it can be undone whatever happens
/// next: begin, make the change, then `done` or `drop`. A change that could not be begun must not
/// be made. Thread safe.
class ChangeLog {
public:
    virtual ~ChangeLog() = default;

    /// Writes the change down as Intent and keeps the bytes it will replace (those of
    /// `change.old_sha256`; none when that is empty). Its id; all of it is on disk then.
    /// Errors are sentences with the next step: Io (a full disk), Corrupt.
    [[nodiscard]] virtual Result<ChangeId> begin(const FileChange& change,
                                                 std::string_view replaced_bytes) = 0;
    /// It was made. When this cannot be written down any more, the next start finds out.
    virtual void done(ChangeId id) = 0;
    /// It was not made; nothing was changed.
    virtual void drop(ChangeId id) = 0;
};

}  // namespace lares
