#include "app/cli/machine_probe.h"

#include <charconv>
#include <fstream>
#include <string_view>

namespace lares::cli {
namespace {

/// What stands behind the first line of `path` that begins with `name`, after the colon; empty
/// where there is none.
std::string lineOf(const char* path, std::string_view name) {
    std::ifstream file(path);
    std::string line;
    while (std::getline(file, line)) {
        if (!line.starts_with(name)) continue;
        const std::size_t value = line.find_first_not_of(" \t", line.find(':') + 1);
        if (value != std::string::npos) return line.substr(value);
    }
    return {};
}

}  // namespace

// Not ru_maxrss of getrusage: it begins with what the program had in memory that started this one.
std::uint64_t peakResidentBytes() {
    const std::string kilobytes = lineOf("/proc/self/status", "VmHWM");
    std::uint64_t value = 0;
    std::from_chars(kilobytes.data(), kilobytes.data() + kilobytes.size(), value);
    return value * 1024;
}

std::string cpuName() {
    const std::string name = lineOf("/proc/cpuinfo", "model name");
    return name.empty() ? "unknown" : name;
}

}  // namespace lares::cli
