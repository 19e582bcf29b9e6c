#pragma once

namespace lares {

/// Whether an open file or folder belongs to a file system that shows processes, devices or the
/// kernel instead of somebody's files (proc, sysfs, cgroups, …). Their names look like ordinary
/// files, and one of them is the way to every open file of this program.
[[nodiscard]] bool is_pseudo_file(int fd);

}  // namespace lares
