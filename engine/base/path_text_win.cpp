#include "engine/base/path_text.h"
#include "engine/base/wide_text.h"

namespace lares {

std::filesystem::path path_from_utf8(std::string_view text) {
    return wide_from_utf8(text);
}

std::string utf8_from_path(const std::filesystem::path& path) {
    return utf8_from_wide(path.native());
}

}  // namespace lares
