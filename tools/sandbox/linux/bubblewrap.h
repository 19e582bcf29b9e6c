#pragma once

#include "engine/base/result.h"
#include "tools/sandbox/linux/command_places.h"

#include <string>
#include <vector>

namespace lares {

/// "Commands are switched off: this system cannot isolate them (CAUSE; MEND)", as Unsupported.
[[nodiscard]] Error cannot_isolate(const std::string& cause, const std::string& mend);

/// Descriptors that bubblewrap starts with, beside those of command_order.h.
inline constexpr int kArgumentsFd = 5;
inline constexpr int kToolhostFd = 6;
inline constexpr int kScriptFd = 7;
inline constexpr int kPasswdFd = 8;
inline constexpr int kGroupFd = 9;
inline constexpr int kNamesFd = 10;
inline constexpr int kInfoFd = 11;  ///< it writes the sandbox's first process there
inline constexpr int kLastFd = kInfoFd;

/// Whether the program at `path` can be trusted with it: a file that only root or this user can
/// write, and that gives nobody rights of its owner's. Any thread.
[[nodiscard]] Result<void> check_bubblewrap(const std::string& path);

/// The same of lares-toolhost, as an open file: what was looked at is what will run.
[[nodiscard]] Result<UniqueNativeHandle> open_toolhost(const std::string& path);

/// "bubblewrap 0.8.0" or newer.
[[nodiscard]] Result<void> check_bubblewrap_version(const std::string& said);

/// What it gets through kArgumentsFd. It makes a root of its own from what is named here alone.
[[nodiscard]] std::vector<std::string> bubblewrap_arguments(const std::vector<BoundFolder>& folders,
                                                            std::uint64_t temporary_bytes);

}  // namespace lares
