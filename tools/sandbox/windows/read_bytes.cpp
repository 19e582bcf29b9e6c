#include "tools/sandbox/read_bytes.h"

#include <algorithm>
#include <windows.h>

namespace lares {

std::optional<std::size_t> read_bytes(const UniqueNativeHandle& file, std::span<char> buffer) {
    constexpr std::size_t kMaxRead = std::size_t{1} << 30;
    DWORD n = 0;
    const auto size = static_cast<DWORD>(std::min(buffer.size(), kMaxRead));
    if (!::ReadFile(file.get(), buffer.data(), size, &n, nullptr)) {
        if (::GetLastError() != ERROR_HANDLE_EOF) return std::nullopt;
        n = 0;
    }
    return static_cast<std::size_t>(n);
}

}  // namespace lares
