#include "tools/sandbox/read_bytes.h"

#include <cerrno>
#include <unistd.h>

namespace lares {

std::optional<std::size_t> read_bytes(const UniqueNativeHandle& file, std::span<char> buffer) {
    while (true) {
        const ssize_t n = ::read(file.get(), buffer.data(), buffer.size());
        if (n >= 0) return static_cast<std::size_t>(n);
        if (errno != EINTR) return std::nullopt;
    }
}

}  // namespace lares
