#pragma once

#include <map>
#include <string>

namespace lares::test {

/// What is in a folder: a line for each thing below it, by its relative path. Kind, permission bits
/// (set-user-id too), bytes and time of a file, target of a link; links are not followed. A
/// folder's time is left out: it changes with what is in it.
using TreeSnapshot = std::map<std::string, std::string>;
[[nodiscard]] TreeSnapshot snapshot_of(const std::string& folder);

/// Empty when they are the same; else the first thing that differs, with both lines.
[[nodiscard]] std::string difference(const TreeSnapshot& before, const TreeSnapshot& after);

}  // namespace lares::test
