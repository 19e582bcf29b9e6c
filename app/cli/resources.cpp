#include "app/cli/resources.h"

#include "engine/base/path_text.h"
#include "engine/base/program_folder.h"

#include <array>
#include <cstdio>
#include <fstream>
#include <system_error>

namespace lares::cli {
namespace fs = std::filesystem;

Result<fs::path> resourceFolder() {
    const fs::path program = program_folder();
    for (const char* candidate : {"../../resources", "../share/lares"}) {
        std::error_code error;
        const fs::path folder = fs::weakly_canonical(program / candidate, error);
        if (!error && fs::is_directory(folder / "personas", error)) return folder;
    }
    return Error{ErrorCode::NotFound, "the resources folder was not found beside " +
                                          utf8_from_path(program) +
                                          "; name the files with --model and --persona"};
}

Result<std::string> readFile(const fs::path& path, std::size_t maxBytes) {
    std::error_code error;
    if (!fs::exists(path, error))
        return Error{ErrorCode::NotFound, "no such file: " + utf8_from_path(path)};
    if (fs::is_directory(path, error))
        return Error{ErrorCode::Io, utf8_from_path(path) + " is a folder"};
    std::ifstream in(path, std::ios::binary);
    std::string bytes;
    std::array<char, 65536> chunk{};
    while (in) {
        in.read(chunk.data(), chunk.size());
        bytes.append(chunk.data(), static_cast<std::size_t>(in.gcount()));
        if (bytes.size() > maxBytes) {
            return Error{ErrorCode::InvalidArgument,
                         utf8_from_path(path) + " is larger than such a file may be"};
        }
    }
    if (!in.eof()) return Error{ErrorCode::Io, "cannot read " + utf8_from_path(path)};
    return bytes;
}

Result<std::string> readInput() {
    std::string bytes;
    std::array<char, 65536> chunk{};
    while (const std::size_t n = std::fread(chunk.data(), 1, chunk.size(), stdin))
        bytes.append(chunk.data(), n);
    if (std::ferror(stdin)) return Error{ErrorCode::Io, "cannot read stdin"};
    return bytes;
}

}  // namespace lares::cli
