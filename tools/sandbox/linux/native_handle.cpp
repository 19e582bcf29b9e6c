#include "tools/sandbox/native_handle.h"

#include <unistd.h>

namespace lares {

void close_native(NativeHandle handle) noexcept {
    ::close(handle);  // also on EINTR: on Linux the descriptor is gone then
}

}  // namespace lares
