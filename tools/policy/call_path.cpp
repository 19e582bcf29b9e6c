#include "tools/policy/call_path.h"

#include "tools/sandbox/path_bounds.h"

#include <algorithm>
#include <vector>

namespace lares {
namespace {

/// Precondition: absolute.
std::string normalised(std::string_view path) {
    std::vector<std::string_view> names;
    for (std::size_t begin = 0; begin < path.size();) {
        const std::size_t end = std::min(path.find('/', begin), path.size());
        const std::string_view name = path.substr(begin, end - begin);
        begin = end + 1;
        if (name.empty() || name == ".") continue;
        if (name != "..") {
            names.push_back(name);
        } else if (!names.empty()) {
            names.pop_back();
        }
    }
    std::string result;
    for (const std::string_view name : names) result.append("/").append(name);
    return result.empty() ? "/" : result;
}

/// Where it begins, in the form that its system has; nothing: nowhere.
std::optional<std::string> beginning_somewhere(const std::string& called,
                                               bool is_absolute,
                                               const std::string& home,
                                               const std::string& only_folder) {
    if (is_absolute) return called;
    if (called == "~" || called.starts_with("~/")) {
        if (home.empty()) return std::nullopt;
        return home + called.substr(1);
    }
    if (called[0] == '~' || only_folder.empty()) return std::nullopt;
    return only_folder + "/" + called;
}

std::optional<std::string> windows_path(std::string called,
                                        const std::string& home,
                                        const std::string& only_folder) {
    std::replace(called.begin(), called.end(), '\\', '/');
    const bool is_rooted = called[0] == '/' || (called.size() > 1 && called[1] == ':');
    const auto path = beginning_somewhere(called, is_rooted, home, only_folder);
    if (!path) return std::nullopt;
    auto plain = normalised_windows_path(*path);
    // What is below the root; C:/ has nothing there. A home may have short names in front.
    const std::string own =
        is_rooted ? called.substr(std::min<std::size_t>(called.size(), 3)) : called;
    for (std::size_t begin = 0; plain && begin < own.size();) {
        const std::size_t end = std::min(own.find('/', begin), own.size());
        if (looks_like_short_name(std::string_view(own).substr(begin, end - begin)))
            return std::nullopt;
        begin = end + 1;
    }
    return plain;
}

}  // namespace

std::optional<std::string> absolute_path(std::string_view called,
                                         const std::string& home,
                                         const std::string& only_folder,
                                         PathStyle style) {
    if (!keeps_path_bounds(called)) return std::nullopt;
    std::optional<std::string> path;
    if (style == PathStyle::Windows) {
        path = windows_path(std::string(called), home, only_folder);
    } else {
        path = beginning_somewhere(std::string(called), called[0] == '/', home, only_folder);
        if (path) path = normalised(*path);
        if (path && (*path)[0] != '/') return std::nullopt;
    }
    if (!path || !keeps_path_bounds(*path)) return std::nullopt;
    return path;
}

std::string no_absolute_path_reason(PathStyle style) {
    return style == PathStyle::Windows
               ? "The path does not begin on a drive, has a name in it that Windows reserves or "
                 "shortens, or is too long or too deep."
               : "The path does not say where it begins, or it is too long or too deep.";
}

}  // namespace lares
