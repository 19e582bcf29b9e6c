#pragma once

#include <string>

namespace lares::toolhost {

/// `lares-toolhost bait FOLDER`, outside of the sandbox: holds what a command must not reach in a
/// folder of its own below `parent`, so that no program with a user's conversations in it ever
/// opens a socket. tools/sandbox/linux/bait.h says what it reads and writes. Ends with its stdin;
/// the exit status.
[[nodiscard]] int hold_bait(const std::string& parent);

}  // namespace lares::toolhost
