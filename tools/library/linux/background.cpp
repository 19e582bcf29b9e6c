#include "tools/library/background.h"

#include <sys/resource.h>

namespace lares {

void stay_in_background() {
    constexpr int kBackgroundNice = 15;
    // Of this thread alone, on Linux; the disk's scheduler goes by the same number.
    ::setpriority(PRIO_PROCESS, 0, kBackgroundNice);
}

}  // namespace lares
