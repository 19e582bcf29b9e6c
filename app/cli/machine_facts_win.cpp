#include "app/cli/machine_probe.h"
#include "engine/base/wide_text.h"

#include <array>
#include <windows.h>
// After windows.h, whose types it needs.
#include <psapi.h>

namespace lares::cli {

std::uint64_t peakResidentBytes() {
    PROCESS_MEMORY_COUNTERS counters{};
    if (!::GetProcessMemoryInfo(::GetCurrentProcess(), &counters, sizeof counters)) return 0;
    return counters.PeakWorkingSetSize;
}

std::string cpuName() {
    std::array<wchar_t, 128> name{};
    DWORD size = sizeof name;  // bytes
    const LSTATUS status =
        ::RegGetValueW(HKEY_LOCAL_MACHINE, L"HARDWARE\\DESCRIPTION\\System\\CentralProcessor\\0",
                       L"ProcessorNameString", RRF_RT_REG_SZ, nullptr, name.data(), &size);
    return status == ERROR_SUCCESS ? utf8_from_wide(name.data()) : "unknown";
}

}  // namespace lares::cli
