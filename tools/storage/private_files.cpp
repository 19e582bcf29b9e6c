#include "tools/storage/private_files.h"

#include "engine/base/path_text.h"

#include <string>
#include <system_error>

namespace lares {
namespace fs = std::filesystem;

Result<void> make_private_folder(const fs::path& folder) {
    std::error_code error;
    fs::create_directories(folder, error);
    if (error || !fs::is_directory(folder, error))
        return Error{ErrorCode::Io, utf8_from_path(folder) + ": cannot make the folder: " +
                                        (error ? error.message() : "something else is there")};
    fs::permissions(folder, fs::perms::owner_all, error);  // best effort
    return {};
}

Result<fs::path> set_aside(const fs::path& file) {
    std::error_code error;
    for (int number = 1; number < 1000; ++number) {
        fs::path kept = file;
        kept += ".damaged-" + std::to_string(number);
        if (fs::exists(kept, error)) continue;
        fs::rename(file, kept, error);
        if (error) break;
        std::error_code no_journal;
        fs::rename(fs::path(file) += "-journal", fs::path(kept) += "-journal", no_journal);
        return kept;
    }
    return Error{ErrorCode::Io,
                 utf8_from_path(file) + ": damaged, and cannot be set aside: " + error.message()};
}

}  // namespace lares
