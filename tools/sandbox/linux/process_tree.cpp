#include "tools/sandbox/linux/process_tree.h"

#include "tools/sandbox/native_handle.h"

#include <array>
#include <charconv>
#include <dirent.h>
#include <fcntl.h>
#include <memory>
#include <set>
#include <string_view>
#include <unistd.h>
#include <vector>

namespace lares {
namespace {

struct Process {
    pid_t number = 0;
    pid_t parent = 0;
    std::uint64_t resident_bytes = 0;
};

/// A small file of /proc, which gives it whole at once.
std::string text_of(const std::string& path) {
    const UniqueNativeHandle file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    std::array<char, 4096> block;
    const ssize_t n = file ? ::read(file.get(), block.data(), block.size()) : 0;
    return {block.data(), n > 0 ? static_cast<std::size_t>(n) : 0};
}

std::uint64_t number_in(std::string_view text) {
    std::uint64_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

/// Fields of /proc/N/stat after the program's name, which may hold anything: [0] is the third.
std::vector<std::string_view> fields_of(std::string_view stat) {
    std::vector<std::string_view> fields;
    const std::size_t name_end = stat.rfind(") ");
    if (name_end == std::string_view::npos) return fields;
    stat.remove_prefix(name_end + 2);
    while (!stat.empty()) {
        const std::size_t n = std::min(stat.find(' '), stat.size());
        fields.push_back(stat.substr(0, n));
        stat.remove_prefix(std::min(n + 1, stat.size()));
    }
    return fields;
}

std::string stat_of(std::string_view number) {
    return text_of("/proc/" + std::string(number) + "/stat");
}

std::vector<Process> all_processes() {
    static const auto kPageBytes = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
    std::vector<Process> all;
    const std::unique_ptr<DIR, int (*)(DIR*)> folder(::opendir("/proc"), ::closedir);
    while (const dirent* entry = folder ? ::readdir(folder.get()) : nullptr) {
        const std::string_view name = entry->d_name;
        if (name[0] < '0' || name[0] > '9') continue;
        const std::string stat = stat_of(name);
        const auto fields = fields_of(stat);
        if (fields.size() < 22) continue;
        all.push_back({static_cast<pid_t>(number_in(name)),
                       static_cast<pid_t>(number_in(fields[1])),
                       number_in(fields[21]) * kPageBytes});
    }
    return all;
}

std::uint64_t written_by(pid_t process) {
    constexpr std::string_view kField = "\nwrite_bytes: ";
    const std::string io = text_of("/proc/" + std::to_string(process) + "/io");
    const std::size_t at = io.find(kField);
    if (at == std::string::npos) return 0;
    return number_in(std::string_view(io).substr(at + kField.size()));
}

}  // namespace

TreeUse use_of_tree(pid_t root) {
    const std::vector<Process> all = all_processes();
    std::set<pid_t> tree = {root};
    TreeUse use;
    // Numbers begin anew, so a child may stand before its parent: until nothing is added.
    for (std::size_t n_before = 0; n_before != tree.size();) {
        n_before = tree.size();
        for (const Process& one : all) {
            if (!tree.contains(one.parent) || !tree.insert(one.number).second) continue;
            ++use.n_process;
            use.resident_bytes += one.resident_bytes;
            use.written_bytes += written_by(one.number);
        }
    }
    return use;
}

std::uint64_t n_thread_of_system() {
    // "0.20 0.18 0.12 1/80 11206"
    const std::string load = text_of("/proc/loadavg");
    const std::size_t at = load.find('/');
    return at == std::string::npos ? 0 : number_in(std::string_view(load).substr(at + 1));
}

pid_t parent_of(pid_t process) {
    const std::string stat = stat_of(std::to_string(process));
    const auto fields = fields_of(stat);
    return fields.size() < 2 ? 0 : static_cast<pid_t>(number_in(fields[1]));
}

std::string start_of(pid_t process) {
    const std::string stat = stat_of(std::to_string(process));
    const auto fields = fields_of(stat);
    return fields.size() < 20 ? std::string() : std::string(fields[19]);
}

}  // namespace lares
