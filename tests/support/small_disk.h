#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace lares::test {

/// Runs `check` in a process of its own in which an empty file system of so many bytes is mounted
/// at `folder`, and gives back what it says went wrong: empty when all is well. Nothing where this
/// system does not let a process mount anything for itself.
[[nodiscard]] std::optional<std::string> on_small_disk(const std::string& folder,
                                                       std::uint64_t size_bytes,
                                                       const std::function<std::string()>& check);

/// Takes all the space that is left there, with a file of that name.
void fill_disk(const std::string& file);

}  // namespace lares::test
