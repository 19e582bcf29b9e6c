#pragma once

#include <string>
#include <vector>

namespace lares::toolhost {

/// Attacks on the sandbox that this process is in, as a command would make them: the words after
/// the program's name say what to attack (tools/sandbox/linux/command_canaries.cpp writes them).
/// Prints a line for each: its name, and "denied" or "reached". The exit status is 0 whatever came
/// of them.
int run_canaries(const std::vector<std::string>& words);

}  // namespace lares::toolhost
