#include "engine/base/program_folder.h"

#include <string>
#include <windows.h>

namespace lares {

std::filesystem::path program_folder() {
    std::wstring name(32768, L'\0');
    const DWORD n = ::GetModuleFileNameW(nullptr, name.data(), static_cast<DWORD>(name.size()));
    if (n == 0 || n == name.size()) return {};
    name.resize(n);
    return std::filesystem::path(name).parent_path();
}

}  // namespace lares
