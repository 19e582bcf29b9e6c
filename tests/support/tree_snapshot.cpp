#include "tests/support/tree_snapshot.h"

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#ifndef _WIN32
#include <sys/stat.h>
#endif

namespace lares::test {
namespace fs = std::filesystem;
namespace {

std::string bytes_of(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

#ifdef _WIN32
// Whether it may be written is all of a mode that there is.
std::string line_of(const fs::path& path) {
    std::error_code error;
    const auto mode = static_cast<unsigned>(fs::status(path, error).permissions());
    if (fs::is_directory(path, error)) return "folder";
    std::array<char, 80> head{};
    std::snprintf(
        head.data(), head.size(), "%o %lld ", mode,
        static_cast<long long>(fs::last_write_time(path, error).time_since_epoch().count()));
    return error ? "gone" : head.data() + bytes_of(path);
}
#else
std::string line_of(const fs::path& path) {
    struct stat status {};
    if (::lstat(path.c_str(), &status) != 0) return "gone";
    std::array<char, 80> head{};
    const bool is_file = S_ISREG(status.st_mode);
    const bool has_time = is_file || S_ISLNK(status.st_mode);
    std::snprintf(head.data(), head.size(), "%o %lld.%09ld ", status.st_mode,
                  has_time ? static_cast<long long>(status.st_mtim.tv_sec) : 0,
                  has_time ? status.st_mtim.tv_nsec : 0);
    if (S_ISLNK(status.st_mode)) return head.data() + fs::read_symlink(path).string();
    if (!is_file) return head.data();
    return head.data() + bytes_of(path);
}
#endif

std::string or_nothing(const TreeSnapshot& tree, const std::string& name) {
    const auto it = tree.find(name);
    return it == tree.end() ? "nothing" : it->second.substr(0, 200);
}

}  // namespace

TreeSnapshot snapshot_of(const std::string& folder) {
    TreeSnapshot tree;
    for (const auto& entry : fs::recursive_directory_iterator(folder))
        tree[entry.path().lexically_relative(folder).generic_string()] = line_of(entry.path());
    return tree;
}

std::string difference(const TreeSnapshot& before, const TreeSnapshot& after) {
    std::set<std::string> names;
    for (const TreeSnapshot* tree : {&before, &after})
        for (const auto& [name, line] : *tree) names.insert(name);
    for (const std::string& name : names) {
        const auto first = before.find(name);
        const auto second = after.find(name);
        const bool is_same =
            first != before.end() && second != after.end() && first->second == second->second;
        if (!is_same)
            return name + ": " + or_nothing(before, name) + " became " + or_nothing(after, name);
    }
    return {};
}

}  // namespace lares::test
