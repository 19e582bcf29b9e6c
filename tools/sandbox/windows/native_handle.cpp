#include "tools/sandbox/native_handle.h"

#include <windows.h>

namespace lares {

void close_native(NativeHandle handle) noexcept {
    ::CloseHandle(handle);
}

}  // namespace lares
