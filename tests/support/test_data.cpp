#include "tests/support/test_data.h"

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>

namespace lares::test {

std::filesystem::path data_file(std::string_view relative) {
    return std::filesystem::path(LARES_SOURCE_DIR) / "tests" / "data" / relative;
}

std::filesystem::path source_file(std::string_view relative) {
    return std::filesystem::path(LARES_SOURCE_DIR) / relative;
}

std::filesystem::path program(std::string_view name) {
    std::filesystem::path file = std::filesystem::path(LARES_BINARY_DIR) / "bin" / name;
#ifdef _WIN32
    file += ".exe";
#endif
    return file;
}

std::string read_file(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    if (!in) {
        std::fprintf(stderr, "test data missing: %s\n", path.string().c_str());
        std::exit(EXIT_FAILURE);
    }
    return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace lares::test
