#include "engine/base/core_count.h"

#include <algorithm>
#include <cstddef>
#include <thread>
#include <vector>
#include <windows.h>

namespace lares {
namespace {

/// One record for each physical core, of varying size; empty when the system does not say.
std::vector<std::byte> core_records() {
    DWORD size = 0;
    ::GetLogicalProcessorInformationEx(RelationProcessorCore, nullptr, &size);
    std::vector<std::byte> records(size);
    auto* first = reinterpret_cast<SYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX*>(records.data());
    if (size == 0 || !::GetLogicalProcessorInformationEx(RelationProcessorCore, first, &size))
        return {};
    return records;
}

/// Which logical processors this process may run on; only of a machine with at most 64 of them,
/// since a process that spans groups has no single mask.
KAFFINITY allowed_processors() {
    DWORD_PTR process = 0;
    DWORD_PTR system = 0;
    if (!::GetProcessAffinityMask(::GetCurrentProcess(), &process, &system) || process == 0)
        return ~KAFFINITY{0};
    return process;
}

}  // namespace

int physical_core_count() {
    const std::vector<std::byte> records = core_records();
    const KAFFINITY allowed =
        ::GetActiveProcessorGroupCount() == 1 ? allowed_processors() : ~KAFFINITY{0};
    int n_cores = 0;
    for (std::size_t at = 0; at < records.size();) {
        const auto* core =
            reinterpret_cast<const SYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX*>(&records[at]);
        if ((core->Processor.GroupMask[0].Mask & allowed) != 0) ++n_cores;
        at += core->Size;
    }
    if (n_cores > 0) return n_cores;
    return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

}  // namespace lares
