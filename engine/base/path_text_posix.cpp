#include "engine/base/path_text.h"

namespace lares {

std::filesystem::path path_from_utf8(std::string_view text) {
    return text;
}

std::string utf8_from_path(const std::filesystem::path& path) {
    return path.native();
}

}  // namespace lares
