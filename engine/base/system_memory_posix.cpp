#include "engine/base/system_memory.h"

#include <algorithm>
#include <cstdio>
#if defined(__GLIBC__)
#include <malloc.h>
#endif

namespace lares {
namespace {

/// A file that holds one number; nothing for "max" or no file.
std::optional<std::size_t> read_number(const char* path) {
    std::FILE* file = std::fopen(path, "r");
    if (!file) return std::nullopt;
    unsigned long long value = 0;
    const bool is_number = std::fscanf(file, "%llu", &value) == 1;
    std::fclose(file);
    if (!is_number) return std::nullopt;
    return static_cast<std::size_t>(value);
}

std::optional<std::size_t> mem_available() {
    std::FILE* file = std::fopen("/proc/meminfo", "r");
    if (!file) return std::nullopt;
    std::optional<std::size_t> found;
    char line[256];
    while (!found && std::fgets(line, sizeof(line), file)) {
        unsigned long long kib = 0;
        if (std::sscanf(line, "MemAvailable: %llu kB", &kib) == 1)
            found = static_cast<std::size_t>(kib) * 1024;
    }
    std::fclose(file);
    return found;
}

/// Control groups version 2, as a container sees its own. Page cache counts as used there, so this
/// is only a lower bound; the reclaimable part of it is given back.
std::optional<std::size_t> left_in_group() {
    const auto limit = read_number("/sys/fs/cgroup/memory.max");
    const auto used = read_number("/sys/fs/cgroup/memory.current");
    if (!limit || !used) return std::nullopt;
    std::size_t reclaimable = 0;
    if (std::FILE* file = std::fopen("/sys/fs/cgroup/memory.stat", "r")) {
        char line[256];
        while (std::fgets(line, sizeof(line), file)) {
            unsigned long long bytes = 0;
            if (std::sscanf(line, "inactive_file %llu", &bytes) == 1 ||
                std::sscanf(line, "active_file %llu", &bytes) == 1)
                reclaimable += static_cast<std::size_t>(bytes);
        }
        std::fclose(file);
    }
    const std::size_t held = *used - std::min(*used, reclaimable);
    return *limit - std::min(*limit, held);
}

}  // namespace

std::optional<std::size_t> available_memory_bytes() {
    const auto system = mem_available();
    const auto group = left_in_group();
    if (system && group) return std::min(*system, *group);
    return system ? system : group;
}

void return_freed_memory() {
#if defined(__GLIBC__)
    ::malloc_trim(0);
#endif
}

}  // namespace lares
