#include "tools/policy/sensitive_names.h"

#include <algorithm>
#include <array>
#include <string>

namespace lares {
namespace {

// Folders whose contents other programs obey.
constexpr std::array<std::string_view, 14> kFolders = {
    ".git", ".hg",     ".svn",   ".ssh",    ".gnupg", ".vscode",   ".idea",
    ".bin", ".config", ".local", ".github", ".husky", "autostart", "startup",
};
// Files that a shell, a build or an editor runs by itself.
constexpr std::array<std::string_view, 28> kFiles = {
    ".bashrc",     ".bash_profile",  ".bash_login", ".bash_logout", ".bash_aliases", ".profile",
    ".zshrc",      ".zshenv",        ".zprofile",   ".zlogin",      ".kshrc",        ".cshrc",
    ".xinitrc",    ".xprofile",      ".xsession",   ".xsessionrc",  ".envrc",        ".gitconfig",
    ".gitmodules", ".npmrc",         ".vimrc",      ".exrc",        ".netrc",        "makefile",
    "gnumakefile", "cmakelists.txt", "justfile",    "desktop.ini",
};
constexpr std::array<std::string_view, 47> kEndings = {
    ".desktop",
    ".service",
    ".timer",
    ".sh",
    ".bash",
    ".zsh",
    ".fish",
    ".py",
    ".pl",
    ".rb",
    ".js",
    ".vbs",
    ".ps1",
    ".psm1",
    ".bat",
    ".cmd",
    ".com",
    ".exe",
    ".scr",
    ".lnk",
    ".url",
    ".reg",
    // What else Windows starts on a double click, or loads into a program.
    ".jse",
    ".vbe",
    ".wsf",
    ".wsh",
    ".wsc",
    ".hta",
    ".cpl",
    ".dll",
    ".ocx",
    ".sys",
    ".msi",
    ".msp",
    ".mst",
    ".msc",
    ".pif",
    ".scf",
    ".inf",
    ".jar",
    ".chm",
    ".psd1",
    ".xll",
    ".gadget",
    ".appref-ms",
    ".application",
    ".settingcontent-ms",
};

struct Letter {
    std::string_view text;
    char other;
};
// To some disks the other case of an ASCII letter: dotless and dotted i, long s, the Kelvin sign.
constexpr std::array<Letter, 4> kOtherCases = {{
    {"\u0131", 'i'},
    {"\u0130", 'i'},
    {"\u017f", 's'},
    {"\u212a", 'k'},
}};

std::string lower_name(std::string_view name) {
    std::string lowered;
    while (!name.empty()) {
        const auto* other =
            std::find_if(kOtherCases.begin(), kOtherCases.end(),
                         [&](const Letter& letter) { return name.starts_with(letter.text); });
        if (other != kOtherCases.end()) {
            lowered += other->other;
            name.remove_prefix(other->text.size());
            continue;
        }
        const char c = name.front();
        lowered += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        name.remove_prefix(1);
    }
    while (lowered.ends_with('.') || lowered.ends_with(' ')) lowered.pop_back();  // as Windows
    return lowered;
}

bool is_sensitive_name(const std::string& name, bool is_last) {
    const auto is_among = [&](const auto& names) {
        return std::find(names.begin(), names.end(), name) != names.end();
    };
    if (is_among(kFolders)) return true;
    if (!is_last) return false;
    return is_among(kFiles) ||
           std::any_of(kEndings.begin(), kEndings.end(),
                       [&](std::string_view end) { return name.ends_with(end); });
}

}  // namespace

bool is_sensitive_path(std::string_view relative) {
    for (std::size_t begin = 0; begin <= relative.size();) {
        const std::size_t end = std::min(relative.find('/', begin), relative.size());
        const std::string name = lower_name(relative.substr(begin, end - begin));
        if (is_sensitive_name(name, end == relative.size())) return true;
        begin = end + 1;
    }
    return false;
}

bool is_hidden_in_home(std::string_view relative, PathStyle style) {
    if (relative.starts_with('.')) return true;
    if (style != PathStyle::Windows) return false;
    const std::string first = lower_name(relative.substr(0, relative.find('/')));
    return first == "appdata" || first.starts_with("ntuser.") || first.starts_with("usrclass.");
}

}  // namespace lares
