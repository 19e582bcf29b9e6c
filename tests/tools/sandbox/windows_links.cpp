#include "tests/tools/sandbox/windows_links.h"

#include "engine/base/wide_text.h"

#include <algorithm>
#include <cstring>
#include <vector>
#include <windows.h>
// After windows.h, whose types it needs.
#include <winioctl.h>

namespace lares::test {
namespace {

std::wstring native(const std::string& path) {
    std::wstring wide = wide_from_utf8(path);
    std::replace(wide.begin(), wide.end(), L'/', L'\\');
    return wide;
}

bool is_there(const std::string& path) {
    return ::GetFileAttributesW(native(path).c_str()) != INVALID_FILE_ATTRIBUTES;
}

/// What a junction holds (REPARSE_DATA_BUFFER of the driver kit).
std::vector<char> junction_data(const std::wstring& target) {
    const std::wstring system_name = LR"(\??\)" + target;
    const auto bytes = [](const std::wstring& text) {
        return static_cast<USHORT>(text.size() * sizeof(wchar_t));
    };
    const USHORT names = static_cast<USHORT>(bytes(system_name) + bytes(target) + 4);
    const ULONG tag = IO_REPARSE_TAG_MOUNT_POINT;
    const USHORT fields[] = {static_cast<USHORT>(8 + names),
                             0,
                             0,
                             bytes(system_name),
                             static_cast<USHORT>(bytes(system_name) + 2),
                             bytes(target)};
    std::vector<char> data(sizeof tag + sizeof fields + names, '\0');
    std::memcpy(data.data(), &tag, sizeof tag);
    std::memcpy(data.data() + sizeof tag, fields, sizeof fields);
    char* text = data.data() + sizeof tag + sizeof fields;
    std::memcpy(text, system_name.data(), bytes(system_name));
    std::memcpy(text + bytes(system_name) + 2, target.data(), bytes(target));
    return data;
}

}  // namespace

bool make_junction(const std::string& path, const std::string& target) {
    const std::wstring name = native(path);
    if (!::CreateDirectoryW(name.c_str(), nullptr)) return false;
    const HANDLE folder =
        ::CreateFileW(name.c_str(), GENERIC_WRITE, 0, nullptr, OPEN_EXISTING,
                      FILE_FLAG_BACKUP_SEMANTICS | FILE_FLAG_OPEN_REPARSE_POINT, nullptr);
    std::vector<char> data = junction_data(native(target));
    DWORD n = 0;
    const bool is_made =
        ::DeviceIoControl(folder, FSCTL_SET_REPARSE_POINT, data.data(),
                          static_cast<DWORD>(data.size()), nullptr, 0, &n, nullptr) != 0;
    ::CloseHandle(folder);
    const bool is_link =
        is_made && (::GetFileAttributesW(name.c_str()) & FILE_ATTRIBUTE_REPARSE_POINT) != 0;
    if (!is_link) ::RemoveDirectoryW(name.c_str());
    return is_link;
}

bool make_symbolic_link(const std::string& path, const std::string& target) {
    constexpr DWORD kWithoutPrivilege = 0x2;
    // Wine says yes and does nothing.
    return ::CreateSymbolicLinkW(native(path).c_str(), native(target).c_str(), kWithoutPrivilege) !=
               0 &&
           is_there(path);
}

bool make_unix_link(const std::string& path, const std::string& target) {
    using UnixName = char*(CDECL*)(const wchar_t*);
    const HMODULE kernel = ::GetModuleHandleW(L"kernel32.dll");
    // Wine's own: where a name of its lies on the system below.
    const auto unix_name = reinterpret_cast<UnixName>(
        reinterpret_cast<void*>(::GetProcAddress(kernel, "wine_get_unix_file_name")));
    if (!unix_name) return false;
    const auto of_system = [&](const std::string& name) {
        char* text = unix_name(native(name).c_str());
        std::string copy = text ? text : "";
        if (text) ::HeapFree(::GetProcessHeap(), 0, text);
        return copy;
    };
    std::wstring command =
        wide_from_utf8("/bin/ln -s \"" + of_system(target) + "\" \"" + of_system(path) + "\"");
    STARTUPINFOW start{};
    start.cb = sizeof start;
    PROCESS_INFORMATION process{};
    if (!::CreateProcessW(LR"(\\?\unix\bin\ln)", command.data(), nullptr, nullptr, FALSE, 0,
                          nullptr, nullptr, &start, &process))
        return false;
    ::WaitForSingleObject(process.hProcess, INFINITE);
    ::CloseHandle(process.hThread);
    ::CloseHandle(process.hProcess);
    for (int look = 0; look < 100 && !is_there(path); ++look) ::Sleep(20);
    return is_there(path);
}

bool make_hard_link(const std::string& path, const std::string& existing) {
    return ::CreateHardLinkW(native(path).c_str(), native(existing).c_str(), nullptr) != 0;
}

std::string short_name_of(const std::string& path) {
    std::wstring text(1024, L'\0');
    const DWORD n = ::GetShortPathNameW(native(path).c_str(), text.data(), 1024);
    text.resize(n);
    const std::string name = utf8_from_wide(text.substr(text.rfind(L'\\') + 1));
    return name == path.substr(path.rfind('/') + 1) ? std::string() : name;
}

}  // namespace lares::test
