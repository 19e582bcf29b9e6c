#include "engine/base/shared_library.h"

#include <dlfcn.h>

namespace lares {

SharedLibrary SharedLibrary::open_or_null(const char* name) {
    SharedLibrary library;
    library.m_handle = ::dlopen(name, RTLD_NOW | RTLD_LOCAL);
    return library;
}

SharedLibrary SharedLibrary::open_file_or_null(const std::filesystem::path& file) {
    SharedLibrary library;
    if (file.is_absolute()) library.m_handle = ::dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
    return library;
}

void* SharedLibrary::symbol_or_null(const char* name) const {
    return m_handle ? ::dlsym(m_handle, name) : nullptr;
}

}  // namespace lares
