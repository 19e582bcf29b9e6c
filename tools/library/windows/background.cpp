#include "tools/library/background.h"

#include <windows.h>

namespace lares {

void stay_in_background() {
    ::SetThreadPriority(::GetCurrentThread(), THREAD_MODE_BACKGROUND_BEGIN);
}

}  // namespace lares
