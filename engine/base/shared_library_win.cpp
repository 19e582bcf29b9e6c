#include "engine/base/shared_library.h"

#ifndef NOMINMAX
#define NOMINMAX
#endif
#ifndef WIN32_LEAN_AND_MEAN
#define WIN32_LEAN_AND_MEAN
#endif
#include <windows.h>

namespace lares {

SharedLibrary SharedLibrary::open_or_null(const char* name) {
    SharedLibrary library;
    library.m_handle =
        reinterpret_cast<void*>(::LoadLibraryExA(name, nullptr, LOAD_LIBRARY_SEARCH_SYSTEM32));
    return library;
}

void* SharedLibrary::symbol_or_null(const char* name) const {
    if (!m_handle) return nullptr;
    return reinterpret_cast<void*>(::GetProcAddress(static_cast<HMODULE>(m_handle), name));
}

}  // namespace lares
