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
constexpr std::array<std::string_view, 22> kEndings = {
    ".desktop", ".service", ".timer", ".sh",  ".bash", ".zsh",  ".fish", ".py",
    ".pl",      ".rb",      ".js",    ".vbs", ".ps1",  ".psm1", ".bat",  ".cmd",
    ".com",     ".exe",     ".scr",   ".lnk", ".url",  ".reg",
};

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
        std::string name(relative.substr(begin, end - begin));
        std::transform(name.begin(), name.end(), name.begin(), [](char c) {
            return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        });
        while (name.ends_with('.') || name.ends_with(' ')) name.pop_back();  // as Windows reads it
        if (is_sensitive_name(name, end == relative.size())) return true;
        begin = end + 1;
    }
    return false;
}

}  // namespace lares
