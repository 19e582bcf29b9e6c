#pragma once

#include "tools/builtin/tool_text.h"

#include <functional>
#include <optional>
#include <string>

namespace lares {

/// Which folders below the first one are looked into.
enum class WalkInto {
    Everything,
    NotHidden,  ///< not those whose name begins with a dot
};

/// How a walk ended.
struct WalkEnd {
    std::optional<ToolText> error;  ///< the first folder could not be opened, or time ran out
    bool is_cut = false;            ///< it gave up after kMaxWalkEntries
};

/// What a walk looks at before it gives up.
constexpr std::size_t kMaxWalkEntries = 200'000;

/// Visits the regular files in a folder and below it, in the system's order, one folder open at a
/// time; links are not followed. A folder that cannot be read is passed over. `visit` gets the path
/// from `folder` to the file, with "/" between names. One thread.
[[nodiscard]] WalkEnd walk_folder(const ToolPath& folder,
                                  WalkInto into,
                                  const RunLimits& limits,
                                  const std::function<void(const std::string& below)>& visit);

/// The path of such a file as a call would name it: the folder as in the call, with its separator,
/// and one line.
[[nodiscard]] std::string walked_path(const std::string& folder_as_called,
                                      const std::string& below);

/// "[stopped after 200000 files and folders]"
[[nodiscard]] std::string cut_notice();

}  // namespace lares
