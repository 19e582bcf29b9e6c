#pragma once

#include <cstdint>

namespace lares::test {

/// What SQLite asked of the system since the last `take_io_counts`.
struct IoCounts {
    std::int64_t n_sync = 0;
    std::int64_t n_write = 0;
    std::int64_t written_bytes = 0;
    std::int64_t n_read = 0;
};

/// From now on every database that is opened counts. Once per process, before the first one.
void install_counting_vfs();
[[nodiscard]] IoCounts take_io_counts();

}  // namespace lares::test
