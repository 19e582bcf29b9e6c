#pragma once

namespace lares {

/// From now on this thread, and the threads and processes that it starts, come after everybody else
/// who wants the processor and, where the system has that, the disk. There is no way back. Best
/// effort.
void stay_in_background();

}  // namespace lares
