#include "engine/base/system_memory.h"

#include <malloc.h>
#include <windows.h>

namespace lares {

std::optional<std::size_t> available_memory_bytes() {
    MEMORYSTATUSEX status{};
    status.dwLength = sizeof(status);
    if (!GlobalMemoryStatusEx(&status)) return std::nullopt;
    return static_cast<std::size_t>(status.ullAvailPhys);
}

void return_freed_memory() {
    _heapmin();
}

}  // namespace lares
