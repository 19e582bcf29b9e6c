#include "tools/builtin/tool_text.h"

#include "engine/base/utf8.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace lares {
namespace {

std::string_view separators(PathStyle style) {
    return style == PathStyle::Windows ? "/\\" : "/";
}

/// Whether the separator there belongs to a root: "/", and "C:\" on Windows.
bool is_of_root(std::string_view path, std::size_t separator, PathStyle style) {
    return separator == 0 || (style == PathStyle::Windows && path[separator - 1] == ':');
}

std::string_view without_separators(std::string_view path, PathStyle style) {
    while (!path.empty() && separators(style).find(path.back()) != std::string_view::npos &&
           !is_of_root(path, path.size() - 1, style))
        path.remove_suffix(1);
    return path;
}

}  // namespace

std::string path_as_called(std::string folder, std::string_view name, PathStyle style) {
    folder = without_separators(folder, style);
    const std::size_t last = folder.find_last_of(separators(style));
    const char separator = last == std::string::npos ? '/' : folder[last];
    if (last == std::string::npos || last + 1 < folder.size()) folder += separator;
    return folder.append(name);
}

std::string folder_as_called(std::string_view as_called, PathStyle style) {
    as_called = without_separators(as_called, style);
    const std::size_t last = as_called.find_last_of(separators(style));
    if (last == std::string_view::npos) return ".";
    const bool is_root = is_of_root(as_called, last, style);
    return std::string(as_called.substr(0, is_root ? last + 1 : last));
}

ToolText tool_error(ErrorCode code, std::string_view message) {
    return {"error: " + std::string(message), std::string(message), true, code, {}};
}

ToolText expired_text(const RunLimits& limits) {
    if (limits.stop.stop_requested())
        return tool_error(ErrorCode::Cancelled, "stopped by the user");
    return tool_error(ErrorCode::Cancelled, "timed out");
}

ToolText open_fault_text(OpenFault fault, const ToolPath& path, bool wants_folder) {
    const auto about = [&](ErrorCode code, std::string_view what) {
        return tool_error(code, std::string(what) + ": " + path.as_called);
    };
    switch (fault) {
        case OpenFault::NotFound:
            return about(ErrorCode::NotFound, wants_folder ? "no such folder" : "no such file");
        case OpenFault::NotAFolder:  // where a file was wanted: one of the folders before it
            return wants_folder ? about(ErrorCode::InvalidArgument, "not a folder")
                                : about(ErrorCode::NotFound, "no such file");
        case OpenFault::NotAFile:
            return wants_folder ? about(ErrorCode::InvalidArgument, "not a folder")
                                : about(ErrorCode::InvalidArgument, "not a text file");
        case OpenFault::Unsupported:
            return tool_error(ErrorCode::Unsupported,
                              "file tools are not available on this system");
        case OpenFault::Io:
            return about(ErrorCode::Io, "cannot be read");
        case OpenFault::Denied:
            break;
    }
    return about(ErrorCode::PermissionDenied, "permission denied");
}

std::string size_text(std::uint64_t bytes) {
    if (bytes < 1000) return std::to_string(bytes) + " B";
    constexpr std::array<const char*, 4> kUnits = {"kB", "MB", "GB", "TB"};
    double value = static_cast<double>(bytes) / 1000.0;
    std::size_t unit = 0;
    while (value >= 999.5 && unit + 1 < kUnits.size()) {  // what would be shown as 1000
        value /= 1000.0;
        ++unit;
    }
    std::array<char, 40> text{};
    std::snprintf(text.data(), text.size(), value < 9.95 ? "%.1f %s" : "%.0f %s", value,
                  kUnits[unit]);
    return text.data();
}

std::string counted_text(std::size_t n, std::string_view one) {
    return std::to_string(n).append(" ").append(one) + (n == 1 ? "" : "s");
}

bool begins_character(char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0) != 0x80;
}

std::size_t characters_in(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), begins_character));
}

std::string name_text(std::string_view name) {
    std::string shown;
    for (std::size_t i = 0; i < name.size();) {
        const Utf8Unit unit = decode_utf8(name, i);
        const char32_t c = unit.code_point;
        const bool plain = unit.kind == Utf8Unit::Kind::Valid && c >= 0x20 &&
                           (c < 0x7F || c >= 0xA0) && c != 0x2028 &&
                           c != 0x2029;  // line and paragraph separator
        for (std::size_t k = i; k < i + unit.size; ++k) {
            std::array<char, 5> hex{};
            std::snprintf(hex.data(), hex.size(), "\\x%02x", static_cast<unsigned char>(name[k]));
            plain ? shown.push_back(name[k]) : static_cast<void>(shown.append(hex.data()));
        }
        i += unit.size;
    }
    return shown;
}

}  // namespace lares
