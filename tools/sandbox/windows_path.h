#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace lares {

/// How paths are written. Everything but tests takes the system's own way.
enum class PathStyle {
    Posix,    ///< "/a/b"
    Windows,  ///< "C:/a/b", each "/" also as "\", upper and lower case the same
};
#ifdef _WIN32
inline constexpr PathStyle kNativePaths = PathStyle::Windows;
#else
inline constexpr PathStyle kNativePaths = PathStyle::Posix;
#endif

// What follows looks at texts alone and is the same on every system. Any thread.

/// "c:\a\.\b\..\c\" → "C:/a/c", "C:\" → "C:/": absolute, on a drive, "/" between names, neither "."
/// nor "..". Nothing for what begins elsewhere (`\\server\x`, `\\?\C:\x`, `\\.\COM1`, `\??\C:\x`,
/// `\x`, `C:x`, `x`) and when a name in it is not is_windows_name.
[[nodiscard]] std::optional<std::string> normalised_windows_path(std::string_view path);

/// Whether Windows takes a name as it stands for that of a file: without the characters that it
/// forbids, ":" (streams) among them, without a "." or space at its end, which it drops, and no
/// device, whatever its ending: "nul", "COM1.txt", "con .log".
[[nodiscard]] bool is_windows_name(std::string_view name);

/// "GIT~1", "PROGRA~2.TXT": the form of the second, short name that Windows gives to files with
/// longer ones. A file whose own name looks like that is not worth telling apart.
[[nodiscard]] bool looks_like_short_name(std::string_view name);

}  // namespace lares
