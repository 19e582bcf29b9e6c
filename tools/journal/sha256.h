#pragma once

#include <string>
#include <string_view>

namespace lares {

/// SHA-256 (FIPS 180-4) in lower-case hex. Any thread.
[[nodiscard]] std::string sha256_hex(std::string_view bytes);

}  // namespace lares
