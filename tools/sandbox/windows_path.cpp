#include "tools/sandbox/windows_path.h"

#include <algorithm>
#include <array>
#include <vector>

namespace lares {
namespace {

constexpr std::array<std::string_view, 6> kDevices = {"con", "prn",    "aux",
                                                      "nul", "conin$", "conout$"};
// COM¹ is COM1 to Windows.
constexpr std::array<std::string_view, 3> kSmallDigits = {"\u00b9", "\u00b2", "\u00b3"};

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

std::string lower(std::string_view text) {
    std::string lowered(text);
    for (char& c : lowered) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return lowered;
}

bool is_device(std::string_view name) {
    std::string stem = lower(name.substr(0, name.find('.')));
    while (stem.ends_with(' ')) stem.pop_back();
    if (std::find(kDevices.begin(), kDevices.end(), stem) != kDevices.end()) return true;
    if (!stem.starts_with("com") && !stem.starts_with("lpt")) return false;
    const std::string_view number = std::string_view(stem).substr(3);
    if (number.size() == 1) return is_digit(number[0]);
    return std::find(kSmallDigits.begin(), kSmallDigits.end(), number) != kSmallDigits.end();
}

}  // namespace

bool is_windows_name(std::string_view name) {
    if (name.empty() || name.ends_with('.') || name.ends_with(' ')) return false;
    const bool has_forbidden = std::any_of(name.begin(), name.end(), [](char c) {
        return static_cast<unsigned char>(c) < 0x20 ||
               std::string_view("<>:\"/\\|?*").find(c) != std::string_view::npos;
    });
    return !has_forbidden && !is_device(name);
}

bool looks_like_short_name(std::string_view name) {
    const std::size_t dot = name.find('.');
    const std::string_view stem = name.substr(0, dot);
    if (dot != std::string_view::npos) {
        const std::string_view ending = name.substr(dot + 1);
        if (ending.size() > 3 || ending.find('.') != std::string_view::npos) return false;
    }
    const std::size_t tilde = stem.rfind('~');
    if (stem.size() > 8 || tilde == 0 || tilde == std::string_view::npos) return false;
    const std::string_view number = stem.substr(tilde + 1);
    return !number.empty() && std::all_of(number.begin(), number.end(), is_digit);
}

std::optional<std::string> normalised_windows_path(std::string_view path) {
    std::string text(path);
    std::replace(text.begin(), text.end(), '\\', '/');
    if (text.size() < 3 || !is_letter(text[0]) || text[1] != ':' || text[2] != '/')
        return std::nullopt;
    std::vector<std::string_view> names;
    const std::string_view rest = std::string_view(text).substr(3);
    for (std::size_t begin = 0; begin < rest.size();) {
        const std::size_t end = std::min(rest.find('/', begin), rest.size());
        const std::string_view name = rest.substr(begin, end - begin);
        begin = end + 1;
        if (name.empty() || name == ".") continue;
        if (name == "..") {
            if (!names.empty()) names.pop_back();
        } else if (is_windows_name(name)) {
            names.push_back(name);
        } else {
            return std::nullopt;
        }
    }
    const char drive = text[0] >= 'a' ? static_cast<char>(text[0] - 'a' + 'A') : text[0];
    std::string result = {drive, ':'};
    for (const std::string_view name : names) result.append("/").append(name);
    return names.empty() ? result + "/" : result;
}

}  // namespace lares
