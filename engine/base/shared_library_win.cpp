#include "engine/base/shared_library.h"

#include <windows.h>

namespace lares {

SharedLibrary SharedLibrary::open_or_null(const char* name) {
    SharedLibrary library;
    library.m_handle =
        reinterpret_cast<void*>(::LoadLibraryExA(name, nullptr, LOAD_LIBRARY_SEARCH_SYSTEM32));
    return library;
}

SharedLibrary SharedLibrary::open_file_or_null(const std::filesystem::path& file) {
    SharedLibrary library;
    if (!file.is_absolute()) return library;
    // What it needs itself may lie beside it.
    const std::filesystem::path native = std::filesystem::path(file).make_preferred();
    library.m_handle = reinterpret_cast<void*>(::LoadLibraryExW(
        native.c_str(), nullptr, LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR | LOAD_LIBRARY_SEARCH_SYSTEM32));
    return library;
}

void* SharedLibrary::symbol_or_null(const char* name) const {
    if (!m_handle) return nullptr;
    return reinterpret_cast<void*>(::GetProcAddress(static_cast<HMODULE>(m_handle), name));
}

}  // namespace lares
