#include "tools/builtin/get_time/local_time.h"

#include <ctime>

namespace lares {

LocalTime system_local_time() {
    const std::time_t now = std::time(nullptr);
    std::tm parts{};
#ifdef _WIN32
    if (localtime_s(&parts, &now) != 0) return {};
#else
    if (!localtime_r(&now, &parts)) return {};
#endif
    return {parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday,
            parts.tm_wday,        parts.tm_hour,    parts.tm_min};
}

}  // namespace lares
