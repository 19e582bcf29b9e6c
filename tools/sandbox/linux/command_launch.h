#pragma once

#include "engine/base/result.h"
#include "tools/sandbox/native_handle.h"

#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

namespace lares {

/// What a sandbox is started with.
struct LaunchOrder {
    std::string bubblewrap;
    std::vector<std::string> arguments;
    UniqueNativeHandle toolhost;
    std::string order;  ///< a CommandOrder as text
    std::string script;
    NativeHandle input = kNoHandle;  ///< what it reads; none: nothing
};

/// A started sandbox, and what can be read of it; the pipes never make a reader wait. Whoever has
/// it waits for `process`.
struct LaunchedCommand {
    pid_t process = -1;             ///< bubblewrap, outside
    UniqueNativeHandle has_ended;   ///< readable once it has
    UniqueNativeHandle output;      ///< of the command
    UniqueNativeHandle complaints;  ///< of bubblewrap itself; with streams then the command's
    UniqueNativeHandle status;      ///< of lares-toolhost
    UniqueNativeHandle info;        ///< of bubblewrap: the first process inside
};

/// Starts bubblewrap with nothing but that: an environment of its own, no other open file, no
/// terminal. Safe beside other threads. Io: the system started nothing. The sandbox ends when the
/// calling thread does.
[[nodiscard]] Result<LaunchedCommand> launch(const LaunchOrder& order);

/// What `program --version` prints, up to 4 KiB of it; empty when it cannot be run or takes too
/// long.
[[nodiscard]] std::string version_of(const std::string& program);

/// All that can be read at this moment, at most `most` bytes. Empty: nothing now, or its end.
[[nodiscard]] std::string read_now(const UniqueNativeHandle& pipe, std::size_t most);

}  // namespace lares
