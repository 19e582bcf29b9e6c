#include "tools/sandbox/real_path.h"

#include "engine/base/path_text.h"

#include <filesystem>
#include <system_error>

namespace lares {
namespace fs = std::filesystem;

Result<std::string> real_path(const std::string& path) {
    std::error_code error;
    const fs::path real = fs::canonical(path_from_utf8(path), error);
    if (!error) return utf8_from_path(real);
    const ErrorCode code = error == std::errc::no_such_file_or_directory ? ErrorCode::NotFound
                           : error == std::errc::permission_denied ? ErrorCode::PermissionDenied
                                                                   : ErrorCode::Io;
    return Error{code, path + ": " + error.message()};
}

}  // namespace lares
