#pragma once

#include "tools/sandbox/open_beneath.h"

#include <string_view>

namespace lares {

/// Which symbolic links a name may lead through.
enum class Links {
    Inside,  ///< those that stay inside the folder; with OpenMethod::Walk none
    None,
};

/// Kernels before 5.6 do not have it, and some containers forbid it.
[[nodiscard]] bool kernel_has_openat2();

/// A descriptor of what stands at `relative` in the open folder `folder`, or -1 and errno: EXDEV or
/// ELOOP when a link leads out or none is allowed. The caller checked is_plain_relative. Any
/// thread.
[[nodiscard]] int open_beneath_fd(
    int folder, std::string_view relative, int flags, Links links, OpenMethod method);

}  // namespace lares
