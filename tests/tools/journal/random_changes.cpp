#include "tests/tools/journal/random_changes.h"

#include "tests/support/folder_tree.h"
#include "tools/builtin/make_folder/make_folder.h"
#include "tools/builtin/move/move.h"
#include "tools/builtin/write_file/write_file.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace lares::test {
namespace fs = std::filesystem;
namespace {

std::string random_bytes(std::mt19937& random) {
    std::string bytes(random() % 8 == 0 ? random() % 60'000 : random() % 300, '\0');
    for (char& byte : bytes) byte = static_cast<char>(random());
    return bytes;
}

std::string bytes_of(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

void make_sample_tree(const std::string& root, std::mt19937& random) {
    const std::array<fs::perms, 4> modes = {fs::perms{0644}, fs::perms{0600}, fs::perms{0755},
                                            fs::perms{0440}};
    std::vector<fs::path> folders = {root};
    for (int i = 0; i < 4; ++i) {
        folders.push_back(folders[random() % folders.size()] / ("folder " + std::to_string(i)));
        fs::create_directories(folders.back());
    }
    for (int i = 0; i < 10; ++i) {
        const fs::path file = folders[random() % folders.size()] / ("file " + std::to_string(i));
        std::ofstream(file, std::ios::binary) << random_bytes(random);
        fs::permissions(file, modes[random() % modes.size()]);
        fs::last_write_time(file,
                            fs::file_time_type::clock::now() -
                                std::chrono::nanoseconds(random() * std::uint64_t{100'000'007}));
    }
    if (!FolderTree::kHasLinks) return;
    fs::create_symlink("folder 0", folders[0] / "link");
    fs::create_symlink("../nothing", folders.back() / "link");
}

ToolPath RandomChanges::at(const std::string& relative) const {
    return {m_folder, relative, "/" + relative};
}

void RandomChanges::look() {
    m_folders = {""};
    m_files.clear();
    m_links.clear();
    for (const auto& entry : fs::recursive_directory_iterator(m_folder.path())) {
        std::vector<std::string>& kind = entry.is_symlink()     ? m_links
                                         : entry.is_directory() ? m_folders
                                                                : m_files;
        kind.push_back(entry.path().lexically_relative(m_folder.path()).generic_string());
    }
    // The system's order is not the same twice.
    for (auto* names : {&m_folders, &m_files, &m_links}) std::sort(names->begin(), names->end());
}

std::string RandomChanges::in_some_folder(const std::string& name) {
    const std::string& folder = m_folders[below(m_folders.size())];
    return folder.empty() ? name : folder + "/" + name;
}

std::string RandomChanges::new_name() {
    return "n" + std::to_string(below(30));  // so few that some are taken
}

ToolText RandomChanges::write_something() {
    std::string bytes = random_bytes(m_random);
    if (m_files.empty() || below(3) == 0)
        return write_file(at(in_some_folder(new_name())), bytes, Replacing::AnyFile, m_tools);
    const std::string file = m_files[below(m_files.size())];
    if (below(6) == 0) bytes = bytes_of(m_folder.path() + "/" + file);  // the same again
    return write_file(at(file), bytes, Replacing::AnyFile, m_tools);
}

ToolText RandomChanges::move_something() {
    std::vector<std::string> things = m_files;
    things.insert(things.end(), m_folders.begin() + 1, m_folders.end());
    if (below(10) == 0) things = m_links;
    if (things.empty()) return {};
    const std::string from = things[below(things.size())];
    const std::string own_name = from.substr(from.rfind('/') + 1);
    return move(at(from), at(in_some_folder(below(3) == 0 ? own_name : new_name())), m_tools);
}

std::vector<ChangeId> RandomChanges::make_one() {
    look();
    switch (below(5)) {
        case 0: {
            const std::string deep = below(3) == 0 ? new_name() + "/" + new_name() : new_name();
            return make_folder(at(in_some_folder(deep)), m_tools).changes;
        }
        case 1:
        case 2:
            return write_something().changes;
        default:
            return move_something().changes;
    }
}

}  // namespace lares::test
