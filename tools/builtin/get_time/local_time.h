#pragma once

namespace lares {

/// A moment as a clock on the wall and a calendar show it.
struct LocalTime {
    int year = 1970;
    int month = 1;    ///< 1 to 12
    int day = 1;      ///< 1 to 31
    int weekday = 4;  ///< 0 is Sunday
    int hour = 0;
    int minute = 0;
};

/// Now, in the time zone of the system or of the variable TZ. Thread safe.
[[nodiscard]] LocalTime system_local_time();

}  // namespace lares
