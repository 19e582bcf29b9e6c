#include "engine/base/core_count.h"

#include <algorithm>
#include <cstdio>
#include <set>
#include <string>
#include <thread>
#include <utility>

#if defined(__linux__)
#include <sched.h>
#endif

namespace lares {
namespace {

#if defined(__linux__)
int read_topology(int cpu, const char* file) {
    const std::string path =
        "/sys/devices/system/cpu/cpu" + std::to_string(cpu) + "/topology/" + file;
    std::FILE* in = std::fopen(path.c_str(), "r");
    if (!in) return -1;
    int value = -1;
    if (std::fscanf(in, "%d", &value) != 1) value = -1;
    std::fclose(in);
    return value;
}
#endif

}  // namespace

int physical_core_count() {
#if defined(__linux__)
    cpu_set_t allowed;
    CPU_ZERO(&allowed);
    if (sched_getaffinity(0, sizeof(allowed), &allowed) == 0) {
        std::set<std::pair<int, int>> cores;
        int unknown = 0;
        for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
            if (!CPU_ISSET(cpu, &allowed)) continue;
            const int core = read_topology(cpu, "core_id");
            if (core < 0)
                ++unknown;
            else
                cores.emplace(read_topology(cpu, "physical_package_id"), core);
        }
        return std::max(1, static_cast<int>(cores.size()) + unknown);
    }
#endif
    return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

}  // namespace lares
