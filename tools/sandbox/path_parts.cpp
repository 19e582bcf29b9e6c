#include "tools/sandbox/path_parts.h"

#include "tools/sandbox/folded_text.h"

#include <algorithm>

namespace lares {
namespace {

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

bool is_in_folder(std::string_view folder, std::string_view path, PathStyle style) {
    return relative_to(folder, path, style).has_value();
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
