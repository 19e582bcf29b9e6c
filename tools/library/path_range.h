#pragma once

#include <string>

namespace lares {

/// The paths below a folder are those from `first` on and before `last`, as bytes compare.
struct PathRange {
    std::string first;
    std::string last;
};
/// Empty: all paths.
[[nodiscard]] inline PathRange paths_below(const std::string& folder) {
    if (folder.empty()) return {"", "\xFF\xFF\xFF\xFF"};
    return {folder + "/", folder + "0"};  // the character after "/"
}

}  // namespace lares
