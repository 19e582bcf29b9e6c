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

}  // namespace

std::optional<std::string> absolute_path(std::string_view called,
                                         const std::string& home,
                                         const std::string& only_folder) {
    if (!keeps_path_bounds(called)) return std::nullopt;
    std::string path;
    if (called[0] == '/') {
        path = called;
    } else if (called == "~" || called.starts_with("~/")) {
        if (home.empty()) return std::nullopt;
        path = home + std::string(called.substr(1));
    } else {
        if (called[0] == '~' || only_folder.empty()) return std::nullopt;
        path = only_folder + "/" + std::string(called);
    }
    path = normalised(path);
    if (path[0] != '/' || !keeps_path_bounds(path)) return std::nullopt;
    return path;
}

std::optional<std::string> relative_to(std::string_view folder, std::string_view path) {
    if (folder.empty() || !path.starts_with(folder)) return std::nullopt;
    if (path.size() == folder.size()) return std::string();
    if (folder == "/") return std::string(path.substr(1));
    if (path[folder.size()] != '/') return std::nullopt;
    return std::string(path.substr(folder.size() + 1));
}

std::string parent_path(std::string_view path) {
    const std::size_t slash = path.rfind('/');
    return slash == 0 || slash == std::string_view::npos ? "/" : std::string(path.substr(0, slash));
}

std::string last_component(std::string_view path) {
    return path == "/" ? "/" : std::string(path.substr(path.rfind('/') + 1));
}

}  // namespace lares
