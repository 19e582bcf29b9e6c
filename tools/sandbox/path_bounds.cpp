#include "tools/sandbox/path_bounds.h"

#include "engine/base/utf8.h"

namespace lares {
namespace {

bool is_control(char32_t c) {
    return c < 0x20 || (c >= 0x7F && c < 0xA0);
}

bool is_clean_text(std::string_view text) {
    for (std::size_t i = 0; i < text.size();) {
        const Utf8Unit unit = decode_utf8(text, i);
        if (unit.kind != Utf8Unit::Kind::Valid || is_control(unit.code_point)) return false;
        i += unit.size;
    }
    return true;
}

std::size_t count_components(std::string_view path) {
    std::size_t n = 0;
    for (std::size_t i = 0; i < path.size(); ++i) {
        if (path[i] != '/' && (i == 0 || path[i - 1] == '/')) ++n;
    }
    return n;
}

}  // namespace

bool keeps_path_bounds(std::string_view path) {
    return !path.empty() && path.size() <= kMaxPathBytes &&
           count_components(path) <= kMaxPathComponents && is_clean_text(path);
}

bool is_plain_relative(std::string_view path, PathStyle style) {
    if (path.empty()) return true;
    if (!keeps_path_bounds(path)) return false;
    while (true) {
        const std::size_t slash = path.find('/');
        const std::string_view name = path.substr(0, slash);
        if (name.empty() || name == "." || name == "..") return false;
        if (style == PathStyle::Windows && (!is_windows_name(name) || looks_like_short_name(name)))
            return false;
        if (slash == std::string_view::npos) return true;
        path.remove_prefix(slash + 1);
    }
}

}  // namespace lares
