#include "tools/policy/call_path.h"

#include "tools/builtin/tool_text.h"
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

std::size_t names_in(std::string_view path) {
    return static_cast<std::size_t>(std::count(path.begin(), path.end(), '/')) + 1;
}

/// How many bytes the first `n` names take: a letter may have more of them in its other case.
std::size_t end_of_names(std::string_view path, std::size_t n) {
    std::size_t end = 0;
    for (; n > 0 && end < path.size(); --n) end = std::min(path.find('/', end + 1), path.size());
    return end;
}

/// The length of the beginning that is a root: 1 of "/a", 3 of "C:/a".
std::size_t root_size(std::string_view path) {
    return path.size() >= 3 && path[1] == ':' && path[2] == '/' ? 3 : 1;
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

std::optional<std::string> relative_to(std::string_view folder,
                                       std::string_view path,
                                       PathStyle style) {
    if (folder.empty()) return std::nullopt;
    std::size_t n = folder.size();
    if (style == PathStyle::Windows) {
        n = is_root_path(folder) ? n : end_of_names(path, names_in(folder));
        if (folded_name(path.substr(0, n)) != folded_name(folder)) return std::nullopt;
    } else if (!path.starts_with(folder)) {
        return std::nullopt;
    }
    if (path.size() == n) return std::string();
    if (is_root_path(folder)) return std::string(path.substr(n));
    if (path[n] != '/') return std::nullopt;
    return std::string(path.substr(n + 1));
}

std::string parent_path(std::string_view path) {
    const std::size_t root = root_size(path);
    const std::size_t slash = path.rfind('/');
    if (slash == std::string_view::npos) return "/";
    return std::string(path.substr(0, std::max(slash, root)));
}

std::string last_component(std::string_view path) {
    return std::string(is_root_path(path) ? path : path.substr(path.rfind('/') + 1));
}

bool is_root_path(std::string_view path) {
    return path == "/" || (path.size() == 3 && root_size(path) == 3);
}

std::string path_in(std::string folder, std::string_view name) {
    if (!is_root_path(folder)) folder += '/';
    return folder.append(name);
}

std::string plain_folder(const std::string& path, PathStyle style) {
    if (style == PathStyle::Windows) return normalised_windows_path(path).value_or(std::string());
    return path.starts_with('/') ? path : std::string();
}

}  // namespace lares
