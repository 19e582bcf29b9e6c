#pragma once

#include "tools/sandbox/change_beneath.h"

#include <cstdint>
#include <optional>
#include <string>
#include <windows.h>

namespace lares {

/// What an attribute says that a file's bytes may lie elsewhere: links of any kind (reparse
/// points), and what a cloud or an archive fetches when it is opened. None of it is looked behind.
[[nodiscard]] bool is_elsewhere(DWORD attributes);
[[nodiscard]] EntryKind kind_from(DWORD attributes);

/// What the system says of what is open, in our words. The permission bits are those that Windows
/// has: whether it may be written.
[[nodiscard]] std::optional<FileFacts> facts_of(NativeHandle opened);

/// Volume and file id. ReFS has 128 bits for a file, which are folded into 64: two files of one
/// disk that fall together by chance are as likely as a wrong bit. A disk without such ids (FAT)
/// gives what it has, the place of the name, which a move changes.
[[nodiscard]] std::optional<FileIdentity> identity_from(NativeHandle opened);

/// Nanoseconds since 1970 held to 64 bits, from 100 of them since 1601, and back.
[[nodiscard]] std::int64_t nanoseconds_from(LARGE_INTEGER time);
[[nodiscard]] LARGE_INTEGER time_from(std::int64_t nanoseconds);

/// Where what is open is now: `\\?\C:\a\b` with the drive, `\a\b` without. Long names, links gone.
/// Empty: the system does not say.
enum class FinalPath { WithDrive, WithoutDrive };
[[nodiscard]] std::wstring final_path(NativeHandle opened, FinalPath form);

/// The same, upper and lower case aside, as Windows compares names.
[[nodiscard]] bool is_same_name(std::wstring_view one, std::wstring_view other);

}  // namespace lares
