#include "engine/base/shared_library.h"

#include <dlfcn.h>

namespace lares {

SharedLibrary SharedLibrary::open_or_null(const char* name) {
    SharedLibrary library;
    library.m_handle = ::dlopen(name, RTLD_NOW | RTLD_LOCAL);
    return library;
}

void* SharedLibrary::symbol_or_null(const char* name) const {
    return m_handle ? ::dlsym(m_handle, name) : nullptr;
}

}  // namespace lares
