#pragma once

#include "engine/base/result.h"

#include <cstdint>
#include <filesystem>

namespace lares::appimage {

/// Whether this user can mount through FUSE here: asked first, for its library complains aloud.
[[nodiscard]] bool can_mount();

/// Shows the squashfs at `offset` in `image` at the empty folder `at`, read-only, and returns when
/// it is there. A process of its own serves it until this process has ended, whatever it has become
/// by `exec`; then it unmounts and removes `at`. What this process starts keeps nothing alive.
[[nodiscard]] Result<void> mount_while_running(const std::filesystem::path& image,
                                               std::uint64_t offset,
                                               const std::filesystem::path& at);

}  // namespace lares::appimage
